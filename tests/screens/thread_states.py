"""What moderators do beyond deciding, page by page: threads, moves, marks, announcements."""

from collections.abc import Callable
from dataclasses import replace

from tests.screens.scenes import Asked, within
from tests.screens.servers import SNIPPET_SITE
from tests.screens.states import Visit
from widget.db.engine import Db


def owning(visit: Visit) -> None:
    """Signed in as somebody who owns the sites."""

    async def own(db: Db) -> None:
        async with db.transaction() as tx:
            await tx.run("update membership set role = 'owner'")

    within(visit.product, own)
    visit.signed_in()


def thread_of(visit: Visit, key: str) -> str:
    """The page of the thread that a comment stands in."""
    visit.open(f"/admin/comment/{key}/more")
    return str(visit.page.get_attribute(".row__where a", "href"))


def threads(visit: Visit) -> None:
    """The list of threads."""
    visit.written(Asked(2, 1))
    visit.signed_in()
    visit.open("/admin/threads?site=news")


def one_thread(visit: Visit) -> None:
    """A thread's own page, closed for a reason that was too long at first."""
    key = visit.written(Asked(2, 1))[0]
    visit.signed_in()
    visit.open(thread_of(visit, key))
    visit.page.fill("#close-reason", "Long. " * 60)
    visit.page.click("#close button")
    visit.page.wait_for_selector("#notice")


def moved_thread(visit: Visit) -> None:
    """A thread that has moved and can be moved back, closed and announced."""
    key = visit.written(Asked(2, 1))[0]
    visit.signed_in()
    at = thread_of(visit, key)
    for field, value, form in (
        ("close-reason", "The match is over.", "close"),
        ("announce-announcement", "The rules have [changed](https://news.example/rules).", "announce"),
        ("move-url", f"{SNIPPET_SITE}/moved{visit.path}", "move"),
    ):
        visit.open(at)
        visit.page.fill(f"#{field}", value)
        visit.page.click(f"#{form} button")
        visit.page.wait_for_selector("#notice")


def merging(visit: Visit) -> None:
    """Two threads that would become one."""
    key = visit.written(Asked(2, 1))[0]
    other = replace(visit, path=f"{visit.path}-again")
    other.written(Asked(1, 2))
    visit.signed_in()
    visit.open(thread_of(visit, key))
    visit.page.fill("#move-url", SNIPPET_SITE + other.path)
    visit.page.click("#move button")
    visit.page.wait_for_selector("#merge")


def more(visit: Visit) -> None:
    """What can be done with a comment beyond deciding: it is pinned and picked."""
    key = visit.written(Asked(2, 1))[0]
    visit.signed_in()
    for task in ("pin", "feature"):
        visit.open(f"/admin/comment/{key}/more")
        visit.page.click(f"#marks [value={task}]")
        visit.page.wait_for_selector("#notice")


def marked(visit: Visit) -> None:
    """A reader's thread with an announcement, a pinned and picked comment, a moderator's answer and an edited one."""
    first, second = visit.written(Asked(2, 0))
    visit.signed_in()
    for key, task in ((second, "pin"), (second, "feature")):
        visit.open(f"/admin/comment/{key}/more")
        visit.page.click(f"#marks [value={task}]")
        visit.page.wait_for_selector("#notice")
    visit.open(f"/admin/comment/{first}/more")
    visit.page.fill("#write-body", "The timetable was decided by the council.")
    visit.page.click("#write button")
    visit.page.wait_for_selector("#notice")
    visit.page.fill("#edit-body", "The new timetable is better.")
    visit.page.click("#edit button")
    visit.page.wait_for_selector("#notice")
    visit.open(thread_of(visit, first))
    visit.page.fill("#announce-announcement", "We are closing soon: [why](https://news.example/why).")
    visit.page.click("#announce button")
    visit.page.wait_for_selector("#notice")
    visit.thread()


def replies_only(visit: Visit) -> None:
    """A thread that takes replies only."""
    key = visit.written(Asked(2, 1))[0]
    visit.signed_in()
    visit.open(thread_of(visit, key))
    visit.page.click("#replies-only button")
    visit.page.wait_for_selector("#notice")
    visit.thread()


def remap(visit: Visit) -> None:
    """What would be done where articles have moved."""
    visit.written(Asked(2, 1))
    other = replace(visit, path=f"{visit.path}-there")
    other.written(Asked(1, 2))
    owning(visit)
    visit.open("/admin/site/news/remap")
    visit.page.fill("#pairs", f"{visit.path},{other.path}\n/nobody,/x")
    visit.page.click("#settings [value=preview]")
    visit.page.wait_for_selector("#plan-title")


def announcing(visit: Visit) -> None:
    """A site's announcement and pause."""
    owning(visit)
    visit.open("/admin/site/news/announcing")


THREAD_STATES: dict[str, Callable[[Visit], None]] = {
    "threads": threads,
    "one-thread": one_thread,
    "moved-thread": moved_thread,
    "merging": merging,
    "more": more,
    "marked": marked,
    "replies-only": replies_only,
    "remap": remap,
    "announcing": announcing,
}
