"""Addresses in settings: the server's own origin, and database addresses without their password."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}


def bare(url: str) -> str:
    """`https://Comments.example:443/` -> `https://comments.example`.

    Raises ValueError for what is more, or less, than an origin.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("it must start with http:// or https:// and name a host")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it must be scheme, host and perhaps a port, with nothing behind them")
    return f"{parts.scheme}://{_host_and_port(parts)}"


def _host_and_port(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS[parts.scheme]) else f"{host}:{parts.port}"


def is_loopback(url: str) -> bool:
    """Whether the address can only be reached from this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    """A database address that may be shown: its password, wherever it stands, is masked."""
    parts = urlsplit(url)
    user, _, where = parts.netloc.rpartition("@")
    masked = parts._replace(netloc=f"{user.partition(':')[0]}:****@{where}" if ":" in user else parts.netloc)
    pairs = [f"{key}{eq}****" if key == "password" else f"{key}{eq}{value}" for key, eq, value in _pairs(parts.query)]
    return masked._replace(query="&".join(pairs)).geturl() if parts.netloc else url


def _pairs(query: str) -> list[tuple[str, str, str]]:
    return [pair.partition("=") for pair in query.split("&")] if query else []
