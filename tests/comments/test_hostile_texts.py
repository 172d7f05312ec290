"""Hostile strings in every field of the form: kept as they are or refused with a sentence, and never alive."""

import unicodedata
from urllib.parse import urlencode

import html5lib
import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.corpora import corpus_json, naughty_strings, needs_corpora, xss_strings
from tests.markup.allowed import assert_allowed
from tests.readers import WAITS, all_of, alone, bare, fault_of, frame, marked, stored, words, write
from tests.scene import a_moderator, a_site
from widget.comments.text import normalise_body, unstorable
from widget.markup.clean import clean
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}
SKELETON = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "style",
    "body",
    "main",
    "section",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
}
FORMS = {
    "nav",
    "form",
    "input",
    "label",
    "textarea",
    "button",
    "details",
    "summary",
    "footer",
    "article",
    "time",
    "bdi",
}
WORDS = {"p", "span", "ol", "ul", "li", "a", "div", "strong", "em", "code", "pre", "blockquote", "br", "del"}


def assert_dead(page: Page) -> None:
    """The page holds our own elements and nothing that could run, load or send."""
    assert {one.tag for one in page.tree.iter()} <= SKELETON | FORMS | WORDS
    for one in page.tree.iter():
        assert not [name for name in one.attrib if name.startswith("on") or name in ("style", "src", "srcdoc")]
        for name in ("href", "action"):
            assert one.get(name, "/").startswith(("/", "#", "https://", "http://", "mailto:"))
    assert 1 <= len(list(page.tree.iter("style"))) <= 2, "our own sheets, both in the head"
    assert not [one for body in page.tree.iter("body") for one in body.iter("style")]


async def post_all(app: App, texts: list[dict[str, str]], slug: str) -> list[int]:
    """Post each in turn with one form of a shared page; what they got."""
    async with bare(app) as client:
        token = (await client.get(frame(slug))).text.partition('name="token" value="')[2].partition('"')[0]
        found = []
        for fields in texts:
            body = urlencode({"token": token, **fields}, errors="surrogatepass").encode()
            headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
            found.append((await client.post("/comments", content=body, headers=headers)).status_code)
    return found


@pytest.mark.case("C1")
@needs_corpora
async def test_c1_c16_c20_hostile_bodies_and_names_are_dead_on_the_page(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", rule="post", limits=LOUD, refuse_links=100, hold_links=100)
    texts = list(dict.fromkeys([*naughty_strings()[::5], *xss_strings()[::25]]))
    sent = [{"body": text, "name": text[:60]} for text in texts]
    assert set(await post_all(app, sent, "open")) <= {303, 422, 200}
    kept = await stored(app.state["db"], site)
    assert len(kept) > 0.6 * len(texts)
    known = {normalise_body(text) for text in texts}
    assert {one.body for one in kept} <= known, "nothing is shortened or changed on the way"
    for place in (frame, alone):
        page = await reader.open(place("open", n="200"))
        assert page.status == 200
        assert_dead(page)
        html5lib.HTMLParser(strict=False).parse(page.html)
    for comment in kept:
        assert_allowed(comment.body_html)


@pytest.mark.case("C16")
@needs_corpora
async def test_c16_each_hostile_string_in_each_field(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", rule="post", limits=LOUD, website_field=True)
    hostile = [case["text"] for case in corpus_json("unicode/hostile-strings.json")["cases"]]
    for field, some in (("body", hostile), ("name", hostile), ("website", hostile[::5]), ("url", hostile[::10])):
        sent = [{"name": "Ada", "body": f"Plain {field} {number}", field: text} for number, text in enumerate(some)]
        assert set(await post_all(app, sent, "open")) <= {303, 200, 422}
    page = await reader.open(frame("open", n="200"))
    assert page.status == 200
    assert_dead(page)
    for comment in await stored(app.state["db"], site):
        assert not unstorable(comment.body + comment.author_name)
        assert len(comment.author_name) <= 60
    for name in marked(page, "by"):
        assert "bdi" in [one.tag for one in name.iter()], "a name's direction never reaches its neighbours"
    assert all(one.get("dir") == "auto" for one in all_of(page, "div", "words"))


@pytest.mark.case("C15")
async def test_c15_what_can_not_be_stored_is_refused_and_four_byte_letters_are_kept(
    app: App, reader: Browser, site: Site
) -> None:
    for bad in ("\x00", "\ufffe", "\uffff"):
        page = await write(reader, f"before{bad}after" * 2)
        assert page.status == 422
        assert "can't be stored" in page.text
        page = await write(reader, "Fine", name=f"A{bad}da")
        assert page.status == 422
        assert page.form("write").values["body"] == "Fine"
    async with bare(app) as client:
        token = (await reader.open(frame())).form("write").values["token"]
        answer = await client.post(
            "/comments",
            content=f"token={token}&body=%ED%A0%80+half".encode(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 303
    text = "\U0001f468\u200d\U0001f469 \U00020000 \U0010fffd e\u0301"
    assert (await write(reader, text, name="\U0001d4d0da")).status == 200
    kept = [one.body for one in await stored(app.state["db"], site)]
    assert sorted(kept) == sorted(["\ufffd\ufffd\ufffd half", unicodedata.normalize("NFC", text)])


@pytest.mark.case("C17")
async def test_c17_marks_without_end_are_cut_to_four(app: App, reader: Browser, site: Site) -> None:
    page = await write(reader, "Z" + "\u0301" * 50 + "algo", name="A" + "\u0316" * 40)
    (comment,) = await stored(app.state["db"], site)
    for text in (comment.body, comment.author_name):
        assert sum(unicodedata.combining(char) > 0 for char in text) <= 4
    assert "algo" in words(page)[0]


BLANK = ["\u200b\u200b", "\u2060\ufeff", "\u3164", "\u00a0 \t\n", "\u202e\u2066", "&nbsp;&#8203;", "> ", "```\n```"]


@pytest.mark.case("C18")
async def test_c18_what_shows_nothing_is_empty(app: App, reader: Browser, site: Site) -> None:
    for blank in BLANK:
        page = await write(reader, blank, name="Ada")
        assert (page.status, "empty" in fault_of(page, "body")) == (422, True), ascii(blank)
    assert await stored(app.state["db"], site) == []


@pytest.mark.case("C18")
async def test_c18_a_name_that_shows_nothing_is_no_name(app: App, reader: Browser, site: Site) -> None:
    page = await write(reader, "Hello", name="\u200b\u3164 \u00a0")
    assert text_of(marked(page, "by")[0]).startswith("Anonymous")
    assert [one.author_name for one in await stored(app.state["db"], site)] == [""]


@pytest.mark.case("C19")
@needs_corpora
async def test_c19_names_that_look_like_a_moderators_are_refused(app: App, reader: Browser, site: Site) -> None:
    await a_moderator(app.state["db"], "admin@example.org", "admin", site)
    forged = [
        "\u0430dmin",
        "\uff41\uff44\uff4d\uff49\uff4e",
        "\U0001d41a\U0001d41d\U0001d426\U0001d422\U0001d427",
        "ADMIN",
        "a d m i n",
        "adm\u0131n",
        "Moderator \u2605 Verified Yours",
    ]
    form = (await reader.open(frame())).form("write")
    for name in forged:
        page = await form.press(body="Trust me", name=name)
        assert (page.status, "moderators" in page.text) == (422, True), ascii(name)
    assert await stored(app.state["db"], site) == []
    page = await form.press(body="Hello", name="\u2605 Verified Yours")
    badges = [text_of(one) for one in all_of(page, "span", "badge")]
    assert badges == ["Yours", WAITS]
    seen = page.find("write")
    assert seen is not None


@pytest.mark.case("C5", "C6")
async def test_c5_c6_a_website_is_a_link_or_a_fault(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    await a_site(app.state["db"], "open", rule="post", website_field=True, limits=LOUD)
    bad = [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "&#106;avascript:x",
        "//[",
        "https://a b.example",
        "https://user:pass@host.example",
    ]
    form = (await reader.open(frame("open"))).form("write")
    for website in bad:
        page = await form.press(body="Hello", website=website)
        assert (page.status, "https://" in fault_of(page, "website")) == (422, True), website
        assert page.form("write").values["website"] == website
    stopped_clock.forward(1)
    page = await form.press(body="Hello", name="Eve", website="https://eve.example/'onmouseover='x\"y")
    link = next(one for one in all_of(page, "a") if text_of(one) == "Eve")
    assert set(link.attrib) == {"href", "rel", "target"}
    assert link.get("href") == "https://eve.example/%27onmouseover=%27x%22y"
    assert link.get("rel") == "ugc nofollow noopener noreferrer"


@pytest.mark.case("C8", "C11")
async def test_c8_c11_nothing_of_an_address_comes_alive(app: App, reader: Browser, site: Site) -> None:
    attack = "</title></textarea>'\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}%0d%0aX: y"
    for page in (
        await reader.open(frame(title=attack)),
        await reader.open(alone(title=attack)),
        await reader.open(frame(sort=attack, lang=attack, theme=attack, n=attack, after=attack, reply=attack)),
        await reader.open(frame(mine=attack, edit=attack, kept=attack, focus=attack, sig=attack, unknown=attack)),
        await reader.open(f"/embed/partner?url={attack}"),
        await reader.open(f"/embed/{attack}?url=x"),
        await reader.open(f"/c/{attack}"),
        await reader.open(f"/mine/{attack}"),
        await reader.open(frame(url="https://evil.example/" + attack.replace(" ", ""))),
        await reader.open(frame(url="https://<b>x</b>.example/")),
        await reader.open(frame(id=attack)),
    ):
        assert page.status < 500
        assert_dead(page)
        assert "49" not in page.title
    page = await reader.open(alone(title=attack))
    assert "<script>alert(1)</script>" in page.title
    assert clean("<p>x</p>") == "<p>x</p>"
