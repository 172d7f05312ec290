"""What an author reads of his comment in his own view of the thread: what was decided, and where it says why."""

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.people.moderators import actions_of
from tests.readers import WAITS, frame, mine, moderate, stored, write
from widget.comments.comment import State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("decision", "words"),
    [
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
