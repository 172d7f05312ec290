"""Text as the checks compare it: any case, any width, without characters that nobody sees."""

import unicodedata

from widget.markup.characters import INVISIBLE


def folded(text: str) -> str:
    """NFKC, case-folded, invisible characters taken out."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
