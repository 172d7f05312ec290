"""Pages as readers and moderators of other languages see them: no English left, and written from the right side."""

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

import pytest

from tests.browser import Browser, Page
from tests.conftest import App, StoppedClock
from tests.house.messages import TRANSLATED, collected
from tests.house.test_translations import THE_SAME, sources
from tests.scene import NOW, a_comment
from widget import ids
from widget.clock import DAY, HOUR
from widget.comments.comment import State
from widget.rendering import direction
from widget.sites.site import Site
from widget.spam.verdict import Finding

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.usefixtures("stopped_clock"),
    pytest.mark.parametrize("engine", ["sqlite"]),
    pytest.mark.parametrize("language", TRANSLATED),
]

ADDRESS = "partner?url=https://partner.example/a"
DETAILS = {"repeat": "2", "links": "5", "hold-word": "x", "spam-word": "y"}
CHECKS = ("trap", "haste", "sandboxed", "every", "first", *DETAILS)
FINDINGS = tuple(Finding(check, 1, DETAILS.get(check, "")) for check in CHECKS)
_READ = ("title", "alt", "placeholder", "label", "aria-label", "aria-description")
_UNREAD = ("style", "code", "textarea")


def read_by_people(element: Element) -> Iterator[str]:
    """The texts of a page, each as it stands between two tags or in an attribute."""
    if element.tag in _UNREAD:
        return
    yield from (element.get(name, "") for name in _READ)
    yield element.text or ""
    for child in element:
        yield from read_by_people(child)
        yield child.tail or ""


@cache
def english() -> re.Pattern[str]:
    """What no page of another language may hold: a text that is a message, or has a whole sentence of one in it."""
    texts = [text for message in collected() if message.id for text in sources(message)]
    words = [_pattern(text) for text in texts]
    sentences = [_pattern(text) for text in texts if len(text.split()) > 3]
    return re.compile("|".join([*(rf"\A{one}\Z" for one in words), *(rf".*\b{one}.*" for one in sentences)]))


def _pattern(text: str) -> str:
    return re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(text))


def check(page: Page, language: str) -> None:
    """The page is in this language, as a whole."""
    html = page.tree
    assert (html.get("lang"), html.get("dir")) == (language, direction(language))
    texts = [" ".join(text.split()) for text in read_by_people(html)]
    left = [text for text in texts if text and english().fullmatch(text) and text not in THE_SAME[language]]
    assert left == [], page.url


async def conversation(app: App, site: Site) -> str:
    """A thread with everything in it that a reader can see; the key of its first comment."""
    db = app.state["db"]
    first = await a_comment(db, site, "1", state=State.APPROVED, name="Zoë", now=NOW - 3 * DAY)
    gone = await a_comment(db, site, "2", state=State.REJECTED, name="", parent=first, now=NOW - 5 * HOUR)
    await a_comment(db, site, "3", state=State.APPROVED, name="", parent=gone, now=NOW - 4 * HOUR)
    for n in range(25):
        await a_comment(db, site, str(n), state=State.APPROVED, name="Zoë", parent=first, now=NOW - HOUR + n)
    for n in range(12):
        await a_comment(db, site, str(n), state=State.APPROVED, name="Ÿ", now=NOW - DAY + n)
    return ids.encode(first.id)


async def test_a_thread(app: App, site: Site, reader: Browser, language: str) -> None:
    reader.language = language
    key = await conversation(app, site)
    for kind in ("embed", "thread"):
        for more in ("", "&n=5", "&sort=newest&n=5", f"&focus={key}", f"&focus={key}&n=5", f"&reply={key}"):
            check(await reader.open(f"/{kind}/{ADDRESS}{more}"), language)
    check(await reader.open("/thread/partner?url=https://partner.example/empty&title=10"), language)


async def test_a_comment_on_its_way(site: Site, reader: Browser, stopped_clock: StoppedClock, language: str) -> None:
    reader.language = language
    page = await reader.open(f"/thread/{ADDRESS}")
    statuses: list[int] = []
    for fields in (
        {"action": "preview", "body": "1"},
        {"action": "post", "body": ""},
        {"action": "post", "body": "1" * 5_001, "name": "1" * 61},
        *({"action": "post", "body": str(n)} for n in range(20)),
    ):
        stopped_clock.forward(5_000 if len(statuses) < 4 else 0)
        answer = await page.form("body", "name").press(**fields)
        check(answer, language)
        statuses.append(answer.status)
    stopped_clock.forward(2 * DAY)
    stale = await page.form("body", "name").press(action="post", body="3")
    check(stale, language)
    assert (statuses[:4], statuses[-1], stale.status) == ([200, 422, 422, 200], 429, 409)


async def test_the_authors_own_page(site: Site, reader: Browser, stopped_clock: StoppedClock, language: str) -> None:
    reader.language = language
    posted = await (await reader.open(f"/thread/{ADDRESS}")).form("body", "name").press(action="post", body="1")
    address = next(one.get("href", "") for one in posted.tree.iter("a") if one.get("class") == "private")
    own = await reader.open(address)
    seen = [posted, own]
    for fields in ({"action": "preview", "body": "2"}, {"action": "save", "body": ""}, {"action": "save", "body": "3"}):
        seen.append(await own.form("body").press(**fields))
    stopped_clock.forward(HOUR)
    seen.append(await seen[-1].form("body").press(action="save", body="4"))
    seen.append(await reader.open(address))
    seen.append(await seen[-1].form("action").press(action="delete"))
    for one in seen:
        check(one, language)
    assert [one.status for one in seen] == [200, 200, 200, 422, 200, 403, 200, 200]


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/embed/unknown?url=https://partner.example/a",
        "/embed/partner",
        "/embed/partner?url=ftp://partner.example",
        "/embed/partner?url=https://other.example/a",
        "/c/0000000000000",
        "/mine/nobody",
        "/admin/sign-in",
        "/admin/queue",
    ],
)
async def test_pages_that_anybody_can_reach(site: Site, reader: Browser, address: str, language: str) -> None:
    reader.language = language
    check(await reader.open(address), language)


async def test_a_form_that_can_not_be_read(site: Site, reader: Browser, language: str) -> None:
    reader.language = language
    check(await reader.send("POST", "/comments", [("body", "1")]), language)
    check(await reader.send("POST", "/admin/sign-in", [("email", "a@example.org")], site="cross-site"), language)
    form = (await reader.open("/admin/sign-in")).form("email", "password")
    check(await form.press(email="a@example.org", password="1234567890"), language)


async def test_moderation(app: App, site: Site, moderator: Browser, language: str) -> None:
    moderator.language = language
    check(await moderator.open("/admin/queue"), language)
    db = app.state["db"]
    comments = [
        await a_comment(db, site, f"{n} " * n, name="Zoë", findings=FINDINGS, person=n % 3 or None, now=NOW - DAY + n)
        for n in range(1, 60)
    ]
    queue = await moderator.open("/admin/queue")
    for one in (queue, await moderator.open("/admin/queue?q=no+such+text"), await moderator.open("/admin/nothing")):
        check(one, language)
    keys = [ids.encode(comment.id) for comment in comments[:4]]
    for decision, key in zip(("approve", "reject", "spam", "delete"), keys, strict=True):
        check(await queue.form("comment", "decision").press(decision=decision, comment=[key]), language)
        check(await moderator.open(f"/admin/comment/{key}"), language)
    check(await queue.form("comment", "decision").press(decision="approve", comment=keys), language)
    check(await queue.form("comment", "decision").press(decision="approve"), language)
