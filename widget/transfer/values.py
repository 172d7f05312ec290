"""The values of a loosely typed row: exports write `"false"`, 0, false and nothing for the same thing."""

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from widget.transfer.times import read_number_of_time, read_time

Fields = Mapping[str, Any]

_TRUE = ("true", "1", "yes", "t")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,9})?")
_WRAPPED = ("$numberLong", "$numberInt", "$numberDouble", "$oid", "$date", "iso", "objectId")


def text_of(row: Fields, *names: str) -> str:
    """The first of these fields that holds a text or a number, as text; else an empty one."""
    return next(filter(None, (_text(row.get(name)) for name in names)), "")


def flag_of(row: Fields, *names: str) -> bool:
    """Whether one of these fields says yes."""
    return any(_text(row.get(name)).strip().lower() in _TRUE for name in names)


def whole_of(row: Fields, *names: str) -> int:
    """The first of these fields that holds a whole number, or as many as a list there is long; else 0."""
    for name in names:
        value = _unpacked(row.get(name))
        if isinstance(value, list):
            return len(value)
        if _WHOLE.fullmatch(_text(value).strip()):
            return int(_text(value))
    return 0


def time_of(row: Fields, *names: str) -> int | None:
    """The first of these fields that holds a time: ISO 8601, or seconds or milliseconds since 1970."""
    for name in names:
        text = _text(row.get(name)).strip()
        moment = read_number_of_time(float(text)) if _NUMBER.fullmatch(text) else read_time(text)
        if moment is not None:
            return moment
    return None


def rows_of(row: Fields, name: str) -> list[dict[str, Any]]:
    """The objects in a list; whatever else stands in it, or instead of it, is passed over."""
    value = row.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inside(row: Fields, name: str) -> dict[str, Any]:
    """An object within this one; an empty one where there is none."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def made_id(row: Fields) -> str:
    """For a comment without an id: one made of all that it is, so that a second run knows it again."""
    text = json.dumps(row, sort_keys=True, default=str)
    return "made-" + blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        # MongoDB and LeanCloud put a value's type around it
        return next((_text(value[name]) for name in _WRAPPED if name in value), "")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _unpacked(value: Any) -> Any:
    """Some exports keep a list as a text that holds JSON."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value
