"""The prefixes of an address that limits are counted for: a subscriber is one IPv4 address or one IPv6 /64."""

from ipaddress import IPv4Address, IPv6Address, ip_address

UNKNOWN = "unknown"
"""Stands for every client without an address (a Unix socket): they share one key."""

_WIDER = 8


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


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _prefix(ip: IPv6Address, length: int) -> str:
    hidden = 128 - length
    return f"{IPv6Address(int(ip) >> hidden << hidden)}/{length}"
