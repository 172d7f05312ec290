"""What an author reads of his comment in his own view of the thread: what was decided, and where it says why."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.people.moderators import actions_of
from tests.readers import WAITS, frame, mine, moderate, stored, write
from tests.scene import a_site
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.moderation.deciding import Decision
from widget.moderation.undoing import undo
from widget.people.person import Moderator, Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def the_spam(db: Db, site: Site) -> Comment:
    """The one comment that is spam."""
    (found,) = [comment for comment in await stored(db, site) if comment.state is State.SPAM]
    return found


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision.SPAM, "Not published: a moderator has marked it as spam."),
        (Decision.REJECT, "A moderator has decided not to publish your comment."),
        (Decision.DELETE, "A moderator has removed your comment."),
    ],
)
async def test_nobody_is_told_to_wait_for_what_has_been_decided(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock, decision: Decision, words: str
) -> None:
    posted = await write(reader, "Hello")
    assert WAITS in posted.text
    (comment,) = await stored(app.state["db"], site)
    await moderate(app.state["db"], comment, decision, now=stopped_clock.now)
    page = await reader.open(posted.path)
    assert words in page.text
    assert "lets you appeal" in page.text
    assert WAITS not in page.text


async def test_what_only_checks_call_spam_waits_until_somebody_has_decided(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    """The frame tells what moderators decide and nothing of the checks: what they catch could be tried out there."""
    db, now = app.state["db"], stopped_clock.now
    site = await a_site(db, "strict", rule="first", spam_words=["pills"])
    posted = {body: await write(reader, body, at=frame("strict")) for body in ("Hello", "Cheap pills")}
    told = {text_of(page.find("notice")) for page in posted.values()}
    assert len(told) == 1, "what checks call spam reads as what is held"
    spam = posted["Cheap pills"]
    approved = await moderate(db, await the_spam(db, site), Decision.APPROVE, now=now)
    assert "Your comment is published." in (await reader.open(spam.path)).text
    assert approved.batch is not None
    await undo(db, Moderator(1, "", "", {site.id: Role.MODERATOR}), approved.batch, now=now)
    assert text_of((await reader.open(spam.path)).find("notice")) in told, "it stands as the checks left it"
    own = await reader.open(mine(spam))
    assert "it looks like advertising to the automatic checks" in own.text
    await own.form("appeal-form").press("Send the appeal", body="My aunt's pharmacy.")
    assert text_of((await reader.open(spam.path)).find("notice")) in told
    await moderate(db, await the_spam(db, site), Decision.SPAM, now=now)
    page = await reader.open(spam.path)
    assert "a moderator has marked it as spam" in page.text
    assert WAITS not in page.text


async def test_taking_back_is_an_entry_of_the_log(app: App, reader: Browser, site: Site) -> None:
    page = await reader.open(mine(await write(reader, "Hello")))
    for _ in range(2):
        await reader.send("POST", page.path, [("token", page.form("edit").values["token"]), ("action", "delete")])
    (comment,) = await stored(app.state["db"], site)
    assert comment.state is State.DELETED
    assert await actions_of(app, site) == ["withdraw"]
    view = await reader.open(frame(mine=page.path.removeprefix("/mine/")))
    assert "Your comment is deleted." in view.text
    assert "appeal" not in view.text
