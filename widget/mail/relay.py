"""The mail server that takes our mails, from `smtp://user:password@host:port` or `smtps://...`."""

import ipaddress
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mails are handed in. `tls` from the first byte; else by STARTTLS: obligatory unless it is this machine."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine, so that nobody can listen on the way."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_relay(url: str) -> Relay:
    """The relay that a setting names. Raises ValueError with half a sentence for the operator."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("its host or port can't be read") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("it must start with smtp:// or smtps:// and name a host")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it must end with the host and perhaps a port")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Relay(parts.hostname, port or _PORTS[parts.scheme], user, password, parts.scheme == "smtps")


def read_sender(text: str) -> str:
    """`name@example.org`, or with a name before it. Raises ValueError."""
    _, address = parseaddr(text)
    user, _, host = address.rpartition("@")
    if not user or not host or not text.isprintable() or any(char in address for char in ' <>"\\'):
        raise ValueError("it must be an e-mail address, perhaps with a name: Comments <comments@example.org>")
    return text
