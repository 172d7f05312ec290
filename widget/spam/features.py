"""What the site's own filter sees of a text: words, pairs of words, host names, and a few traits of its shape.

A feature is a number below a million, made by a checksum. So a site's table has an upper bound (a million rows of two
small counters), and it holds nobody's words: many features share each number. Measured on the corpus of
tests/spam/test_bayes.py, as many as that cost no recall; with a quarter of them it is one point in a hundred less.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from widget.spam.folding import folded
from widget.spam.hosts import hosts_of

BUCKETS = 1 << 20

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[!?$€£#@&%+]")
_MOST_PIECES = 400
_LONGEST_PIECE = 20
_MOST_LINKS = 3
_LONG = 300
_ENOUGH_LETTERS = 12


def features(body: str, name: str, links: Sequence[str]) -> frozenset[int]:
    """The numbers of a text's features, each once."""
    return frozenset(zlib.crc32(one.encode("utf-8", "replace")) % BUCKETS for one in _features(body, name, links))


def _features(body: str, name: str, links: Sequence[str]) -> Iterator[str]:
    pieces = [_settled(piece) for piece in _PIECE.findall(folded(body))[:_MOST_PIECES]]
    yield from pieces
    yield from (f"{one} {other}" for one, other in pairwise(pieces))
    yield from (f"by:{piece}" for piece in _PIECE.findall(folded(name)))
    for host in hosts_of(links):
        yield f"host:{host}"
        yield f"domain:{'.'.join(host.split('.')[-2:])}"
    yield from _traits(body, links)


def _settled(piece: str) -> str:
    """A piece without what a spammer changes from one comment to the next: of a number only how long it is."""
    return f"<{min(len(piece), 4)} digits>" if piece.isdigit() else piece[:_LONGEST_PIECE]


def _traits(body: str, links: Sequence[str]) -> Iterator[str]:
    if links:
        yield f"trait:links {min(len(links), _MOST_LINKS)}"
    letters = [char for char in body if char.isalpha()]
    if len(letters) >= _ENOUGH_LETTERS and sum(map(str.isupper, letters)) * 2 > len(letters):
        yield "trait:shouts"
    if body.count("!") >= 3:
        yield "trait:!!!"
    if len(body) >= _LONG:
        yield "trait:long"
