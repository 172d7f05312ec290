"""The prefixes of an address that limits are counted for: a subscriber is one IPv4 address or one IPv6 /64."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

UNKNOWN = "unknown"
"""Stands for every client without an address (a Unix socket): they share one key."""

_WIDER = 8


@lru_cache(maxsize=4_096)
def address_keys(address: str) -> tuple[tuple[str, int], ...]:
    """The prefixes that stand for a client, each with the factor by which its limits are wider.

    IPv4 counts alone. IPv6 counts by /64, what one subscriber gets at least (RFC 6177), and by /48, what one may get at
    most, eight times as wide. IPv4-mapped addresses (RFC 4291, 2.5.5.2) count as the IPv4 address.
    """
    ip = _read(address)
    if ip is None:
        return ((UNKNOWN, 1),)
    if isinstance(ip, IPv4Address):
        return ((str(ip), 1),)
    return ((_prefix(ip, 64), 1), (_prefix(ip, 48), _WIDER))


@lru_cache(maxsize=4_096)
def networks_of(address: str) -> tuple[str, ...]:
    """The networks of a client that a ban may name, the narrow one first: the address and /24, or /64 and /48.

    None where the client has no address: everybody there would be banned at once.
    """
    ip = _read(address)
    if ip is None:
        return ()
    if isinstance(ip, IPv4Address):
        return (str(ip), f"{_shortened(ip, 24)}/24")
    return (_prefix(ip, 64), _prefix(ip, 48))


def read_network(typed: str) -> str | None:
    """The network that a moderator typed, in the spelling of `networks_of`; None where it is none of the four sizes."""
    address, _, length = typed.strip().partition("/")
    ip = _read(address)
    if ip is None:
        return None
    sizes = (32, 24) if isinstance(ip, IPv4Address) else (64, 48)
    if not length:
        return networks_of(address)[0]
    if length not in map(str, sizes):
        return None
    return networks_of(address)[sizes.index(int(length))]


def _shortened(ip: IPv4Address, length: int) -> IPv4Address:
    hidden = 32 - length
    return IPv4Address(int(ip) >> hidden << hidden)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _prefix(ip: IPv6Address, length: int) -> str:
    hidden = 128 - length
    return f"{IPv6Address(int(ip) >> hidden << hidden)}/{length}"
