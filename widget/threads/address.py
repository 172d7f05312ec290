"""A page's address: its canonical form, and the page key that says which thread belongs to it.

The page key is versioned (`1:`): keys are stored, so another rule means another version and a `remap`.
Invariants: `canonical` of a canonical address is that address; a page key behind any origin gives itself again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from widget.errors import MalformedAddress
from widget.sites.origins import AddressError, Parts, take_apart

LONGEST = 2_000
"""Bytes of a page's address, as typed and in its canonical form."""

WORDPRESS_KEEP = ("p", "page_id", "attachment_id")
"""The query parameters that name a page where a WordPress site has no permalinks."""

_VERSION = "1:"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# RFC 3986, section 3.3 and 3.4. A percent sign that begins no escape matches the last branch of both.
_PATH = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]")
_QUERY = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_SLASHES = re.compile(r"/{2,}")
_INDEX = re.compile(r"(?<=/)(?:index\.(?:html|htm|php)|default\.aspx)\Z")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where an article lives: its origin, and its whole address in canonical form (without a fragment)."""

    origin: str
    url: str


@lru_cache(maxsize=512)
def canonical(url: str) -> PageAddress:
    """The one spelling of a page's address.

    Raises MalformedAddress, whose `why` is `missing`, `too-long`, `not-absolute`, `scheme`, `userinfo`, `host` or
    `characters` (control characters, white space, half a surrogate pair, a backslash in the path).
    """
    if len(url.encode("utf-8", "surrogatepass")) > LONGEST:
        raise MalformedAddress(url, "too-long")
    parts = _parts(url)
    query = "" if parts.query is None else "?" + _encoded(_QUERY, parts.query)
    address = PageAddress(parts.origin, parts.origin + _path(parts) + query)
    if len(address.url) > LONGEST:
        raise MalformedAddress(url, "too-long")
    return address


@lru_cache(maxsize=512)
def page_key(url: str, keep: tuple[str, ...] = ()) -> str:
    """The identity of a page among the pages of its site: `1:/path?x=1`, without scheme and host.

    `keep` names the query parameters that count. Raises MalformedAddress as `canonical` does.
    """
    parts = _parts(canonical(url).url)
    path = _trimmed(_SLASHES.sub("/", parts.path))
    kept = "&".join(sorted(set(_kept(parts.query or "", keep))))
    return f"{_VERSION}{path}?{kept}" if kept else f"{_VERSION}{path}"


def _parts(url: str) -> Parts:
    try:
        return take_apart(url)
    except AddressError as refused:
        raise MalformedAddress(url, refused.why) from None


def _path(parts: Parts) -> str:
    return _without_dots(_encoded(_PATH, parts.path or "/"))


def _encoded(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(_escape, text)


def _escape(matched: re.Match[str]) -> str:
    """An escape in upper case, or the unreserved character it stands for; anything else as an escape.

    A lone percent sign becomes `%25`, or else `%%34%31` would give `%41`, which is another address the next time.
    """
    found = matched[0]
    if len(found) == 1:
        return "".join(f"%{byte:02X}" for byte in found.encode("utf-8"))
    char = chr(int(found[1:], 16))
    return char if char in _UNRESERVED else found.upper()


def _without_dots(path: str) -> str:
    """The path with its `.` and `..` resolved (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _trimmed(path: str) -> str:
    """Without the name of an index page and the last slash, until there is neither (once is not idempotent)."""
    while True:
        shorter = _INDEX.sub("", path).removesuffix("/") or "/"
        if shorter == path:
            return path
        path = shorter


def _kept(query: str, keep: tuple[str, ...]) -> Iterator[str]:
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if name in keep:
            yield f"{name}={value}" if value else name
