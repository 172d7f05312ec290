"""Which shared page an address asks for, in one spelling: what doesn't change a page's bytes isn't part of it.

Two addresses that differ in unknown parameters, in order, in spelling, or in an Accept-Language that comes to the same,
ask for the same page.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl

from widget import ids
from widget.pages.view import ORDERS, THEMES, Kind, page_length
from widget.rendering import negotiated

_TARGET = re.compile(r"/(embed|thread)/([a-z0-9-]{1,40})\?([\x21\x22\x24-\x7e]*)")
_TEXTS = ("url", "id", "title", "sig")
_KEYS = ("after", "reply", "focus")
_REMEMBERED = 4_096
_LONGEST = 2_048


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shared page. `key` names it and holds all that is said about it: thousands of these are remembered."""

    key: str

    @property
    def kind(self) -> Kind:
        """In the frame, or a page of its own."""
        return self._parts[0]

    @property
    def slug(self) -> str:
        """The site's."""
        return self._parts[1]

    @property
    def language(self) -> str:
        """Empty: the site's own."""
        return self._parts[2]

    @property
    def query(self) -> Mapping[str, str]:
        """The known parameters."""
        return dict(self._parts[3])

    @property
    def _parts(self) -> tuple[Kind, str, str, list[tuple[str, str]]]:
        return cast("tuple[Kind, str, str, list[tuple[str, str]]]", json.loads(self.key))


def wanted(kind: Kind, slug: str, query: Mapping[str, str], accept_language: str) -> Wanted | None:
    """The shared page that these parameters ask for. None: a private link is among them, so the page is somebody's."""
    if query.get("mine"):
        return None
    known = {name: query[name] for name in _TEXTS if query.get(name)}
    named = negotiated(query.get("lang", ""), "")
    choices = {
        "lang": named,
        "theme": query.get("theme", "") if query.get("theme") in THEMES else "",
        "sort": query.get("sort", "") if query.get("sort") in ORDERS else "",
        "n": str(page_length(query["n"])) if query.get("n", "").isdigit() else "",
    }
    places = {name: _spelled(query[name]) for name in _KEYS if query.get(name)}
    chosen = {name: value for name, value in (choices | places).items() if value}
    said = [kind, slug, named or negotiated(accept_language, ""), list((known | chosen).items())]
    return Wanted(json.dumps(said, separators=(",", ":")))


def wanted_at(target: bytes, accept_language: bytes) -> Wanted | None:
    """The same from a request's first line: None also for every other address. Cheap for what was asked lately."""
    if len(target) > _LONGEST:
        return _read(target, accept_language[:500])
    return _remembered(target, accept_language[:500])


def _read(target: bytes, accept_language: bytes) -> Wanted | None:
    found = _TARGET.fullmatch(target.decode("latin-1"))
    if found is None:
        return None
    query = dict(parse_qsl(found[3], keep_blank_values=True))
    return wanted(cast("Kind", found[1]), found[2], query, accept_language.decode("latin-1"))


_remembered = lru_cache(_REMEMBERED)(_read)


def _spelled(key: str) -> str:
    id_ = ids.decode(key)
    return "" if id_ is None else ids.encode(id_)
