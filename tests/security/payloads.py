"""Hostile texts for every field: drawn from the corpora, never chosen for what we know of ourselves."""

from tests.corpora import naughty_strings, xss_strings
from widget.comments.text import normalise_body, normalise_name

SHORTEST_FIELD = 60
"""What fits into the narrowest field that somebody types into, a name."""


def lines() -> list[str]:
    """Every hostile string that any field takes as it is: one line, and nothing that is normalised away."""
    known = dict.fromkeys([*xss_strings(), *naughty_strings()])
    return [text for text in known if _stays(text) and set(text) & set("<>\"'&{%`;:")]


def sample(count: int) -> list[str]:
    """So many of them, from all of the lists, with room for a mark behind them."""
    every = [text for text in lines() if len(text) <= SHORTEST_FIELD - 4]
    return every[:: len(every) // count][:count]


def _stays(text: str) -> bool:
    if not text.isprintable() or " ".join(text.split()) != text:
        return False
    return normalise_body(text) == text == normalise_name(text)
