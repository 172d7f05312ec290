"""Who may embed: origins (scheme, host, port) in one spelling, and the one place where an address is taken apart.

Addresses are read by the rules of RFC 3986 and, where browsers differ, of https://url.spec.whatwg.org.
`urllib.parse` does not take them apart: it drops tabs and newlines, and accepts hosts and ports that no browser does.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass

import idna

_EXAMPLE = "https://partner.example"
_DEFAULT_PORT = {"http": "80", "https": "443"}
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AFTER_SCHEME = re.compile(r"//([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]*\]|[^:\[\]]*)(?::([0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_HOST = 253

_SENTENCES = {
    "missing": f"Write the origin of the site's pages, for example {_EXAMPLE}.",
    "characters": f"An origin holds no spaces, control characters or backslashes: write it like {_EXAMPLE}.",
    "not-absolute": f"Write the whole origin with its scheme and two slashes, for example {_EXAMPLE}.",
    "scheme": f"An origin begins with http:// or https://, for example {_EXAMPLE}.",
    "userinfo": f"An origin holds no user name or password: write it like {_EXAMPLE}.",
    "host": f"The host or the port of this origin can't be right: write it like {_EXAMPLE} or {_EXAMPLE}:8443.",
    "wildcard": f"An origin names one host, without a star: register each host by itself, for example {_EXAMPLE}.",
    "path": f"An origin ends with its host or port, without a path or a query: write it like {_EXAMPLE}.",
}


class AddressError(ValueError):
    """This is no absolute http(s) address; `why` is a short word.

    It is `missing`, `characters`, `not-absolute`, `scheme`, `userinfo` or `host`.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class OriginError(ValueError):
    """What an owner typed is anything but one origin; `why` is a key of the sentences above."""

    def __init__(self, why: str) -> None:
        super().__init__(_SENTENCES[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Parts:
    """An address in its parts. Only the origin has been brought to one spelling; the rest is as it was typed."""

    origin: str
    path: str
    query: str | None
    fragment: str | None


def read_origin(typed: str) -> str:
    """The one spelling of an origin that an owner typed: `scheme://host[:port]`, lower case, IDNA, no default port.

    Raises OriginError with a sentence for the owner where it is anything but one origin.
    """
    try:
        parts = take_apart(typed.strip())
    except AddressError as refused:
        raise OriginError("wildcard" if "*" in typed else refused.why) from None
    if parts.path not in ("", "/") or parts.query is not None or parts.fragment is not None:
        raise OriginError("path")
    return parts.origin


def origin_of(url: str) -> str:
    """The origin of an absolute address. Raises AddressError."""
    return take_apart(url).origin


def is_registered(origin: str, origins: Collection[str]) -> bool:
    """Is this origin one of the site's? Both are in the one spelling; nothing but equality counts."""
    return origin in origins


def take_apart(url: str) -> Parts:
    """The parts of an absolute http(s) address. Raises AddressError.

    A backslash before the query is refused: browsers read it as a slash, others as a part of the host.
    """
    if not url:
        raise AddressError("missing")
    if _UNSAFE.search(url):
        raise AddressError("characters")
    scheme, after = _split_scheme(url)
    matched = _AFTER_SCHEME.fullmatch(after)
    if matched is None:
        raise AddressError("not-absolute")
    authority, path, query, fragment = matched.groups()
    if "\\" in authority + path:
        raise AddressError("characters")
    origin = f"{scheme}://{_authority(scheme, authority)}"
    return Parts(origin, path, query and query[1:], fragment and fragment[1:])


def _split_scheme(url: str) -> tuple[str, str]:
    matched = _SCHEME.match(url)
    if matched is None:
        raise AddressError("not-absolute")
    scheme = matched[1].lower()
    if scheme not in _DEFAULT_PORT:
        raise AddressError("scheme")
    return scheme, url[matched.end() :]


def _authority(scheme: str, authority: str) -> str:
    if "@" in authority:
        raise AddressError("userinfo")
    matched = _AUTHORITY.fullmatch(authority)
    if matched is None:
        raise AddressError("host")
    port = _port(matched[2] or _DEFAULT_PORT[scheme])
    host = _host(matched[1])
    return host if port == _DEFAULT_PORT[scheme] else f"{host}:{port}"


def _port(digits: str) -> str:
    port = digits.lstrip("0")
    if not port or len(port) > 5 or int(port) > 65_535:
        raise AddressError("host")
    return port


def _host(typed: str) -> str:
    try:
        return _ipv6(typed) if typed.startswith("[") else _name(typed)
    except ValueError:
        raise AddressError("host") from None


def _ipv6(typed: str) -> str:
    address = ipaddress.IPv6Address(typed[1:-1])
    if address.ipv4_mapped is None:
        return f"[{address.compressed}]"
    low = int(address.ipv4_mapped)  # written by hand: Python 3.13 spells mapped addresses otherwise than 3.11
    return f"[::ffff:{low >> 16:x}:{low & 0xFFFF:x}]"


def _name(typed: str) -> str:
    """A host name, without the dot that stands for the root. A name that ends in a number has to be an IPv4 address."""
    mapped = typed if typed.isascii() else idna.uts46_remap(typed, std3_rules=False)
    labels = [_label(label) for label in mapped.lower().removesuffix(".").split(".")]
    name = ".".join(labels)
    if len(name) > _LONGEST_HOST:
        raise ValueError(name)
    return str(ipaddress.IPv4Address(name)) if _NUMBER.fullmatch(labels[-1]) else name


def _label(label: str) -> str:
    """One part of a host name in ASCII (RFC 5891); underscores are let through, since such hosts exist."""
    if not label.isascii():
        return idna.alabel(label).decode("ascii")
    if not _LABEL.fullmatch(label) or (label.startswith("xn--") and not _is_punycode(label[4:])):
        raise ValueError(label)
    return label


def _is_punycode(encoded: str) -> bool:
    """Does it stand for a name in the only spelling that a browser would give it? (RFC 3492, UTS 46)"""
    decoded = encoded.encode("ascii").decode("punycode")
    return not decoded.isascii() and idna.uts46_remap(decoded, std3_rules=False) == decoded
