"""A small discussion that every system exports: who said what, when, in which state; and how a file of it is made.

On the article /a of BLOG, "An article", Ada writes first (`root`), Bob answers her (`reply`), and each format adds the
states that it knows: `pending`, `spam`, `rejected`, `deleted`. The first has three votes for it and one against.
"""

import json
from pathlib import Path
from typing import Any

from widget.comments.comment import State

AT = 1_577_934_245
"""2020-01-02 03:04:05 UTC; each comment is a minute younger than the one before it."""

ISO = "2020-01-02T03:0{}:05"
ROOT, REPLY, PENDING, SPAM, REJECTED, DELETED = ("root", "reply", "pending", "spam", "rejected", "deleted")
STATES = {
    ROOT: State.APPROVED,
    REPLY: State.APPROVED,
    PENDING: State.PENDING,
    SPAM: State.SPAM,
    REJECTED: State.REJECTED,
    DELETED: State.DELETED,
}
BODY = "Hello *world* from {}"
HTML = "<p>Hello <em>world</em> from {}</p>"


def iso(number: int, zone: str = "Z") -> str:
    """The time of the comment of that number."""
    return ISO.format(4 + number) + zone


def as_json(folder: Path, name: str, content: Any) -> Path:
    return written(folder, name, json.dumps(content, indent=1))


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
