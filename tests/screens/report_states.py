"""The pages of reports, notices, statements and appeals, each as somebody comes to it; states.py has the others."""

from collections.abc import Callable

from tests.readers import moderate
from tests.screens.scenes import CAREFUL, OPEN, Asked, within
from tests.screens.states import Visit, private
from widget import clock, ids
from widget.comments import store as comments
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.moderation.deciding import Decision
from widget.moderation.undoing import undo
from widget.people.person import Moderator, Role
from widget.reports.appealing import appeal
from widget.reports.forms import Draft
from widget.reports.report import Reason, Reporter
from widget.reports.reporting import Form, give_notice, report_comment
from widget.reports.statement import standing_of
from widget.sites import store as sites
from widget.sites.keys import Keys

WORDS = "It says that I stole a tortoise, and I did not."


def form(visit: Visit) -> None:
    """The short form."""
    visit.open(f"/comments/{visit.written(Asked(1))[0]}/report")


def faults(visit: Visit) -> None:
    """Nothing is chosen, and the text is too long."""
    form(visit)
    visit.page.fill("#ta", "word " * 250)
    visit.page.click("#report button")
    visit.page.wait_for_selector("#reason-spam-fault")


def arrived(visit: Visit) -> None:
    """What happens next."""
    form(visit)
    visit.page.check("#reason-spam")
    visit.page.click("#report button")
    visit.page.wait_for_selector("[role=status]")


def notice_faults(visit: Visit) -> None:
    """The long form, sent empty."""
    visit.open(f"/comments/{visit.written(Asked(1))[0]}/report?illegal=1")
    visit.page.fill("#ta", " ")
    visit.page.click("#report button")
    visit.page.wait_for_selector("#ta-fault")


def receipt(visit: Visit) -> None:
    """A notice that has arrived."""
    visit.open(f"/comments/{visit.written(Asked(1))[0]}/report?illegal=1")
    visit.page.fill("#ta", WORDS)
    visit.page.check("#exempt")
    visit.page.check("#good_faith")
    visit.page.click("#report button")
    visit.page.wait_for_selector(".facts")


def statement(visit: Visit) -> None:
    """Why a comment isn't published, and the form to appeal with."""
    _rejected(visit)
    visit.open(str(visit.page.get_attribute(".private", "href")))


def called_spam(visit: Visit) -> None:
    """The author's view of the thread after a moderator has called his comment spam."""
    _rejected(visit, Decision.SPAM)
    visit.page.reload()
    visit.page.wait_for_selector("#notice")


def taken_back(visit: Visit) -> None:
    """An appeal against a decision that was taken back."""
    comment = _rejected(visit)

    async def take_back(db: Db) -> None:
        await _appeal(db, comment)
        row = await db.row("select max(batch) as batch from log_entry where comment_id = :id", id=comment.id)
        judge = Moderator(1, "", "Judge", {comment.site_id: Role.MODERATOR})
        await undo(db, judge, row["batch"] if row else 0, now=clock.now())

    within(visit.product, take_back)
    visit.open(str(visit.page.get_attribute(".private", "href")))


def appealed(visit: Visit) -> None:
    """An appeal that has been answered."""
    comment = _rejected(visit)

    async def answer(db: Db) -> None:
        rejected = await _appeal(db, comment)
        await moderate(db, rejected, Decision.REJECT, now=clock.now())

    within(visit.product, answer)
    visit.open(str(visit.page.get_attribute(".private", "href")))


def reported_comment(visit: Visit) -> None:
    """A comment's page with all that can be said about it."""
    key = _told(visit)
    visit.signed_in()
    visit.open(f"/admin/comment/{key}")


def reported_row(visit: Visit) -> None:
    """The same in the queue."""
    _told(visit)
    visit.signed_in()
    visit.open("/admin/queue?reason=reported")


async def _appeal(db: Db, comment: Comment) -> Comment:
    """Let its author appeal; the comment as it stands."""
    rejected = await comments.one(db, comment.site_id, comment.id)
    assert rejected
    found = (await standing_of(db, rejected)).statement
    assert found
    await appeal(db, rejected, found.decision_id, WORDS, now=clock.now())
    return rejected


def _rejected(visit: Visit, decision: Decision = Decision.REJECT) -> Comment:
    private(visit)

    async def reject(db: Db) -> Comment:
        site = await sites.by_slug(db, CAREFUL)
        assert site
        row = await db.row("select max(id) as id from comment where site_id = :id", id=site.id)
        written = await comments.one(db, site.id, row["id"] if row else 0)
        assert written
        await moderate(db, written, decision, now=clock.now())
        return written

    return within(visit.product, reject)


def _told(visit: Visit) -> str:
    key = visit.written(Asked(1, state=State.APPROVED))[0]

    async def tell(db: Db) -> None:
        site = await sites.by_slug(db, OPEN)
        comment = await comments.one(db, site.id, ids.decode(key) or 0) if site else None
        assert site
        assert comment
        now = clock.now()
        for number, reason in enumerate((Reason.SPAM, Reason.OTHER)):
            reader = Reporter(f"{number}", None)
            await report_comment(db, site, comment, reader, Draft(reason=reason, body=WORDS), now=now)
        sent = Draft(body=WORDS, name="Ruth", email="ruth@mail.example", good_faith=True)
        form = Form(comment.id, "nonce")
        await give_notice(db, Keys([b"k" * 32]), site, comment, Reporter("0", None), form, sent, now=now)

    within(visit.product, tell)
    return key


REPORT_STATES: dict[str, Callable[[Visit], None]] = {
    "report": form,
    "report-faults": faults,
    "report-arrived": arrived,
    "notice-faults": notice_faults,
    "notice-receipt": receipt,
    "statement": statement,
    "called-spam": called_spam,
    "appeal-undone": taken_back,
    "appealed": appealed,
    "reported-comment": reported_comment,
    "reported-row": reported_row,
}
