"""The fields of a form as text, once each. A field sent twice or a file in its place is remembered, not guessed at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from widget.wiring import AppState

_MOST_FIELDS = 200
_LONGEST_PART = 120_000
_TYPED = "typed"
_USUAL = "application/x-www-form-urlencoded"
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fields:
    """What arrived. `well_formed` is False where a browser showing our form could not have sent it so."""

    values: dict[str, str]
    well_formed: bool


async def read_fields(request: Request[AppState]) -> Fields:
    """All text fields of a form; of a repeated one the first. A body that no form parser reads has none.

    They stay with the request, so that an error page can give the text back whatever happens next.
    """
    try:
        items = await _items(request)
    except (HTTPException, ValueError):
        return Fields({}, well_formed=False)
    values: dict[str, str] = {}
    well_formed = True
    for name, value in items:
        if isinstance(value, str) and name not in values:
            values[name] = _sayable(value)
            well_formed = well_formed and values[name] == value
        else:
            well_formed = False
    request.scope[_TYPED] = values
    return Fields(values, well_formed)


async def _items(request: Request[AppState]) -> Sequence[tuple[str, object]]:
    """The fields in their order. A browser's usual form is read in one go; only multipart needs a parser."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == _USUAL:
        text = (await request.body()).decode("latin-1")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_PART)
    return form.multi_items()


def typed_in(request: Request[AppState]) -> Mapping[str, str]:
    """The fields that have been read from this request's form; none where nothing has."""
    typed: Mapping[str, str] = request.scope.get(_TYPED, {})
    return typed


def _sayable(value: str) -> str:
    """Without halves of surrogate pairs, which no page can hold: a sender's `charset` (utf-7) can make them."""
    return value.encode("utf-8", "replace").decode() if _HALF_PAIR.search(value) else value
