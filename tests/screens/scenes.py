"""What a test on a real screen finds already there: sites without rate limits, a moderator, threads of any length."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.scene import a_comment, a_moderator
from tests.screens.engines import Engine, wait_for
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, ArticleServer, Product, add_site, snippet_for
from widget import clock, ids
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.demo.seeding import seed
from widget.people import moderators_store as moderators
from widget.people.signing_in import begin_session, session_cookie
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site

EMAILS = tuple(f"grace-{number}@example.org" for number in range(6))
"""Of the moderators, who are so many because nobody may sign in as often as the tests do."""
UNLIMITED = dict.fromkeys(("limit_post_address", "limit_post_hour", "limit_post_day", "limit_preview"), "off")
OPEN = "news"
"""The site that publishes at once, as the snippet calls it."""
CAREFUL = "careful"
"""The site that holds the comments of strangers."""
OLD = "old"
"""The site that closes its threads after a day."""
STRICT = "strict"
"""The site whose frames must be signed."""
RULES: dict[str, dict[str, object]] = {
    OPEN: {}, CAREFUL: {"rule": "first"}, OLD: {"close_after_days": 1}, STRICT: {"strict": True},
}  # fmt: skip
T = TypeVar("T")
_emails = itertools.cycle(EMAILS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A thread to be written: `replies` below each of `roots` comments, all of that state and age (milliseconds)."""

    roots: int
    replies: int = 0
    state: State = State.APPROVED
    age: int = 0
    words: str = "The new timetable is better, and the last tram is not."


def furnish(product: Product, origin: str) -> None:
    """Give a product that doesn't run yet its sites (none of them limits posting), the demonstration and moderators."""
    for slug in (CAREFUL, OLD, STRICT):
        add_site(product, [origin], slug)
    within(product, _set_rules)
    within(product, lambda db: seed(db, product.base_url, now=clock.now()))
    within(product, _add_moderators)


def written(product: Product, path: str, asked: Asked, slug: str = OPEN) -> list[str]:
    """Write comments below the article of that path; the keys of their addresses, each root before its replies."""
    return [ids.encode(comment.id) for comment in within(product, lambda db: _write(db, slug, path, asked))]


def clear_queue(product: Product) -> None:
    """Approve whatever waits, so that a test finds its own comments alone."""

    async def approve(db: Db) -> None:
        async with db.transaction() as tx:
            await tx.run("update comment set state = 'approved', waiting = 0 where waiting = 1")

    within(product, approve)


def next_email() -> str:
    """The address of a moderator who hasn't just signed in."""
    return next(_emails)


def session_cookie_of(product: Product, email: str) -> str:
    """The cookie of a new session: nobody may use the form as often as the tests of all pages would."""

    async def begin(db: Db) -> str:
        account = await moderators.account_of(db, email)
        assert account is not None
        now = clock.now()
        session = await begin_session(db, account, None, replacing=None, browser="Chromium", now=now)
        assert session is not None
        return session_cookie(Keys([product.key]), session, now)

    return within(product, begin)


def states_of(product: Product, keys: Sequence[str]) -> list[State]:
    """The states that these comments are in now."""

    async def read(db: Db) -> list[State]:
        wanted = [ids.decode(key) for key in keys]
        rows = {one: await db.row("select state from comment where id = :id", id=one) for one in wanted}
        return [State(row["state"]) for row in rows.values() if row]

    return within(product, read)


def published(article: ArticleServer, path: str, slug: str = OPEN, *, paragraphs: int = 3) -> str:
    """Publish an article with the snippet of that site below it; its address."""
    snippet = snippet_for(SNIPPET_WIDGET, SNIPPET_SITE + path).replace("/news?", f"/{slug}?")
    return article.publish(path, snippet, paragraphs=paragraphs)


def open_comments(engine: Engine, url: str) -> None:
    """Open an article and work in the frame below it."""
    engine.open(url)
    engine.in_frame("cw")
    wait_for(engine, ".foot")


def within(product: Product, work: Callable[[Db], Awaitable[T]]) -> T:
    """Work on the product's database, in a thread of its own because playwright holds this one's event loop."""

    async def run() -> T:
        db = await open_db(f"sqlite:///{product.folder}/comments.db")
        try:
            return await work(db)
        finally:
            await db.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


async def _set_rules(db: Db) -> None:
    for slug, changes in RULES.items():
        site = await _site(db, slug)
        async with db.transaction() as tx:
            await sites.save(tx, replace(site, rules=site.rules.model_copy(update={**changes, "limits": UNLIMITED})))


async def _add_moderators(db: Db) -> None:
    all_sites = [await _site(db, slug) for slug in RULES]
    for email in EMAILS:
        await a_moderator(db, email, "Grace", *all_sites)


async def _site(db: Db, slug: str) -> Site:
    site = await sites.by_slug(db, slug)
    assert site is not None, slug
    return site


async def _write(db: Db, slug: str, path: str, asked: Asked) -> list[Comment]:
    site = await _site(db, slug)
    now = clock.now() - asked.age - asked.roots * (asked.replies + 1)
    comments: list[Comment] = []
    for root_number in range(asked.roots):
        parent = None
        for number in range(asked.replies + 1):
            words = f"{asked.words} ({root_number + 1}, {number})"
            comment = await a_comment(
                db, site, words, state=asked.state, name="Bob", page=path, parent=parent, now=now + len(comments)
            )
            comments.append(comment)
            parent = parent or comment
    return comments
