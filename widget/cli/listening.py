"""The sockets that `serve` listens on: one of its own, one that was handed over, or those of a systemd `.socket` unit.

A socket that somebody else keeps open outlives the server: while one stops and the next starts, connections wait in it
instead of being refused. A socket of our own ends with the server: before that, `turn_away` lets in whoever stands at
the door, and nobody else.
"""

import contextlib
import ctypes
import os
import socket
import struct
from collections.abc import MutableMapping, Sequence

from widget.cli.failing import Refused

_FIRST_FD = 3
_FD_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")

_SO_ATTACH_FILTER = 26
_DROP_FIRST_PACKETS = (
    (0x30, 0, 0, 13),  # load byte 13 of the TCP header, the flags
    (0x54, 0, 0, 0x12),  # of which SYN and ACK
    (0x15, 0, 1, 0x02),  # SYN alone begins a connection
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFF_FFFF),  # keep
)
"""A classic BPF program (Linux, Documentation/networking/filter.rst): code, jump if true, jump if false, operand."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on this address. Raises Refused with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host} port {port} ({_reason(error)}): choose another with --host and --port."
        ) from error


def inherited(fd: int) -> socket.socket:
    """The listening socket that whoever started us left open as this file descriptor. Raises Refused."""
    try:
        ours = socket.socket(fileno=fd)
    except OSError as error:
        raise Refused(f"File descriptor {fd} is no socket ({_reason(error)}): hand over one that listens.") from error
    if ours.type != socket.SOCK_STREAM or not ours.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        ours.detach()
        raise Refused(f"File descriptor {fd} is a socket that doesn't listen: hand over one that does.")
    ours.set_inheritable(False)
    return ours


def activated(environment: MutableMapping[str, str]) -> list[socket.socket]:
    """The sockets of a systemd `.socket` unit, none without one; what told of them is removed: sd_listen_fds(3).

    Raises Refused when one of them is no listening stream socket.
    """
    pid, count, _names = (environment.pop(name, "") for name in _FD_VARIABLES)
    if pid != str(os.getpid()) or not count.isdigit():
        return []
    return [inherited(fd) for fd in range(_FIRST_FD, _FIRST_FD + int(count))]


def turn_away(sockets: Sequence[socket.socket]) -> None:
    """Let no further connection begin, in whatever process; those that have begun can be accepted (Linux alone).

    Whoever closes a socket cuts the connections that wait in it. Without this, some always arrive just before. A
    newcomer's first packet is dropped, so he asks again a second later and finds the socket closed.
    """
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in _DROP_FIRST_PACKETS))
    filter_ = struct.pack("HL", len(_DROP_FIRST_PACKETS), ctypes.addressof(program))
    for each in sockets:
        with contextlib.suppress(OSError):
            each.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_)


def address_of(listening: socket.socket) -> str:
    """Where a socket listens, for people."""
    name = listening.getsockname()
    if listening.family not in (socket.AF_INET, socket.AF_INET6):
        return f"the Unix socket {os.fsdecode(name)}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"


def _reason(error: OSError) -> str:
    """The system's own words; Python adds the address to them, which the sentence has already."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror)
