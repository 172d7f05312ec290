"""The e-mail address that somebody types to learn what is stored about him."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from widget.comments.text import unstorable

LONGEST = 254
_EMAIL = re.compile(r"[^@\s<>\"\x00-\x1f\x7f]{1,64}@[^@\s<>\"\x00-\x1f\x7f]+\.[^@\s<>\".\x00-\x1f\x7f]+")


class Fault(StrEnum):
    """What is wrong with the address; templates/privacy/_words.html holds the sentences."""

    EMPTY = "empty"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    email: str
    trap: bool = False
    fault: Fault | None = None


def read_asked(fields: Mapping[str, str]) -> Asked:
    """The address in a form's fields; `trap` is filled in by programs alone."""
    email = fields.get("email", "").strip()
    fault = None if is_email(email) else Fault.NO_ADDRESS if email else Fault.EMPTY
    return Asked("" if unstorable(email) else email, bool(fields.get("url")), fault)


def is_email(typed: str) -> bool:
    """Whether this can be an e-mail address."""
    return len(typed) <= LONGEST and not unstorable(typed) and _EMAIL.fullmatch(typed) is not None
