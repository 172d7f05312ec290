"""Codings of an answer: the text comes back whole, in fewer bytes than the usual settings make of a page like ours."""

import gzip
import random

import pytest

from widget.pages.recompressing import recompressed
from widget.web.encodings import Encoding, compressed, plain
from widget.web.static_files import frame_sheet, squeezed

CODINGS: tuple[Encoding, ...] = ("br", "gzip")


def a_page() -> bytes:
    """A stylesheet and then comments, each with the same markup around words and an id of its own."""
    chance = random.Random(5)
    words = ["the", "a", "train", "night", "which", "never", "came", "late", "because", "snow", "lay", "on", "north"]
    comments = [
        f'<li id="c-{chance.randbytes(7).hex()}"><h2>{chance.choice(words)}</h2>'
        f"<p>{' '.join(chance.choices(words, k=chance.randrange(5, 60)))}</p></li>"
        for _ in range(200)
    ]
    return f"<style>{frame_sheet().text}</style>{''.join(comments)}".encode()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_text_comes_back_whole(coding: Encoding) -> None:
    for text in (b"", b"x", a_page()):
        first = compressed(text, coding)
        assert plain(first, coding) == plain(recompressed(first, coding), coding) == text


def test_gzip_is_smaller_than_the_usual_one() -> None:
    text = a_page()
    first = compressed(text, "gzip")
    assert len(first) < len(gzip.compress(text, compresslevel=9, mtime=0))
    assert len(recompressed(first, "gzip")) <= len(first)


def test_a_stylesheet_is_squeezed_where_it_means_nothing() -> None:
    css = "/* why */ a > b, c { margin: 0.5em -0.25em 10.05px; width: calc(1em + 0.1px); }"
    assert squeezed(css) == "a>b,c{margin:.5em -0.25em 10.05px;width:calc(1em + .1px)}"
