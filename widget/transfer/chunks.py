"""The comments of an import in chunks, each with its contents; cleaners make those of the next chunks meanwhile.

1. The order is that of the plan, whoever is done first.
2. At most two chunks more than there are cleaners are under way, so memory is bounded whatever the size of the file.
3. A cleaner that dies (memory, a signal) costs time and nothing else: what it was to do is done here.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence

from widget.transfer.content import Content, contents_of
from widget.transfer.content_apart import Cleaners
from widget.transfer.spooled import SpoolRow
from widget.transfer.store_spool import Spool

Chunk = tuple[Sequence[int], list[Content]]

MOST_CLEANERS = 1
"""One keeps up with whoever writes; a second one would only take its memory."""
_WORTH_IT = 4_000
"""Comments below which a cleaner isn't ready before the work is done."""


def cleaners_for(comments: int) -> int:
    """How many cleaners are worth their start: none where there is little to do, or no second processor."""
    if comments < _WORTH_IT or not hasattr(os, "sched_getaffinity"):
        return 0
    return min(MOST_CLEANERS, len(os.sched_getaffinity(0)) - 1)


async def chunks_of(spool: Spool, order: Sequence[int], size: int, cleaners: int) -> AsyncIterator[Chunk]:
    """Chunks of so many comments' numbers, with their contents."""
    chunks = _chunks(order, size)
    if not cleaners:
        for chunk in chunks:
            yield chunk, contents_of(spool.rows(chunk))
        return
    with Cleaners(cleaners) as pool:
        waiting: deque[tuple[Sequence[int], list[SpoolRow], asyncio.Future[list[Content] | None]]] = deque()
        for chunk in chunks:
            rows = spool.rows(chunk)
            waiting.append((chunk, rows, pool.begin(rows)))
            if len(waiting) > cleaners + 1:
                yield await _first(waiting)
        while waiting:
            yield await _first(waiting)


async def _first(waiting: "deque[tuple[Sequence[int], list[SpoolRow], asyncio.Future[list[Content] | None]]]") -> Chunk:
    chunk, rows, made = waiting.popleft()
    contents = await made
    return chunk, contents_of(rows) if contents is None else contents


def _chunks(order: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]
