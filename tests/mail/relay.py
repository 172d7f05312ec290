"""A real mail server on this machine that keeps what it is given, or never says a word."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler


class Kept(MessageHandler):
    """Everything that was handed in."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []
        self.answer = ""

    def handle_message(self, message: Message) -> None:
        """Keep it."""
        self.mails.append(message)

    async def handle_RCPT(  # noqa: N802  the server calls it so
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        """Take every recipient, unless told otherwise."""
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"


@contextlib.contextmanager
def a_relay() -> Iterator[tuple[Kept, str]]:
    """A relay and its address as a setting."""
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield kept, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@contextlib.contextmanager
def a_silent_relay() -> Iterator[str]:
    """It takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def hold() -> None:
            with contextlib.suppress(OSError):
                while True:
                    held.append(server.accept()[0])

        waiting = threading.Thread(target=hold, daemon=True)
        waiting.start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        waiting.join(5)
        for one in held:
            one.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
