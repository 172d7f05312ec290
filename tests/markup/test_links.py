"""Where links lead, and what may be linked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import naughty_strings, needs_corpora, xss_strings
from tests.markup.allowed import assert_allowed
from widget.markup.clean import clean
from widget.markup.links import hosts_in, link_target, links_in, safe_website
from widget.markup.render import to_html


def test_the_links_of_a_comment() -> None:
    body_html = to_html(
        "[a](https://A.example:443/x?y=1&z=2) http://b.example:8080 me@c.example [a](https://a.example)"
    )
    assert links_in(body_html) == ["https://a.example/x?y=1&z=2", "http://b.example:8080", "https://a.example"]
    assert hosts_in(body_html) == ["a.example", "b.example:8080"]


def test_an_address_that_is_only_text_is_no_link() -> None:
    assert links_in(to_html('`https://a.example` <a href="https://b.example"> [c](/c) www')) == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://ada.example", "https://ada.example"),
        (" http://Ada.Example/About ", "http://ada.example/About"),
        ("ada.example", "https://ada.example"),
        ("ada.example/about?x=1#y", "https://ada.example/about?x=1#y"),
        ("ada.example:8080/", "https://ada.example:8080/"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("https://ada.example/ü", "https://ada.example/%C3%BC"),
        ("https://ada.example/'onmouseover='x", "https://ada.example/%27onmouseover=%27x"),
        ('https://ada.example/"><b>', "https://ada.example/%22%3E%3Cb%3E"),
    ],
)
def test_a_readers_own_site(typed: str, stored: str) -> None:
    assert safe_website(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:x",
        "java\nscript:x",
        "\x01javascript:x",
        "&#106;avascript:x",
        "javascript&colon;x",
        "javascript:80",
        "\xa0javascript:x",
        "javascript://a.example/%0ax",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://x/1",
        "mailto:ada@ada.example",
        "ftp://x.test",
        "//evil.test",
        "https:\\\\evil.test/",
        "https://good.example@evil.test/",
        "ada",
        "https://",
        "https://a b.example",
        "@ada",
        "ada@ada.example",
        "https://ada.example:99999",
        "ad\u200ba.example",
        "..",
        "1.2",
        "https://a..example",
        "a.1",
    ],
)
def test_what_is_no_site_of_a_reader(typed: str) -> None:
    assert safe_website(typed) is None


@needs_corpora
def test_hostile_strings_are_refused_or_harmless() -> None:
    for typed in [*xss_strings(), *naughty_strings()]:
        stored = safe_website(typed)
        if stored is not None:
            assert_allowed(clean(f"<a href='{stored}'>x</a>"))
            assert stored.startswith(("https://", "http://"))


@given(st.text(max_size=40).map(lambda tail: f"https://ada.example/{tail}"))
def test_a_target_stays_as_it_is_once_it_is_one(address: str) -> None:
    target = link_target(address)
    assert target is None or link_target(target) == target
