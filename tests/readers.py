"""What tests of the readers' pages share: addresses, bare requests, and looks behind the pages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import cast
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import httpx

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.served import all_gone, way_to
from widget import ids
from widget.app import build_app
from widget.comments import store
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.db.sqlite import WAITING
from widget.moderation.deciding import Decision, Outcome, Wish, decide
from widget.people.person import Moderator, Role
from widget.sites import store as sites
from widget.sites.site import Site
from widget.wiring import AppState

WAITS = "Waiting for review"
"""What the author of a held comment reads."""

WILL_WAIT = "before others see it"
"""What stands below a form whose comment will be held."""

HAVE_IT = "We already have this comment"
"""What stands above the form after an equal post."""

BY_COOKIE = "by a cookie"
"""What stands in the form of somebody whom his cookie proves."""

FORM = {"content-type": "application/x-www-form-urlencoded"}


def frame(slug: str = "partner", page: str = "/a", **query: str) -> str:
    """The address of a partner's frame."""
    return f"/embed/{slug}?{urlencode({'url': f'https://{slug}.example{page}', **query})}"


def alone(slug: str = "partner", page: str = "/a", **query: str) -> str:
    """The address of the same thread on its own page."""
    return f"/thread/{slug}?{urlencode({'url': f'https://{slug}.example{page}', **query})}"


@contextlib.asynccontextmanager
async def bare(app: App, address: str = "203.0.113.7") -> AsyncIterator[httpx.AsyncClient]:
    """A client that follows nothing, adds nothing, and gets a page even where the program fails."""
    transport = way_to(app, address, raising=False)
    async with httpx.AsyncClient(transport=transport, base_url=app.settings.base_url) as client:
        client.headers.clear()
        yield client


async def write(browser: Browser, body: str, *, at: str = "", **fields: str | bool) -> Page:
    """Open a thread and post."""
    return await (await browser.open(at or frame())).form("write").press(body=body, **fields)


@contextlib.asynccontextmanager
async def another_process(app: App, **changed: object) -> AsyncIterator[App]:
    """The same program a second time on the same database, perhaps with other settings."""
    settings = app.settings.model_copy(update=changed)
    starlette = build_app(settings)
    async with starlette.router.lifespan_context(starlette) as state:
        assert state is not None
        yield App(settings, cast("AppState", state), starlette)
        await all_gone()


def mine(page: Page) -> str:
    """The address of the author's own page, as his view of the thread gives it."""
    return page.link("private link").href


def all_of(page: Page, tag: str, class_: str = "") -> list[Element]:
    """The elements of a tag, and of a class where one is named."""
    return [one for one in page.tree.iter(tag) if not class_ or class_ in one.get("class", "").split()]


def marked(page: Page, class_: str) -> list[Element]:
    """The elements of a class, whatever their tag."""
    return [one for one in page.tree.iter() if class_ in one.get("class", "").split()]


def fault_of(page: Page, field: str) -> str:
    """What stands beside a field that is at fault; nothing where it is not."""
    at_fault = [one for one in page.tree.iter() if one.get("name") == field and one.get("aria-invalid") == "true"]
    return text_of(page.find(at_fault[0].get("aria-describedby", ""))) if at_fault else ""


def words(page: Page) -> list[str]:
    """The texts of the comments on a page, in their order."""
    return [text_of(one) for one in all_of(page, "div", "words")]


def places(page: Page) -> list[str]:
    """The ids of the comments' places on a page, in their order."""
    return [one.get("id", "") for one in all_of(page, "li", "comment") if one.get("id")]


async def stored(db: Db, site: Site) -> list[Comment]:
    """All comments of a site in whatever state, the oldest first."""
    rows = await db.rows(f"select {store.COLUMNS} from comment where site_id = :site order by id", site=site.id)
    return [store.comment_of(row) for row in rows]


async def checks_of(db: Db, comment: Comment) -> str:
    """What the checks have noted of a comment."""
    row = await db.row(
        "select verdict from comment where site_id = :site and id = :id", site=comment.site_id, id=comment.id
    )
    return str(row["verdict"]) if row else ""


async def moderate(db: Db, comment: Comment, decision: Decision, *, now: int) -> Outcome:
    """Let somebody decide on a comment as it stands."""
    judge = Moderator(1, "judge@example.org", "Judge", {comment.site_id: Role.MODERATOR})
    return await decide(db, judge, [Wish(comment.id, comment.state, comment.revision)], decision, "", now=now)


async def approve(db: Db, site: Site, *, now: int) -> None:
    """Let everything that waits be approved."""
    for comment in await stored(db, site):
        if comment.state is State.PENDING:
            assert (await moderate(db, comment, Decision.APPROVE, now=now)).done == (comment.id,)


async def resettle(db: Db, site: Site) -> None:
    """Keep a site as it is now, with its rules and origins."""
    async with db.transaction() as tx:
        await sites.save(tx, site)


def key(comment: Comment) -> str:
    """A comment's id as it stands in addresses."""
    return ids.encode(comment.id)


TABLES = (
    *("site", "site_secret", "thread", "thread_alias", "person", "comment", "comment_place", "comment_revision"),
    *("post_key", "moderator", "membership", "moderator_session", "log_entry", "log_head", "bucket"),
    *("moderator_preference", "invite", "moderator_totp", "moderator_recovery"),
    *("report", "illegal_notice", "appeal", "report_ignored"),
    *("thread_move", "thread_move_root"),
    "privacy_request",
)


async def everything(db: Db) -> dict[str, list[str]]:
    """All rows of all tables."""
    return {table: sorted(map(repr, map(dict, await db.rows(f"select * from {table}")))) for table in TABLES}


@contextlib.asynccontextmanager
async def unwritable(app: App) -> AsyncIterator[None]:
    """While this lasts the database can be read and keeps no comment: too many wait to write, or its disk is full."""
    async with (_full_queue if app.state["db"].name == "sqlite" else _full_disk)(app.state["db"]):
        yield


@contextlib.asynccontextmanager
async def _full_queue(db: Db) -> AsyncIterator[None]:
    go_on = asyncio.Event()

    async def wait() -> None:
        async with db.transaction():
            await go_on.wait()

    waiting = [asyncio.create_task(wait())]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(wait()) for _ in range(WAITING)]
    await asyncio.sleep(0.01)
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(*waiting)


@contextlib.asynccontextmanager
async def _full_disk(db: Db) -> AsyncIterator[None]:
    async with db.transaction() as tx:
        await tx.run_script(_DISK_FULL)
    yield
    async with db.transaction() as tx:
        await tx.run_script("drop trigger full_disk on comment")


_DISK_FULL = """
create function no_room() returns trigger language plpgsql as
  'begin raise exception ''could not extend file: No space left on device'' using errcode = ''53100''; end';
create trigger full_disk before insert or update on comment for each row execute function no_room();
"""


def sections(policy: str) -> Iterator[tuple[str, str]]:
    """The directives of a Content-Security-Policy."""
    for part in policy.split("; "):
        name, _, value = part.partition(" ")
        yield name, value
