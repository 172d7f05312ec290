"""When sessions were seen last, for the list of sessions: noted in memory, written down once a minute.

A page that is only looked at writes nothing, so the moment waits here. What is lost with a killed process is a minute
of a list that people look at; whether a session still lives is never read from it, but from the cookie.
"""

from widget.db.engine import Db
from widget.people import sessions_store as sessions

_MOST = 10_000


class Sightings:
    """The newest moment of each session, until it is written down."""

    def __init__(self) -> None:
        self._moments: dict[str, int] = {}

    def see(self, id_hash: str, now: int) -> None:
        """A session has been seen. Past ten thousand sessions a minute the newcomers' moments are let go."""
        if id_hash in self._moments or len(self._moments) < _MOST:
            self._moments[id_hash] = now

    def last(self, id_hash: str, written: int) -> int:
        """When a session was seen last: noted here, or `written` down before."""
        return max(self._moments.get(id_hash, 0), written)

    async def write_down(self, db: Db) -> None:
        """Keep what has been noted, in one transaction; without news there is none."""
        moments, self._moments = self._moments, {}
        if moments:
            async with db.transaction() as tx:
                await sessions.seen(tx, moments)
