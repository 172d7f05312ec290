"""Lists as people type them: commas of Arabic, Chinese and Japanese part them as the Latin one does."""

import re

_FOREIGN = re.compile("[\u060c\u3001\uff0c]")
"""The commas of Arabic, of Chinese and Japanese lists, and the full-width one."""


def between_commas(typed: str) -> list[str]:
    """The parts of a list, without the blanks around them and without empty ones."""
    return [part.strip() for part in with_latin_commas(typed).split(",") if part.strip()]


def with_latin_commas(typed: str) -> str:
    """The same text with every comma a Latin one."""
    return _FOREIGN.sub(",", typed)
