"""Which origins were refused lately, so that an owner sees what he forgot to register.

Kept in the memory of one process and bounded: anybody can ask for a frame with an invented address. An origin that is
asked for often stays; one that came once makes room for the next.
"""

from dataclasses import dataclass

_MOST_SITES = 500
_MOST_ORIGINS = 20
_LONGEST_ORIGIN = 200


@dataclass(slots=True)
class RefusedOrigin:
    """An origin, how often its articles were refused since the start, and when last (milliseconds)."""

    origin: str
    times: int
    last: int


class RefusedOrigins:
    """The refused origins of every site, by its slug."""

    def __init__(self) -> None:
        self._sites: dict[str, dict[str, RefusedOrigin]] = {}

    def note(self, slug: str, origin: str, now: int) -> None:
        """A frame for an article on this origin was refused."""
        if len(origin) > _LONGEST_ORIGIN:
            return
        known = self._sites.pop(slug, {})
        self._sites[slug] = known
        if len(self._sites) > _MOST_SITES:
            del self._sites[next(iter(self._sites))]
        if origin not in known and len(known) >= _MOST_ORIGINS:
            del known[min(known.values(), key=lambda one: (one.times, one.last)).origin]
        times = known[origin].times if origin in known else 0
        known[origin] = RefusedOrigin(origin, times + 1, now)

    def of(self, slug: str, registered: tuple[str, ...]) -> list[RefusedOrigin]:
        """What was refused and isn't registered by now, the most frequent first."""
        found = [one for one in self._sites.get(slug, {}).values() if one.origin not in registered]
        return sorted(found, key=lambda one: (-one.times, -one.last))
