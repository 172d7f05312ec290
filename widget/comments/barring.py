"""Whether somebody may not write here: the bans that stop a sender (case C149).

Networks and e-mail addresses are compared by a keyed hash: what is stored names nobody. A hash made with a key that has
been rotated away matches nothing any more, so such a ban ends with its key. Names are compared as the eye reads them
(`name_skeleton`), with `*` for any run of letters.
"""

from collections.abc import Sequence

from widget.comments.text import name_skeleton
from widget.db.engine import Reader
from widget.errors import Banned
from widget.limits.address_key import networks_of
from widget.people import bans_store as bans
from widget.people.ban import BanKind
from widget.people.bans_store import Marks
from widget.sites.keys import Keys

LEAST_LETTERS = 3
"""A pattern with fewer letters and digits would stop half of all names."""

_DIGITS = 32
_NETWORK = "address.v1"
_EMAIL = "banned-email.v1"


def wide_key(keys: Keys, site_id: int, address: str) -> str:
    """The keyed hash of a sender's wide network; empty where he has no address."""
    networks = networks_of(address)
    return network_key(keys, site_id, networks[-1]) if networks else ""


def network_key(keys: Keys, site_id: int, network: str) -> str:
    """The keyed hash of a network."""
    return keys.mac(_NETWORK, site_id, network).hex()[:_DIGITS]


def email_key(keys: Keys, site_id: int, email: str) -> str:
    """The keyed hash of an e-mail address, in any case."""
    return keys.mac(_EMAIL, site_id, email.strip().casefold()).hex()[:_DIGITS]


def marks_of(keys: Keys, site_id: int, *, address: str = "", person_id: int | None = None, email: str = "") -> Marks:
    """What a sender is compared by, with every key in force."""
    every = [mac for network in networks_of(address) for mac in keys.every_mac(_NETWORK, site_id, network)]
    emails = keys.every_mac(_EMAIL, site_id, email.strip().casefold()) if email else []
    return Marks(
        networks=tuple(mac.hex()[:_DIGITS] for mac in every),
        person="" if person_id is None else str(person_id),
        emails=tuple(mac.hex()[:_DIGITS] for mac in emails),
    )


async def refuse_banned(db: Reader, site_id: int, marks: Marks, name: str, now: int) -> None:
    """Raises Banned where a ban in force stops this sender."""
    found = await bans.that_may_stop(db, site_id, marks, now)
    bare = name_skeleton(name) if any(ban.kind is BanKind.NAME for ban in found) else ""
    found = [ban for ban in found if ban.kind is not BanKind.NAME or _fits(ban.mark, bare)]
    if found:
        last = max(found, key=lambda ban: (ban.ends_at is None, ban.ends_at or 0))
        raise Banned(last.ends_at, last.reason)


def name_pattern(typed: str) -> str | None:
    """A pattern of names as it is stored and compared; None where it would stop nearly everybody."""
    pieces = [name_skeleton(piece) for piece in typed.split("*")]
    return "*".join(pieces) if sum(map(len, pieces)) >= LEAST_LETTERS else None


def matches(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern. Piece by piece from the left: no pattern can make it slow."""
    return _fits(pattern, name_skeleton(name))


def _fits(pattern: str, bare: str) -> bool:
    first, *others = pattern.split("*")
    if not others:
        return bare == first
    if not bare.startswith(first):
        return False
    return _follow(others, bare, len(first))


def _follow(pieces: Sequence[str], text: str, at: int) -> bool:
    *middle, last = pieces
    for piece in middle:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(last) and len(text) - len(last) >= at
