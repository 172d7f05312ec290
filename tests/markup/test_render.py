"""What a reader writes, and what other readers see of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import (
    commonmark_examples,
    grown,
    naughty_strings,
    needs_corpora,
    pathological_shapes,
    xss_strings,
)
from tests.markup.allowed import REL, assert_allowed, parsed, visible_text
from widget.markup.clean import clean
from widget.markup.render import to_html

LONGEST = 5_000
SLOWEST = 0.05
_MARKUP = st.sampled_from(
    [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "> ",
        "- ",
        "1. ",
        "[",
        "](",
        ")",
        "<",
        ">",
        "&",
        "&#x202e;",
        "\n",
        "\n\n",
        "    ",
        "#",
        "!",
        "http://a.b/",
        "www.a.b",
        "a@b.cc",
        "\\",
        "|",
        "<b>",
        "</p>",
        "<!--",
        "javascript:",
        "é",
        "́",
        "\u202e",
        "x",
    ]
)


def link(address: str, words: str) -> str:
    return f'<a href="{address}" target="_blank" rel="{REL}">{words}</a>'


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("7. a\n8. b", '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("```py\nif a < b:\n\n    # c\n```", "<pre><code>if a &lt; b:\n\n    # c\n</code></pre>\n"),
        ("[w](https://a.example/x?y=1&z=2)", f"<p>{link('https://a.example/x?y=1&amp;z=2', 'w')}</p>\n"),
        ("see https://a.example/x.", f"<p>see {link('https://a.example/x', 'https://a.example/x')}.</p>\n"),
        ("<https://a.example>", f"<p>{link('https://a.example', 'https://a.example')}</p>\n"),
        ("https://bücher.example", f"<p>{link('https://xn--bcher-kva.example', 'https://bücher.example')}</p>\n"),
    ],
)
def test_the_markup_that_means_something(source: str, shown: str) -> None:
    assert to_html(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "<b>bold</b>",
        "<div>\n<p>x",
        "<!-- no\ncomment -->",
        "<script>alert(1)</script>",
        "# not a heading #",
        "> # nor here",
        "[1]: https://a.example/ (definition)",
        "[^1]: not a footnote",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "title\n=====",
        "{{7*7}} {% raw %} %s%n <%= x %>",
        "[ ] not a task",
        ":smile: ==mark== H~2~O $x$",
    ],
)
def test_everything_else_is_shown_as_it_was_typed(source: str) -> None:
    shown = visible_text(to_html(source)).strip()
    expected = source.removeprefix("> ").replace("~2~", "2")
    assert shown == expected


def test_nothing_but_its_lines_is_made_of_raw_html() -> None:
    assert to_html("<div>\n*x*\n</div>") == "<p>&lt;div&gt;<br>\n<em>x</em><br>\n&lt;/div&gt;</p>\n"
    assert to_html("a <i\nb> c") == "<p>a &lt;i<br>\nb&gt; c</p>\n"


def test_a_picture_becomes_a_link_to_it() -> None:
    assert to_html("![a cat](https://a.example/cat.png)") == f"<p>{link('https://a.example/cat.png', 'a cat')}</p>\n"
    assert to_html("![](https://a.example/cat.png)").count("https://a.example/cat.png") == 2
    assert to_html("![a cat](data:image/png;base64,AAAA)") == "<p>a cat</p>\n"
    assert (
        to_html("[![a cat](https://a.example/1)](https://a.example/2)")
        == f"<p>{link('https://a.example/2', 'a cat')}</p>\n"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "vbscript:x",
        "/rel",
        "//evil.test",
        "ftp://x.test",
        "blob:https://x/1",
        "https:x",
        "https://good.example@evil.test/",
        "https://a.test:99999/",
    ],
)
def test_an_address_that_may_not_be_linked_leaves_its_words(address: str) -> None:
    assert to_html(f"[words]({address})") == "<p>words</p>\n"


@pytest.mark.case("C6")
def test_quotation_marks_stay_within_an_address() -> None:
    body_html = to_html("[a](http://x.test/'onmouseover='alert(1)) [b](<http://x.test/\"onmouseover=\"x>)")
    assert_allowed(body_html)
    assert len(parsed(body_html)) == 3


def test_characters_written_as_entities_disturb_nobody_either() -> None:
    shown = visible_text(to_html("&#x202e;a &#27;&#xFFFE;&#0; z" + "&#769;" * 50))
    assert not set(shown) & set("\u202e\x1b\ufffe\x00")
    assert shown.count("\u0301") == 4


@pytest.mark.case("C1")
@needs_corpora
def test_hostile_strings_make_nothing_but_what_is_allowed() -> None:
    for source in [*xss_strings(), *naughty_strings()]:
        body_html = to_html(source)
        assert_allowed(body_html)
        assert clean(body_html) == body_html, source


@pytest.mark.case("C14")
@needs_corpora
def test_every_example_of_commonmark_makes_nothing_but_what_is_allowed() -> None:
    examples = commonmark_examples()
    assert len(examples) == 655
    for source in examples:
        body_html = to_html(source)
        assert_allowed(body_html)
        assert clean(body_html) == body_html, source


@pytest.mark.case("C10")
@needs_corpora
@pytest.mark.parametrize("times", [1, 2, 4])
def test_no_shape_is_slow(times: int) -> None:
    slow = {}
    for shape in pathological_shapes():
        source = grown(shape, LONGEST * times)
        took = min(_seconds(source) for _ in range(3))
        if took > SLOWEST * times:
            slow[shape["name"]] = took
        assert_allowed(to_html(source))
    assert not slow


@pytest.mark.parametrize("unit", [">", "> ", "- ", "1. ", ">- ", "*a **", "[", "![", "<b>", "_a_ ~~", "- a\n> b\n"])
def test_deep_nesting_overflows_nothing(unit: str) -> None:
    body_html = to_html(unit * 20_000 + "x")
    assert_allowed(body_html)
    assert _depth(body_html) <= 60
    assert "x" in visible_text(body_html)


@settings(max_examples=300, deadline=None)
@given(st.lists(_MARKUP, max_size=40).map("".join))
def test_any_markup_makes_nothing_but_what_is_allowed(source: str) -> None:
    body_html = to_html(source)
    assert_allowed(body_html)
    assert clean(body_html) == body_html


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("abc <>&'\"/=!?;:é漢"), max_size=60))
def test_no_letter_is_lost_between_angle_brackets(source: str) -> None:
    kept = "".join(visible_text(to_html(f"x{source}x")).split())
    assert kept == "".join(f"x{source}x".split())


def _seconds(source: str) -> float:
    start = time.process_time()
    to_html.__wrapped__(source)
    return time.process_time() - start


def _depth(body_html: str) -> int:
    depth = deepest = 0
    for tag in body_html.split("<")[1:]:
        depth += 0 if tag.startswith("br") else -1 if tag.startswith("/") else 1
        deepest = max(deepest, depth)
    return deepest
