"""What a log line may hold: no query, no token, no full address, nothing that a terminal or a viewer would obey."""

import re
from collections.abc import MutableMapping
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls: line breaks, escape sequences
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # bidi marks and overrides, separators, invisible characters
    "\ud800-\udfff]"  # lone surrogates, which can't be written as UTF-8
)
_PRIVATE = re.compile("/(mine|notice|privacy)/.*", re.IGNORECASE | re.DOTALL)
_TOKEN_LENGTH = 32
_PATH_LENGTH = 200


def logged_path(path: str) -> str:
    """A path fit for the log: `/mine/-` for a private link, `-` for what is as long as a token, 200 characters."""
    path = _PRIVATE.sub(lambda found: f"/{found[1].lower()}/-", path)
    segments = ("-" if len(segment) >= _TOKEN_LENGTH else segment for segment in path.split("/"))
    return escaped("/".join(segments)[:_PATH_LENGTH])


@lru_cache(maxsize=4_096)
def logged_address(address: str) -> str:
    """The network of an address, /24 or /48, written as its first address; what is no address stays as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return escaped(address[:45])
    length = 24 if isinstance(ip, IPv4Address) else 48
    return str(ip_network((int(ip), length), strict=False).network_address)


def escaped(text: str) -> str:
    r"""The text with controls, bidi marks, separators and lone surrogates written as `\u000a`."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def escape_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: escapes every text of a line, whoever wrote it. It stands before the renderer."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = escaped(value)
    return event
