"""How a serving process ends: whoever has come is answered, and nobody waits longer than was promised.

Design note. Told to stop, uvicorn closes its sockets at once, and with them the connections that wait in the kernel;
then every connection without a request under way, also one whose request lies unread. Under load both lose requests.
Here the loop first takes in who has arrived, quiet connections stay for LINGER seconds more, and every answer says
`Connection: close`, so that no client sends its next request into a closing connection. The header stands among the
server's default headers, which whatever answers has to send (uvicorn's own protocol and ours on top of it do).
"""

import asyncio
import contextlib
import socket
from collections.abc import Sequence

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from widget.cli.listening import turn_away
from widget.cli.memory import freeze_what_stays

LAST_WORDS = 8
"""Seconds that a stopping server waits for answers under way."""

LAST_CALL = LAST_WORDS + 1.5
"""Seconds in which it has ended, whatever still hangs."""

LINGER = 0.5
"""Seconds for which a quiet connection may still ask."""

_CLOSE = (b"connection", b"close")
_TAKING_IN = 0.02


class PartingConnection(HttpToolsProtocol):
    """A connection whose end loses no request. Stands in front of any protocol class made of uvicorn's own."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; a latecomer has LINGER seconds to ask."""
        super().connection_made(transport)
        if _CLOSE in self.server_state.default_headers:
            self.shutdown()

    def shutdown(self) -> None:
        """Answer what is under way, and what comes within LINGER seconds; then close."""
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(LINGER, super().shutdown)
        else:
            super().shutdown()


class DrainingServer(Server):
    """uvicorn's server with connections that part politely; `last` are the sockets that nobody serves after it."""

    def __init__(self, config: Config, last: Sequence[socket.socket] = ()) -> None:
        super().__init__(config)
        self._last = last

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See Server.startup."""
        chosen = self.config.http_protocol_class
        self.config.http_protocol_class = type(chosen.__name__, (PartingConnection, chosen), {})
        await super().startup(sockets)
        freeze_what_stays()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer who has come, close what is open; after LAST_CALL seconds it is over in any case."""
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        turn_away(self._last)
        await asyncio.sleep(_TAKING_IN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_CALL):
                await super().shutdown(sockets)
