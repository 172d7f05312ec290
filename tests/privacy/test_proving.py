"""An address is proved by a mailed link before anything stored with it is shown or erased (C72, C75, C154)."""

import asyncio
import json
import re
import time
from collections.abc import Iterator

import pytest

from tests.browser import Browser, Page
from tests.conftest import App, StoppedClock
from tests.mail.relay import Kept, a_relay, a_silent_relay
from tests.privacy.test_erasing import traces
from tests.readers import another_process, everything, stored
from tests.scene import a_comment, a_site
from widget.clock import HOUR
from widget.comments.comment import State
from widget.db.engine import Db
from widget.settings import Settings
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

ASK = "/privacy/partner"
LINK = re.compile(r"https://comments\.example(/privacy/partner/mail/[a-z2-7]{26})\n")


@pytest.fixture
def relay() -> Iterator[tuple[Kept, str]]:
    """A mail server."""
    with a_relay() as found:
        yield found


@pytest.fixture
def settings(db_url: str, relay: tuple[Kept, str]) -> Settings:
    """The settings of a server that sends mail."""
    return Settings(
        database_url=db_url,
        secret_keys=("k" * 40,),
        base_url="https://comments.example",
        smtp_url=relay[1],
        mail_from="Comments <comments@example.org>",
    )


async def imported(db: Db, site: Site, body: str, email: str, **more: object) -> None:
    """A comment that an import has brought with its author's address."""
    comment = await a_comment(db, site, body, state=State.APPROVED, **more)  # type: ignore[arg-type]
    async with db.transaction() as tx:
        await tx.run(
            "update comment set author_email = :email, person_id = null where site_id = :site and id = :id",
            email=email,
            site=site.id,
            id=comment.id,
        )


async def ask(browser: Browser, email: str) -> Page:
    """Type an address."""
    return await (await browser.open(ASK)).form("ask").press(email=email)


async def all_done(app: App, now: int) -> None:
    """Every job that is due has been done, by us or by the worker that runs beside."""
    while await app.state["db"].rows("select id from job where done_at is null and due_at <= :now", now=now):
        await app.state["worker"].catch_up(now)
        await asyncio.sleep(0.01)


async def mailed(app: App, relay: tuple[Kept, str], now: int) -> list[str]:
    """The links in all mails that have been sent."""
    await all_done(app, now)
    texts = [str((one.get_payload(decode=True) or b"").decode()) for one in relay[0].mails]  # type: ignore[union-attr]
    return [LINK.search(text.replace("\r\n", "\n"))[1] for text in texts]  # type: ignore[index]


@pytest.mark.case("C72", "C151", "C152")
async def test_c151_c152_whoever_proves_an_address_sees_and_erases_what_is_stored_with_it(
    app: App, reader: Browser, site: Site, relay: tuple[Kept, str], stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    await imported(db, site, "Old words", "Ada@Example.org", name="Ada")
    await imported(db, site, "Not hers", "eve@example.org", name="Eve", now=stopped_clock.now + 1)
    await ask(reader, "ada@example.ORG")
    (link,) = await mailed(app, relay, stopped_clock.now)
    assert relay[0].mails[0]["to"] == "ada@example.org"
    before = await everything(db)
    for _ in range(3):  # C72: programs that follow links change nothing and see nothing
        page = await reader.open(link)
        assert "Old words" not in page.html
    assert await everything(db) == before
    kept = await page.form("open").press()
    assert "Old words" in kept.text
    assert "Not hers" not in kept.text
    got = json.loads((await kept.link("Download").click()).html)
    assert [one["text"] for one in got["comments"]] == ["Old words"]
    used = await (await reader.open(ASK)).browser.send("POST", link)
    assert used.status == 410
    assert "has been used" in used.text
    done = await (await kept.form("choose").press(how="all")).form("erase").press()
    assert "1 comment is gone" in done.text
    assert await traces(db, "ada@", "'ada'", "old words") == []  # "ada" alone may be part of a hash
    assert sorted(one.body for one in await stored(db, site)) == ["", "Not hers"]
    assert (await reader.open(kept.path)).status == 404


@pytest.mark.case("C154")
async def test_c154_the_answer_is_the_same_and_strangers_get_no_mail(
    app: App, reader: Browser, site: Site, relay: tuple[Kept, str], stopped_clock: StoppedClock
) -> None:
    await imported(app.state["db"], site, "Old words", "ada@example.org")
    answers = [
        await ask(app.browser(address=f"203.0.113.{n}"), who)
        for n, who in enumerate(("ada@example.org", "eve@x.example"))
    ]
    assert answers[0].status == answers[1].status == 200
    assert answers[0].text == answers[1].text
    assert len(await mailed(app, relay, stopped_clock.now)) == 1
    assert [one["to"] for one in relay[0].mails] == ["ada@example.org"]
    assert await traces(app.state["db"], "eve@x.example")  # for an hour, and no longer
    stopped_clock.forward(HOUR)
    await all_done(app, stopped_clock.now)
    assert await traces(app.state["db"], "eve@x.example") == []


@pytest.mark.case("C75")
async def test_c75_neither_the_queue_nor_the_link_holds_an_address(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await ask(reader, "ada@example.org")
    rows = await app.state["db"].rows("select payload from job")
    assert rows
    assert "ada" not in repr([dict(row) for row in rows])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # limits in a slow database may fall back to memory
async def test_nobody_is_buried_in_mails(
    app: App, reader: Browser, site: Site, relay: tuple[Kept, str], stopped_clock: StoppedClock
) -> None:
    await imported(app.state["db"], site, "Old words", "ada@example.org")
    for n in range(6):
        page = await ask(app.browser(address=f"198.51.{n}.1"), "ada@example.org")
        assert "on its way" in page.text
    assert len(await mailed(app, relay, stopped_clock.now)) == 3
    statuses = [(await ask(reader, f"a{n}@example.org")).status for n in range(6)]
    assert statuses == [200] * 5 + [429]


async def test_a_link_is_good_for_an_hour(
    app: App, reader: Browser, site: Site, relay: tuple[Kept, str], stopped_clock: StoppedClock
) -> None:
    await imported(app.state["db"], site, "Old words", "ada@example.org")
    await ask(reader, "ada@example.org")
    (link,) = await mailed(app, relay, stopped_clock.now)
    kept = await (await reader.open(link)).form("open").press()
    stopped_clock.forward(HOUR)
    assert (await reader.open(link)).status == 410
    assert (await reader.open(kept.path)).status == 404


@pytest.mark.case("C77")
@pytest.mark.parametrize(
    "typed", ["", "ada", "a@b.example\r\nBcc: c@d.example", "a b@c.example", "x" * 300 + "@a.example"]
)
async def test_what_is_no_address_comes_back(app: App, reader: Browser, site: Site, typed: str) -> None:
    page = await ask(reader, typed)
    assert page.status == 422
    assert page.has("email-fault")
    assert await app.state["db"].rows("select id from privacy_request") == []


@pytest.mark.case("C84")
async def test_c84_a_relay_that_hangs_holds_no_request_up(app: App, site: Site) -> None:
    with a_silent_relay() as url:
        async with another_process(app, smtp_url=url) as hung:
            browser, begun = hung.browser(), time.perf_counter()
            assert "on its way" in (await ask(browser, "ada@example.org")).text
            assert (await browser.open(ASK)).status == 200
            assert time.perf_counter() - begun < 5


async def test_without_mail_the_page_says_whom_to_ask(app: App) -> None:
    await a_site(app.state["db"], "quiet", contact="post@quiet.example")
    async with another_process(app, smtp_url="", mail_from="") as quiet:
        page = await quiet.browser().open("/privacy/quiet")
        assert "sends no mail" in page.text
        assert "post@quiet.example" in page.text
        assert not page.has_form("email")
