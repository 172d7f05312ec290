"""Texts that no parser has to look at come out as if one had."""

from hypothesis import given
from hypothesis import strategies as st

from widget.markup.clean import clean_imported
from widget.markup.source import as_markdown
from widget.transfer.bodies import body_of, broken_lines
from widget.transfer.record import BodyKind
from widget.transfer.simple_bodies import markup_free, simple_markdown

PIECES = (
    *("<p>", "</p>", "<p>", "</p>", "<br>", "<br />", "<br/>", "<b>", "&amp;", "a", "b c", "1. x", "- y", "> q", "#h"),
    *("*s*", "_", "~~", "`", "[l](u)", "\\", '"', "'", "=", "https://x.example/a_b", "\n", "\n\n", " ", "\t", "  \n"),
    *("\u0301" * 3, "\u05d0", "\u202b", "\u202c", "\xa0", "é", "漢字", "\u200d", "\u2028", "\x85", "\x1c"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(texts | texts.map("<p>{}</p>".format))
def test_the_short_way_ends_where_the_long_one_does(text: str) -> None:
    for html in (text, broken_lines(text)):
        simple = markup_free(html)
        if simple is not None:
            assert simple == clean_imported(html)
            assert simple_markdown(simple) == as_markdown(simple)


def test_most_comments_take_it() -> None:
    for text in ("Plain words.", "<p>Two</p>\n<p>paragraphs<br />and a line</p>\n", "«Fünf» – 漢字, наконец"):
        assert markup_free(text) is not None
    for text in ("<p>a <b>b</b></p>", "&amp;", "a < b", "<p></p>", '<a href="https://a.example/">b</a>', "<p>a"):
        assert markup_free(text) is None


def test_paragraphs_that_are_marked_up_as_such_have_lost_nothing() -> None:
    body = body_of("<p>One</p>\n<p class='x'>Two\nthree</p>", BodyKind.BROKEN_LINES)
    assert body == ("One\n\nTwo\nthree", "<p>One</p><p>Two<br>\nthree</p>", False, False)
