"""A reader reports a comment, or gives notice that it is illegal. Enough different readers hold it for a moderator."""

from dataclasses import dataclass

from widget import ids
from widget.comments import store as comments
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import Db, Tx
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.people import ownership
from widget.reports import store, store_notices
from widget.reports.forms import Draft
from widget.reports.report import (
    REPORTER_KEPT,
    SENDER_KEPT,
    Ground,
    IllegalNotice,
    Outcome,
    Reason,
    Report,
    Reporter,
)
from widget.sites.keys import Keys
from widget.sites.site import Site
from widget.spam.verdict import Finding, with_finding
from widget.threads import store as threads

REPORTABLE = (State.APPROVED, State.PENDING)
"""What can be reported: what is seen, and what has just been held while somebody was writing his report."""

REPORTED = "reported"
APPEALED = "appeal"
"""Reasons beside those of the checks: names in the verdict, and the first one in the log of what readers have held."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a report came with: which comment it showed and its own nonce."""

    comment_id: int
    nonce: str


async def report_comment(db: Db, site: Site, comment: Comment, reporter: Reporter, draft: Draft, *, now: int) -> None:
    """Keep a reader's report and hold the comment where it is one too many. The same report twice is one.

    Raises NotFound where there is nothing left to report.
    """
    async with db.transaction() as tx:
        await _report(tx, site, comment, reporter, draft, draft.reason or Reason.OTHER, now)
        await _forget(tx, site.id, now)


def private_link(keys: Keys, form: Form, draft: Draft) -> str:
    """The private part of the page on which a notice can be followed: the same for equal notices of one form."""
    mac = keys.mac("notice.v1", form.comment_id, form.nonce, draft.name, draft.email, draft.body)
    return ownership.link_of(form.comment_id, mac)


async def give_notice(
    db: Db, keys: Keys, site: Site, comment: Comment, reporter: Reporter, form: Form, draft: Draft, *, now: int
) -> str:
    """Keep a notice of illegal content; its private link. It counts as a report, too. Raises NotFound."""
    private = private_link(keys, form, draft)
    read = ownership.read_private(private)
    assert read is not None
    notice = IllegalNotice(
        id=ids.new_id(now),
        comment_id=comment.id,
        body=draft.body,
        sender_name=draft.name,
        sender_email=draft.email,
        exempt=draft.exempt,
        created_at=now,
        settled_at=None,
        outcome=Outcome.OPEN,
        ground=Ground.NONE,
        answer="",
    )
    async with db.transaction() as tx:
        present = await _present(tx, comment)
        added = await store_notices.add_notice(tx, site.id, notice, private_hash=read[1], revision=present.revision)
        if added:
            await _report(tx, site, comment, reporter, draft, Reason.ILLEGAL, now)
            await store_writes.let_wait(tx, site.id, comment.id)
            await _forget(tx, site.id, now)
    return private


async def _present(tx: Tx, comment: Comment) -> Comment:
    """The comment as it is now, its thread locked. Raises NotFound where there is nothing left to report."""
    await threads.bump(tx, comment.site_id, comment.thread_id)
    present = await comments.one(tx, comment.site_id, comment.id)
    if present is None or present.state not in REPORTABLE:
        raise NotFound
    return present


async def _report(
    tx: Tx, site: Site, comment: Comment, reporter: Reporter, draft: Draft, reason: Reason, now: int
) -> None:
    present = await _present(tx, comment)
    before = await store.open_by(tx, site.id, comment.id, reporter)
    body = "" if reason is Reason.ILLEGAL else draft.body
    if any((one.reason, one.body) == (reason, body) for one in before):
        return
    ignored = await store.is_ignored(tx, site.id, comment.id)
    counts = not draft.trap and not any(one.counts for one in before)
    report = Report(ids.new_id(now), comment.id, reason, body, counts, now)
    outcome = Outcome.IGNORED if ignored else Outcome.OPEN
    await store.add_report(tx, site.id, report, reporter, revision=present.revision, outcome=outcome)
    if ignored or draft.trap:
        return
    readers = await store.readers_of(tx, site.id, comment.id)
    await bring_up(tx, present, Finding(REPORTED, readers, str(readers)))
    if present.is_approved and 0 < site.rules.report_hold <= readers:
        await _hold(tx, present, readers, now)


async def bring_up(tx: Tx, comment: Comment, finding: Finding) -> None:
    """Bring a comment before the moderators, with this among the reasons that they see and filter by."""
    verdict = await comments.verdict_of(tx, comment.site_id, comment.id)
    await store_writes.keep_verdict(tx, comment, with_finding(verdict, finding))
    await store_writes.let_wait(tx, comment.site_id, comment.id)


async def _hold(tx: Tx, comment: Comment, readers: int, now: int) -> None:
    """Nobody sees it until a moderator has read it."""
    if await store_writes.change_state(tx, comment, State.PENDING) is None:
        return
    await record(
        tx,
        comment.site_id,
        None,
        "hold",
        now=now,
        comment_id=comment.id,
        thread_id=comment.thread_id,
        person_id=comment.person_id,
        before=comment.state,
        after=State.PENDING,
        reason=REPORTED,
        facts={"readers": readers},
    )


async def _forget(tx: Tx, site_id: int, now: int) -> None:
    await store.forget_old_reporters(tx, site_id, reported_before=now - REPORTER_KEPT, settled_before=now - SENDER_KEPT)
