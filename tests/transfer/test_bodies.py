"""Texts of other systems: lines, paragraphs, and nothing that our own filter would not let through."""

import time

import pytest

from tests.corpora import needs_corpora, xss_strings
from widget.markup.clean import clean
from widget.transfer.bodies import LONGEST, body_of, broken_lines
from widget.transfer.record import BodyKind


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one", "<p>one</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n \n\n two", "<p>one</p><p>two</p>"),
        ("one<br />\ntwo", "<p>one<br>\ntwo</p>"),
        ("a\n<blockquote>b\nc</blockquote>\nd", "<p>a</p><blockquote><p>b<br>\nc</p></blockquote><p>d</p>"),
        ("<pre>a\n\n  b</pre>\nc", "<pre>a\n\n  b</pre><p>c</p>"),
        ("<pre>a\n<b>x</b>\n", "<pre>a\n<b>x</b>\n"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li><p>a</p></li></ul>"),
        ("a < b & c", "<p>a < b & c</p>"),
        ("", ""),
    ],
)
def test_newlines_become_breaks_and_blank_lines_paragraphs(text: str, html: str) -> None:
    assert broken_lines(text) == html


def test_plain_text_is_text() -> None:
    assert body_of("<b>1 & 2</b>\n3", BodyKind.PLAIN).html == "<p>&lt;b&gt;1 &amp; 2&lt;/b&gt;<br>\n3</p>"


def test_html_keeps_its_own_lines() -> None:
    assert body_of("<p>a\nb</p>", BodyKind.HTML).html == "<p>a\nb</p>"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("plain & simple", False),
        ("<b>bold</b> <i>and</i> <strike>gone</strike>", False),
        ('<a href="http://a.example/" rel="nofollow ugc" onclick="x()">b</a>', False),
        ('<a href="javascript:x()">b</a>', True),
        ("<script>x()</script>", True),
        ('<img src="http://a.example/b.png" alt="c">', True),
    ],
)
def test_only_lost_markup_counts_as_a_change(text: str, changed: bool) -> None:
    assert body_of(text, BodyKind.BROKEN_LINES).changed is changed


def test_a_text_is_cut_at_its_longest() -> None:
    body = body_of("x" * (LONGEST + 1), BodyKind.BROKEN_LINES)
    assert (len(body.text), body.truncated) == (LONGEST, True)


@pytest.mark.case("C122")
@needs_corpora
@pytest.mark.parametrize("kind", list(BodyKind))
def test_every_attack_goes_through_the_filter_of_posts(kind: BodyKind) -> None:
    for attack in xss_strings():
        html = body_of(attack, kind).html
        assert clean(html) == html


@pytest.mark.parametrize("unit", ["<pre>", "<p <", "\n", "\n \t", "<br", "<", "<!--", "</pre><pre>", "  "])
def test_no_text_takes_long(unit: str) -> None:
    start = time.process_time()
    body_of(unit * (LONGEST // len(unit)), BodyKind.BROKEN_LINES)
    assert time.process_time() - start < 2
