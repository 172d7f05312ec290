"""The pages of reports, notices, statements and appeals in other languages: no English left."""

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.house.messages import TRANSLATED
from tests.house.test_translated_pages import check
from tests.readers import frame, key, mine, moderate, stored, write
from tests.scene import NOW, a_comment
from widget.clock import DAY
from widget.comments.comment import State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("engine", ["sqlite"]),
    pytest.mark.parametrize("language", TRANSLATED),
]


async def test_reports_and_notices(
    app: App, site: Site, reader: Browser, moderator: Browser, stopped_clock: StoppedClock, language: str
) -> None:
    reader.language = moderator.language = language
    comment = await a_comment(app.state["db"], site, "1", state=State.APPROVED, name="Zoë")
    form = await reader.open(f"/comments/{key(comment)}/report")
    faults = await form.form("report").press(body="1" * 1_001)
    notice = await form.form("report").press(reason="illegal")
    seen = [form, faults, notice, await notice.form("report").press(body=" ", name="1" * 101, email="1")]
    receipt = await notice.form("report").press(body="1", name="Zoë", email="a@example.org", good_faith=True)
    seen += [receipt, await form.form("report").press(reason="spam", body="1")]
    seen += [await moderator.open(f"/admin/comment/{key(comment)}"), await moderator.open("/admin/queue")]
    stopped_clock.forward(2 * DAY)
    seen.append(await form.form("report").press(reason="spam", body="2"))
    await moderate(app.state["db"], comment, Decision.REJECT, now=stopped_clock.now)
    seen.append(await reader.open(receipt.path))
    for one in seen:
        check(one, language)
    assert [one.status for one in seen] == [200, 422, 200, 422, 200, 200, 200, 200, 409, 200]


async def test_statements_and_appeals(
    app: App, site: Site, reader: Browser, stopped_clock: StoppedClock, language: str
) -> None:
    reader.language = language
    db, own = app.state["db"], mine(await write(reader, "1", at=frame(lang="en")))
    seen = [await reader.open(own)]
    for decision in (Decision.REJECT, Decision.SPAM, Decision.DELETE):
        (comment,) = await stored(db, site)
        await moderate(db, comment, decision, now=NOW)
        seen.append(await reader.open(own))
    form = seen[-1].form("appeal-form")
    seen += [await form.press(body=" "), await form.press(body="1")]
    (comment,) = await stored(db, site)
    await moderate(db, comment, Decision.APPROVE, now=NOW)
    seen.append(await reader.open(own))
    for one in seen:
        check(one, language)
