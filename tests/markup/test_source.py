"""From stored HTML back to Markdown: rendered again it says the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import corpus_file, needs_corpora
from widget.comments.text import normalise_body
from widget.markup.plain import plain
from widget.markup.render import to_html
from widget.markup.source import as_markdown

_EXAMPLE = re.compile(r"`{32} example\n(.*?)\n\.\n.*?`{32}", re.DOTALL)


def said(html: str) -> tuple[list[str], list[str]]:
    """The words, and the elements in their order."""
    return plain(html).split(), re.findall(r"</?\w+", html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>one<br>\ntwo</p>\n<p>three</p>", "one\ntwo\n\nthree"),
        ("<p><strong>a</strong> <em>b</em> <del>c</del> <code>d`e</code></p>", "**a** *b* ~~c~~ ``d`e``"),
        ("<ol start='3'><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n4. b\n   - c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre><code>x\n  y\n</code></pre>", "```\nx\n  y\n```"),
        ('<p><a href="https://a.test/x(1)">a*b</a></p>', "[a\\*b](https://a.test/x%281%29)"),
        ('<p><a href="https://a.test/">https://a.test/</a></p>', "https://a.test/"),
        ("<p>1. not a list<br>- nor this &amp;amp; *that*</p>", "1\\. not a list\n\\- nor this \\&amp; \\*that\\*"),
        ("", ""),
    ],
)
def test_each_element_has_its_mark(html: str, markdown: str) -> None:
    assert as_markdown(html) == markdown


@needs_corpora
def test_the_examples_of_the_specification_say_the_same_again() -> None:
    examples = [to_html(one) for one in _EXAMPLE.findall(corpus_file("markdown/commonmark-spec.txt").read_text())]
    changed = [html for html in examples if said(html) != said(to_html(as_markdown(html)))]
    assert len(examples) == 655
    assert len(changed) <= 12, "nested emphasis, links beside marks, and blank lines made of two breaks"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=80))
def test_plain_words_stay_what_they_are(text: str) -> None:
    html = f"<p>{normalise_body(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"
    if "http" not in text and "@" not in text and "www" not in text:
        assert plain(to_html(as_markdown(html))).split() == plain(html).split()
