"""Writing into the log: in the transaction of what it tells of, so that neither is kept without the other.

The end of a site's chain is locked from the first entry to the COMMIT: two writers queue there. So it is the last lock
that a transaction takes: lock threads first, then write down; where several sites are concerned, in the order of ids.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from widget import ids
from widget.db.engine import Tx
from widget.logbook import store
from widget.logbook.entry import Entry, Event, Head, digest


async def record(
    tx: Tx,
    site_id: int,
    by_id: int | None,
    action: str,
    *,
    now: int,
    comment_id: int | None = None,
    thread_id: int | None = None,
    person_id: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    facts: Mapping[str, str | int] | None = None,
    batch: int | None = None,
) -> int:
    """Write down what somebody did; the entry's id. `by_id` None: the author, a check or the command line.

    `action` is a short word ("approve", "set-rule"). Facts never hold names, texts or addresses of readers.
    """
    event = Event(action, comment_id, thread_id, person_id, before, after, reason, facts or {})
    (entry_id,) = await record_many(tx, site_id, by_id, [event], now=now, batch=batch)
    return entry_id


async def record_many(
    tx: Tx, site_id: int, by_id: int | None, events: Sequence[Event], *, now: int, batch: int | None = None
) -> list[int]:
    """Write down many events of one site in their order, with one lock; the entries' ids."""
    if not events:
        return []
    head = await store.locked_head(tx, site_id)
    entries = list(_chained(head, site_id, by_id, events, now, batch))
    await store.append(tx, entries)
    return [entry.id for entry in entries]


def _chained(
    head: Head, site_id: int, by_id: int | None, events: Sequence[Event], now: int, batch: int | None
) -> Iterator[Entry]:
    """The entries that follow the head; their ids grow, whatever the clock does."""
    first, previous = max(ids.new_id(now), head.last_id + 1), head.hash
    for index, event in enumerate(events):
        entry = _entry(event, site_id, first + index, head.number + 1 + index, by_id, batch, now, previous)
        yield entry
        previous = entry.hash


def _entry(
    event: Event, site_id: int, id_: int, number: int, by_id: int | None, batch: int | None, now: int, previous: str
) -> Entry:
    entry = Entry(
        site_id=site_id,
        id=id_,
        number=number,
        by_id=by_id,
        action=str(event.action),
        comment_id=event.comment_id,
        thread_id=event.thread_id,
        person_id=event.person_id,
        before=str(event.before),
        after=str(event.after),
        reason=event.reason,
        facts=_written(event.facts) if event.facts else "{}",
        batch=batch,
        at=now,
        previous=previous,
        hash="",
    )
    # `replace` would make all of it anew, for ten thousand entries in half a second; nobody else has seen this one yet.
    object.__setattr__(entry, "hash", digest(entry))
    return entry


def _written(facts: Mapping[str, str | int]) -> str:
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"))
