"""Undoing an import while readers write: no reply is left without what it answers."""

import asyncio
from typing import Any

import pytest

from tests.browser import Browser, Page
from tests.conftest import App
from tests.readers import frame, stored
from tests.threads.recount import wrong_numbers
from tests.transfer.test_admin_import import imported, settled
from tests.transfer.uploads import app, owner, site
from widget import ids
from widget.comments.weighing import weigh
from widget.sites.site import Site
from widget.spam.verdict import Verdict

__all__ = ["app", "owner", "site"]
pytestmark = pytest.mark.anyio


async def test_a_reply_that_is_being_written_holds_what_it_answers(
    app: App, site: Site, owner: Browser, reader: Browser, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parent has been looked at and it isn't in the table yet, when the undo comes to it."""
    if engine == "sqlite":
        pytest.skip("one writer: nothing comes between the two")
    db = app.state["db"]
    ask = await (await imported(owner, site)).link("Undo this import").click()
    answered = next(one for one in await stored(db, site) if one.body == "Comment 3")
    form = (await reader.open(frame(page="/article-1", reply=ids.encode(answered.id)))).form("reply")
    undone: list[Page] = []

    async def slow(*args: Any) -> Verdict:
        undone.append(await ask.form("undo").press())
        await asyncio.sleep(1)
        return await weigh(*args)

    monkeypatch.setattr("widget.comments.posting.weigh", slow)
    await form.press(body="An answer.")
    monkeypatch.undo()
    assert undone
    await settled(await owner.open(undone[0].path))
    left = {one.body: one for one in await stored(db, site)}
    assert set(left) == {"An answer.", "Comment 3"}
    assert left["An answer."].parent_id == left["Comment 3"].id
    assert await wrong_numbers(db, site) == []
