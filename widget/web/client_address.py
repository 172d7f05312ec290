"""Who is asking: the socket's peer, or what a trusted proxy says about it in X-Forwarded-For, and no other header."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

UNIX = "unix"
"""The peer of a Unix socket, which has no address."""

Headers = Iterable[tuple[bytes, bytes]]
"""Headers as ASGI gives them: lower-case names, raw values."""


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The peers whose X-Forwarded-For is believed; `unix` for whoever connects through our Unix socket."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    unix: bool = False

    def trusts(self, address: str) -> bool:
        """Whether that address, or UNIX, is one of them."""
        if address == UNIX:
            return self.unix
        ip = ip_address(address)
        return any(ip in network for network in self.networks)


def read_trusted(entries: Sequence[str]) -> TrustedProxies:
    """The proxies named in the settings: addresses, networks, or `unix`. Raises ValueError with one sentence."""
    named = [entry.strip() for entry in entries]
    networks = tuple(_network(entry) for entry in named if entry != UNIX)
    return TrustedProxies(networks, unix=UNIX in named)


def client_address(peer: Sequence[object] | None, headers: Headers, trusted: TrustedProxies) -> str:
    """The client's address in its canonical form, or UNIX.

    `peer` is the scope's `client`. X-Forwarded-For is read from the right, where the nearest proxy wrote, to the first
    address that isn't trusted; what stands left of it the client may have made up. Something unreadable ends the walk
    at the last address that could be read. IPv4-mapped addresses (RFC 4291, 2.5.5.2) become IPv4.
    """
    address = _peer_address(peer)
    for entry in _forwarded(headers):
        if not trusted.trusts(address):
            break
        said = _read(entry)
        if said is None:
            break
        address = said
    return address


def _network(entry: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(entry)
    except ValueError:
        hint = _without_host_bits(entry)
        raise ValueError(f"A trusted proxy can't be read from {entry[:60]!r}: write for example {hint}.") from None
    if network.prefixlen == 0:
        raise ValueError(f"Trusting {entry} would let every visitor choose his own address: name your proxy's network.")
    return network


def _without_host_bits(entry: str) -> str:
    try:
        return str(ip_network(entry, strict=False))
    except ValueError:
        return "127.0.0.1, 10.0.0.0/8 or unix"


def _peer_address(peer: Sequence[object] | None) -> str:
    return (_read(str(peer[0])) if peer else None) or UNIX


def _forwarded(headers: Headers) -> Iterator[str]:
    line = b",".join(value for name, value in headers if name == b"x-forwarded-for")
    return reversed(line.decode("latin-1").split(",")) if line else iter(())


@lru_cache(maxsize=4_096)
def _read(entry: str) -> str | None:
    try:
        ip = ip_address(_without_port(entry.strip()))
    except ValueError:
        return None
    return str(_plain(ip))


def _without_port(entry: str) -> str:
    """`1.2.3.4:5`, `[::1]` and `[::1]:5` lose brackets and port; a zone (`fe80::1%eth0`) means nothing elsewhere."""
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    return entry.partition("%")[0]


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (ip.ipv4_mapped if isinstance(ip, IPv6Address) else None) or ip
