"""The thread page as html: a tree of lists, ids, numbers, the words of time, and what machines read."""

import random
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import alone, frame, key, moderate, places, words
from tests.scene import NOW, a_comment, a_site
from widget.comments.comment import Comment, State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

HIDDEN = State.REJECTED
STATES = (State.APPROVED,) * 5 + (State.PENDING, HIDDEN, State.DELETED, State.SPAM)


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post", depth=3)


async def a_tree(app: App, site: Site, chance: random.Random, size: int) -> list[Comment]:
    """Comments below each other as chance has it, in all states."""
    made: list[Comment] = []
    for number in range(size):
        parent = chance.choice([None, *made[-6:]])
        state = chance.choice(STATES)
        made.append(
            await a_comment(
                app.state["db"], site, f"Text {number}", state=state, parent=parent, now=NOW + number, name=f"N{number}"
            )
        )
    return made


def expected(made: list[Comment]) -> dict[str, str | None]:
    """Each place that must be on the page, with the place it must be inside of (three steps deep at the most)."""
    by_id = {one.id: one for one in made}
    alive: set[int] = set()
    for one in made:
        up: Comment | None = one
        while one.is_approved and up:
            alive.add(up.id)
            up = by_id.get(up.parent_id or 0)
    return {f"c-{key(by_id[id_])}": _inside(by_id[id_], by_id) for id_ in alive}


def in_reading_order(made: list[Comment]) -> list[str]:
    """The approved texts, each before the replies to it, the oldest first."""
    waiting, read = [one for one in made if one.parent_id is None][::-1], []
    while waiting:
        comment = waiting.pop()
        read += [comment.body] if comment.is_approved else []
        waiting += [one for one in made if one.parent_id == comment.id][::-1]
    return read


def _inside(comment: Comment, by_id: dict[int, Comment]) -> str | None:
    line = [comment]
    while line[-1].parent_id:
        line.append(by_id[line[-1].parent_id])
    steps = line[::-1][:-1][:3]
    return f"c-{key(steps[-1])}" if steps else None


def nesting(page: Page) -> dict[str, str | None]:
    """The place of each comment on the page, with the place that it is inside of."""
    found: dict[str, str | None] = {}

    def walk(element: Element, inside: str | None) -> None:
        here = element.get("id") if element.tag == "li" and element.get("id") else inside
        if element.tag == "li" and element.get("id"):
            found[element.get("id", "")] = inside
        for child in element:
            walk(child, here)

    walk(page.tree, None)
    return found


def assert_sound(page: Page) -> None:
    """A parser finds nothing to mend: every list holds items only, every id is there once."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(page.html)
    assert [error[1] for error in parser.errors] == []
    for one in page.tree.iter():
        if one.tag in ("ol", "ul"):
            assert {child.tag for child in one} == {"li"}
    ids = [one.get("id") for one in page.tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in page.tree.iter("a"):
        href = one.get("href", "")
        assert not href.startswith("#") or href[1:] in ids


@pytest.mark.parametrize("seed", range(3))
async def test_random_trees_nest_as_they_are(app: App, reader: Browser, open_site: Site, seed: int) -> None:
    made = await a_tree(app, open_site, random.Random(seed), 40)
    for place in (frame, alone):
        page = await reader.open(place("open"))
        assert_sound(page)
        assert nesting(page) == expected(made)
        assert words(page) == in_reading_order(made)
    count = sum(one.is_approved for one in made)
    assert text_of(page.find("comments")) == f"Comments ({count})"
    assert len(words(page)) == count
    newest = await reader.open(frame("open", sort="newest"))
    assert_sound(newest)
    roots = [name for name, inside in nesting(page).items() if inside is None]
    assert [name for name, inside in nesting(newest).items() if inside is None] == roots[::-1]


@pytest.mark.parametrize("place", [frame, alone])
async def test_every_view_of_a_tree_is_sound(app: App, reader: Browser, open_site: Site, place: type[str]) -> None:
    made = await a_tree(app, open_site, random.Random(9), 30)
    parent = next(one for one in made if one.is_approved)
    for number in range(25):
        await a_comment(
            app.state["db"], open_site, f"More {number}", state=State.APPROVED, parent=parent, now=NOW + 100 + number
        )
    for comment in made[::6]:
        for query in ({"focus": key(comment)}, {"reply": key(comment)}, {"focus": key(comment), "reply": key(parent)}):
            page = await reader.open(place("open", **query))
            assert page.status == 200
            assert_sound(page)
    for query in ({"n": "5"}, {"n": "5", "sort": "newest"}, {"after": key(made[9])}, {"n": "0"}, {"n": "٣"}):
        assert_sound(await reader.open(place("open", **query)))


async def test_more_than_fits_is_one_link_away(app: App, reader: Browser, open_site: Site) -> None:
    roots = []
    for number in range(8):
        roots.append(await a_comment(app.state["db"], open_site, f"R{number}", state=State.APPROVED, now=NOW + number))
    page = await reader.open(frame("open", n="5"))
    assert len(places(page)) == 5
    more = await page.link("newer comments").click()
    assert places(more) == [f"c-{key(one)}" for one in roots]
    first = await reader.open(alone("open", n="5"))
    behind = await first.link("newer comments").click()
    assert places(first) + places(behind) == [f"c-{key(one)}" for one in roots]


async def test_the_frame_names_exactly_who_may_frame_it(app: App, reader: Browser, site: Site) -> None:
    origins = "https://partner.example"
    page = await reader.open(frame())
    (meta,) = [one for one in page.tree.find("head") or [] if one.get("name") == "responsive-embedded-sizing"]
    assert meta.get("content") == f"allow-origins={origins}"
    sheet = f"{app.state['frame_sheet'].csp} {app.state['further_sheet'].csp}"
    assert page.headers["content-security-policy"] == (
        f"default-src 'none'; style-src {sheet}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {origins}; sandbox allow-forms allow-same-origin allow-popups "
        "allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    )
    page = await reader.open(alone())
    assert page.headers["content-security-policy"] == (
        f"default-src 'none'; style-src {sheet}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert "responsive-embedded-sizing" not in page.html


async def test_the_page_of_its_own_can_be_read_by_machines(app: App, reader: Browser, open_site: Site) -> None:
    root = await a_comment(app.state["db"], open_site, "Root", state=State.APPROVED, name="Ada")
    reply = await a_comment(
        app.state["db"], open_site, "Reply", state=State.APPROVED, name="Bob", parent=root, now=NOW + 1
    )
    page = await reader.open(alone("open"))
    assert [one.get("rel") for one in page.tree.iter("link")] == ["canonical"]
    assert "x-robots-tag" not in page.headers
    assert _items(page) == {key(root): ("Ada", "Root", "comments"), key(reply): ("Bob", "Reply", key(root))}
    focused = await reader.open(f"/c/{key(reply)}")
    assert _items(focused) == {key(root): ("Ada", "Root", "comments"), key(reply): ("Bob", "Reply", "comments")}
    assert "itemprop" not in (await reader.open(frame("open"))).html


def _items(page: Page) -> dict[str, tuple[str, str, str]]:
    """Each schema.org Comment: its author, its text, and the item it belongs to."""
    found: dict[str, tuple[str, str, str]] = {}

    def walk(element: Element, item: str, told: dict[str, str]) -> None:
        if element.get("itemprop") and not element.get("itemscope"):
            told[element.get("itemprop", "")] = text_of(element)
        for child in element:
            if "itemscope" in child.attrib and child.tag == "li":
                own: dict[str, str] = {}
                name = child.get("id", "")[2:]
                walk(child, name, own)
                found[name] = (own["author"], own["text"], item)
                assert child.get("itemtype") == "https://schema.org/Comment"
                assert own["dateCreated"]
            else:
                walk(child, item, told)

    walk(page.tree, "comments", {})
    return found


async def test_c69_c70_what_is_gone_is_gone_from_the_page(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    parent = await a_comment(app.state["db"], open_site, "Insult", state=State.APPROVED, name="Troll")
    await a_comment(app.state["db"], open_site, "Answer", state=State.APPROVED, parent=parent, now=NOW + 1)
    await moderate(app.state["db"], parent, Decision.REJECT, now=NOW)
    for where in (frame("open"), alone("open"), f"/c/{key(parent)}"):
        page = await reader.open(where)
        assert "Removed by a moderator" in page.text
        assert not [word for word in ("Insult", "Troll") if word in page.html]
        assert "Answer" in words(page)
    html = (await reader.open(frame("open"))).html.partition("<main")[2]
    assert not [word for word in ("rejected", "approved", "person", "@", "verdict", "first") if word in html.lower()]
