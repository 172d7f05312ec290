"""The site's word lists. A word is literal text, matched whole, in any case and width.

A list is looked up, not searched: the text is cut into words once, and each word asks a table which entries begin with
it. So the time depends on the text and not on the list, and no entry can be a pattern that runs away (ASVS 1.2.9).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from widget.sites.site import SiteRules
from widget.spam.folding import folded
from widget.spam.verdict import HOLD, SPAM, Facts, Finding

_PIECE = re.compile(r"\w+|[^\w\s]")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without spaces: there a word is found inside others.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def find_hold_words(rules: SiteRules, facts: Facts) -> Finding | None:
    """A word that the site wants to look at."""
    return _find("hold-word", HOLD, rules.hold_words, facts)


def find_spam_words(rules: SiteRules, facts: Facts) -> Finding | None:
    """A word that the site never wants to see."""
    return _find("spam-word", SPAM, rules.spam_words, facts)


def _find(check: str, score: int, words: Sequence[str], facts: Facts) -> Finding | None:
    if not words:
        return None
    found = _first_of(*_listed(tuple(words)), folded(f"{facts.name}\n{facts.body}"))
    return Finding(check, score, found) if found else None


def _first_of(spaced: Mapping[str, Sequence[str]], unspaced: Sequence[str], text: str) -> str:
    for piece in _PIECE.finditer(text):
        for entry in spaced.get(piece[0], ()):
            if text.startswith(entry, piece.start()) and _ends(entry, text, piece.start() + len(entry)):
                return entry
    return next((entry for entry in unspaced if entry in text), "")


def _ends(entry: str, text: str, end: int) -> bool:
    """Whether no letter follows; an entry that ends with a sign has no such border."""
    return not _is_letter(entry[-1]) or end == len(text) or not _is_letter(text[end])


def _is_letter(char: str) -> bool:
    return char == "_" or char.isalnum()


@lru_cache(maxsize=256)
def _listed(words: tuple[str, ...]) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """A list's entries by the piece that they begin with, and those of writings without spaces."""
    entries = [entry for word in words if (entry := folded(word).strip())]
    spaced = defaultdict(list)
    for entry in entries:
        if not _UNSPACED.search(entry) and (head := _PIECE.match(entry)):
            spaced[head[0]].append(entry)
    return dict(spaced), tuple(entry for entry in entries if _UNSPACED.search(entry))
