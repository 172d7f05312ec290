"""Whether the log is as it was written: every entry still fits its hash, the entry before it and the end of the chain.

It shows a change made by hand, by a bug or by a damaged disk. Whoever can rewrite the whole table can make a new chain:
an exported log, kept elsewhere, holds the hashes to compare.
"""

from dataclasses import dataclass

from widget.db.engine import Reader
from widget.logbook import store
from widget.logbook.entry import FIRST, Entry, Head, digest

_CHUNK = 1_000
_LOWEST = -1 << 62


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that doesn't fit, by site and number, and why."""

    site_id: int
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at all chains found."""

    entries: int
    faults: tuple[Fault, ...]


async def verify(db: Reader) -> Verified:
    """Go through every chain, a thousand entries at a time."""
    entries, faults = 0, list[Fault]()
    for site_id in await store.sites_of(db):
        seen, found = await _verify_site(db, site_id)
        entries += seen
        faults += found
    return Verified(entries, tuple(faults))


async def _verify_site(db: Reader, site_id: int) -> tuple[int, list[Fault]]:
    """Entries may be written meanwhile: it is the end where the chain's own end says so, or where nothing follows."""
    last, seen, faults = Head(0, 0, FIRST), 0, list[Fault]()
    head: Head | None = None
    following = await store.behind(db, site_id, _LOWEST, _CHUNK)
    while following:
        for entry in following:
            trusted = not faults or faults[-1].number != last.number
            if problem := _problem(entry, last, trusted=trusted):
                faults.append(Fault(site_id, entry.number, problem))
            last, seen = Head(entry.number, entry.id, entry.hash), seen + 1
        head = await store.head_of(db, site_id)
        following = [] if head == last else await store.behind(db, site_id, last.number, _CHUNK)
    head = head or await store.head_of(db, site_id)
    if (problem := _problem_at_end(head, last)) and (not faults or faults[-1].number != last.number):
        faults.append(Fault(site_id, last.number, problem))
    return seen, faults


def _problem(entry: Entry, last: Head, *, trusted: bool) -> str:
    """Why an entry doesn't fit behind the last one; empty where it does. A last one that doesn't fit proves nothing."""
    if entry.hash != digest(entry):
        return "it has been changed"
    if entry.number != last.number + 1 and trusted:
        return f"it follows number {last.number}: what stood between is missing"
    if entry.previous != last.hash and trusted:
        return "the entry before it has been changed or replaced"
    return ""


def _problem_at_end(head: Head | None, last: Head) -> str:
    if head is None:
        return "the end of the chain is not written down"
    if head != last:
        return f"the log ends here, but {head.number} entries have been written"
    return ""
