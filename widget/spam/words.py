"""The site's word lists. A word is literal text, matched whole, in any case and width."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from widget.sites.site import SiteRules
from widget.spam.verdict import HOLD, SPAM, Facts, Finding


def find_hold_words(rules: SiteRules, facts: Facts) -> Finding | None:
    """A word that the site wants to look at."""
    return _find("hold-word", HOLD, rules.hold_words, facts)


def find_spam_words(rules: SiteRules, facts: Facts) -> Finding | None:
    """A word that the site never wants to see."""
    return _find("spam-word", SPAM, rules.spam_words, facts)


def _find(check: str, score: int, words: Sequence[str], facts: Facts) -> Finding | None:
    pattern = _pattern(tuple(words))
    match = pattern.search(_folded(f"{facts.name}\n{facts.body}")) if pattern else None
    return Finding(check, score, match[0]) if match else None


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Escaped alternatives between word borders; a word that begins or ends with a sign has no border there."""
    literals = [re.escape(folded) for word in words if (folded := _folded(word).strip())]
    return re.compile(rf"(?<!\w)(?:{'|'.join(literals)})(?!\w)") if literals else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
