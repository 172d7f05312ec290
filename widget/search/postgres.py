"""Finding on PostgreSQL: a GIN index finds all that holds some words and marks, in no order, and each costs a visit.

What is common would be found by the hundred thousand for the sake of fifty, so:

1. The first comments of the state are looked at one by one. Where enough of them match, that was it.
2. Else time is walked through in spans, which are marks like any other, from the end where the page begins. Where
   a span doesn't fill the page the next one is sixteen times as long; where it holds too much, its sixteenths are
   looked at.
3. Behind the first span of each length all of the rest is asked for, and that is the end where it isn't too much. So
   what is rare costs six look-ups, however far apart it stands. (Asked for sooner it would cost most where it helps
   least: two words that are common by themselves are joined over all of time.)

So no query visits more than a few hundred comments, whatever the words, and wherever in time they stand. What remains
is the joining of long lists inside the index.

Rejected: one query with `order by id limit 51`. Whether it walks or looks up is the planner's guess, it knows neither
how the words nor how time and words go together, and it is wrong by a factor of a thousand.
"""

import json
from collections.abc import Sequence

from widget.db.engine import Reader
from widget.search import document
from widget.search.in_order import Key, in_order
from widget.search.wanted import Wanted
from widget.search.words import Term

LOOKED_AT = 400
"""Comments looked at one by one. Where fifty of them match, one in eight does."""

MOST_IN_SPAN = 400
"""Comments that a span may hold before its parts are looked at instead."""

_SPANS = (40, 44, 48, 52, 56)
"""How many bits of an id a span leaves out; migration 0003 writes their marks."""

_EVERYTHING = 2**31


async def found(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    """Site and id of the first comments that are wanted."""
    first = await in_order(db, wanted, LOOKED_AT)
    keys = (await _fitting(db, wanted, first))[:limit]
    if len(keys) == limit or len(first) < LOOKED_AT:
        return keys
    return await _looked_up(db, wanted, first[0][1], limit)


async def _fitting(db: Reader, wanted: Wanted, keys: Sequence[Key]) -> list[Key]:
    """Those of the keys whose comments hold all that is wanted, in their order."""
    rows = await db.rows(
        """
        select comment_search.site_id, comment_search.id
        from json_array_elements(cast(:keys as json)) with ordinality as wanted (key, place)
        join comment_search
          on comment_search.site_id = cast(wanted.key ->> 0 as bigint)
          and comment_search.id = cast(wanted.key ->> 1 as bigint)
        where comment_search.words @@ cast(:words as tsquery)
        order by wanted.place
        """,
        keys=json.dumps(keys),
        words=expression(wanted),
    )
    return [(row["site_id"], row["id"]) for row in rows]


async def _looked_up(db: Reader, wanted: Wanted, at: int, limit: int) -> list[Key]:
    """Span by span from the id `at` on, upward or downward as the page is ordered, the spans growing."""
    keys: list[Key] = []
    over, under = wanted.over, wanted.under
    full: set[tuple[int, int]] = set()
    level, longest, rest_is_much = 0, False, False
    while len(keys) < limit and over < at < under:
        if longest and not rest_is_much:
            some = await _in_span(db, wanted, "", over, under, MOST_IN_SPAN)
            if len(some) < MOST_IN_SPAN:
                return (keys + _in_their_order(some, wanted))[:limit]
            rest_is_much = True
        bits = _SPANS[level]
        span = at >> bits
        most = max(MOST_IN_SPAN, limit) if level else _EVERYTHING
        some = await _in_span(db, wanted, f"§b{bits - 20}x{span}", over, under, most)
        if len(some) == most:
            full.add((bits, span))
            level -= 1
            continue
        keys += _in_their_order(some, wanted)
        longest = bits == _SPANS[-1]
        if wanted.newest:
            under = span << bits
            at = under - 1
        else:
            at = (span + 1) << bits
            over = at - 1
        if level + 1 < len(_SPANS) and (_SPANS[level + 1], at >> _SPANS[level + 1]) not in full:
            level += 1
    return keys[:limit]


def _in_their_order(keys: Sequence[Key], wanted: Wanted) -> list[Key]:
    return sorted(keys, key=lambda key: key[1], reverse=wanted.newest)


async def _in_span(db: Reader, wanted: Wanted, mark: str, over: int, under: int, most: int) -> list[Key]:
    """What is wanted of the comments of one span (without a mark: of all), in no order; `most` of it."""
    rows = await db.rows(
        "select site_id, id from found_in_search(cast(:words as tsquery), :over, :under, :most)",
        words=f"{expression(wanted)} & '{mark}'" if mark else expression(wanted),
        over=over,
        under=under,
        most=most,
    )
    own = set(wanted.site_ids)
    return [(row["site_id"], row["id"]) for row in rows if row["site_id"] in own]


def expression(wanted: Wanted) -> str:
    """What is wanted in PostgreSQL's own language. No word holds a quotation mark or a backslash."""
    marks = [*wanted.marks]
    if wanted.waiting:
        marks.append(document.WAITING_MARK)
    if wanted.state:
        marks.append(document.state_mark(wanted.state))
    parts = [*map(_of_term, wanted.terms), *(f"'{mark}'" for mark in marks)]
    if wanted.needs_sites:
        sites = " | ".join(f"'{document.site_mark(site_id)}'" for site_id in wanted.site_ids)
        parts.append(f"({sites})")
    return " & ".join(parts)


def _of_term(term: Term) -> str:
    return f"'{term.word}'{':*' if term.is_stem else ''}"
