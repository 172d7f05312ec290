"""The allow-list, and HTML from other systems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import naughty_strings, needs_corpora, xss_strings
from tests.markup.allowed import assert_allowed, visible_text
from widget.markup.clean import clean, clean_imported

_TAGS = [
    "a",
    "b",
    "p",
    "div",
    "ul",
    "li",
    "ol",
    "pre",
    "code",
    "h1",
    "table",
    "tr",
    "td",
    "svg",
    "math",
    "style",
    "img",
]
_PIECES = st.sampled_from(
    [f"<{tag}>" for tag in _TAGS]
    + [f"</{tag}>" for tag in _TAGS]
    + [
        "<a href='https://a.example/'>",
        "<a href=javascript:x>",
        "<img src=x alt='<b>'>",
        "<ol start=3>",
        "<ol start=x>",
    ]
    + [
        "text",
        "\n",
        "&lt;b&gt;",
        "&",
        "<",
        ">",
        '"',
        "<!--",
        "-->",
        "<p style=x class=y onclick=z>",
        "<br>",
        "<hr>",
        "\u202e",
    ]
)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("<p>one</p><p>two</p>", "<p>one</p><p>two</p>"),
        ("<h2>Title</h2>text", "<p>Title</p>text"),
        ("<b>b</b> <i>i</i> <s>s</s> <u>u</u>", "<strong>b</strong> <em>i</em> <del>s</del> u"),
        ('<img src="/smile.png" alt=":)" class="emoji">', ":)"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ('<p style="color:red" class="x" onclick="x()" id="y">a</p>', "<p>a</p>"),
        ('<ol start="3"><li>a</ol>', '<ol start="3"><li>a</li></ol>'),
        ('<ol start="-3" type="a"><li>a</ol>', "<ol><li>a</li></ol>"),
        ('<a href="/relative">a</a> <a name="x">b</a>', "a b"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p> a b</p>"),
        ("<pre>\n\na</pre>", "<pre>\n\na</pre>"),
        ("a<!-- b -->c", "ac"),
        ("&lt;script&gt;", "&lt;script&gt;"),
    ],
)
def test_html_from_elsewhere_keeps_its_text_and_what_is_allowed(theirs: str, ours: str) -> None:
    assert clean_imported(theirs) == ours


def test_a_link_gets_our_rel_and_nothing_of_theirs() -> None:
    theirs = '<a href="HTTP://A.example/x" rel="me" target="_top" title="t" onclick="x()">a</a>'
    ours = '<a href="http://a.example/x" target="_blank" rel="ugc nofollow noopener noreferrer">a</a>'
    assert clean_imported(theirs) == ours
    assert clean(theirs) == ours


def test_a_picture_without_words_becomes_a_link_to_it() -> None:
    assert ">https://a.example/1.png</a>" in clean_imported('<img src="https://a.example/1.png">')
    assert clean_imported('<img src="data:image/png;base64,AA">') == ""


@needs_corpora
def test_hostile_html_keeps_nothing_but_what_is_allowed() -> None:
    for source in [*xss_strings(), *naughty_strings()]:
        for cleaned in (clean(source), clean_imported(source)):
            assert_allowed(cleaned)
            assert clean(cleaned) == cleaned, source


@settings(max_examples=500, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_any_html_keeps_nothing_but_what_is_allowed(source: str) -> None:
    for cleaned in (clean(source), clean_imported(source)):
        assert_allowed(cleaned)
        assert clean(cleaned) == cleaned


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<blockquote>", "<ul><li>", "<table><tr><td>", "<em><p>", "<x><y>"])
def test_deep_html_overflows_nothing(tag: str) -> None:
    cleaned = clean_imported(tag * 5_000 + "x")
    assert_allowed(cleaned)
    assert visible_text(cleaned).endswith("x")


def test_nothing_is_left_of_a_drawing_or_a_frame() -> None:
    assert (
        clean_imported("a<svg><a href=javascript:x><text>b</text></a></svg><iframe src=x>c</iframe><math>d</math>e")
        == "ae"
    )


def test_formatting_that_a_parser_would_open_again_and_again_stays_small() -> None:
    bomb = "<p>" + "".join(f"<b id={number}>" for number in range(1_000)) + "<p>x" * 5_000
    cleaned = clean_imported(bomb)
    assert len(cleaned) <= 2 * len(bomb)
    assert visible_text(cleaned) == "x" * 5_000
