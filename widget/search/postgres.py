"""Finding on PostgreSQL: a GIN index finds all that holds some words and marks, in no order, and each costs a visit.

What is common would be found by the hundred thousand for the sake of fifty, so:

1. The first comments of the state are looked at one by one. Where enough of them match, that was it.
2. Behind them time is walked through in spans, which are marks like any other (spans.py). Where a span doesn't fill the
   page the next one is four times as long; where it holds too much, its quarters are looked at.
3. The longest spans may hold almost all there is, so some hours all over them are tried before: where those hold
   much, it does. (A wrong guess costs time, never a comment.)
4. For a stem ("elect*") the index first joins the lists of all words that begin so, for each span anew. So where the
   other words are the rarer ones, they alone are looked up, and what is found is checked for the stem (stems.py). Else
   some moments of all time are asked for at once, and all of the time before the first that isn't empty.

Each word and each mark is a condition of its own (migration 0017): the index skips ahead in all of their lists, so a
span in which a word doesn't stand costs as little as one that stands nowhere. So no query visits more than some hundred
comments, whatever the words, and wherever in time they stand. What remains is the joining of long lists that have much
in common, in spans of up to fifty days.

Rejected: one query with `order by id limit 51`. Whether it walks or looks up is the planner's guess, it knows neither
how the words nor how time and words go together, and it is wrong by a factor of a thousand. All conditions as one
("a & b & c"): the rarest list is gone through from end to end for each span. Asking for all of time at once where the
first spans were empty: what was common long ago is joined by the hundred thousand.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from widget.db.engine import Reader
from widget.search import document
from widget.search.in_order import Key, in_order
from widget.search.spans import BITS, Walk, cover, marks_of
from widget.search.stems import MOST_CHECKED, Look, are_checked, more_to_look_at
from widget.search.wanted import Wanted
from widget.search.words import Term

LOOKED_AT = 400
"""Comments looked at one by one. Where fifty of them match, one in eight does."""

MOST_IN_SPAN = 400
"""Comments that a span may hold before its parts are looked at instead."""

MOST_JOINED = 5_000
"""Comments that one of the longest spans may hold, by the guess, before it is joined."""

_GUESSED_FROM = 54
"""Bits of the spans that are so long that a guess comes first."""

_TRIED, _TRIED_BITS = 16, 44
"""How many short spans are tried for a guess, and of which length."""

_STRAWS, _HITS = 128, 2_000
"""At how many moments to ask where many stand, and how many comments to read then."""

_EVERYTHING = 2**31


async def found(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    """Site and id of the first comments that are wanted."""
    look = await _looked_at(db, wanted, LOOKED_AT)
    keys, seen = look.keys, look.seen
    if len(seen) == LOOKED_AT and (more := more_to_look_at(wanted, len(seen), len(keys), limit)):
        further = await _looked_at(db, wanted.behind(seen[-1][1]), more)
        keys, seen = keys + further.keys, seen + further.seen
        if len(further.seen) < more:
            return keys[:limit]
    if len(keys) >= limit or len(seen) < LOOKED_AT:
        return keys[:limit]
    last = await in_order(db, replace(wanted, newest=not wanted.newest), 1) or seen[-1:]
    ends = (seen[0][1], seen[-1][1], last[0][1])
    some = await _checked(db, wanted, ends, limit - len(keys)) if are_checked(wanted, look.stems, look.others) else None
    if some is None:
        walk = Walk.behind(wanted, *ends)
        if wanted.stems and limit <= MOST_JOINED:
            keys += await _leapt(db, walk)
        some = await _walked(db, walk, limit - len(keys)) or []
    return (keys + some)[:limit]


async def _looked_at(db: Reader, wanted: Wanted, number: int) -> Look:
    """The first comments of the state, and those of them that hold all that is wanted, in their order."""
    seen = await in_order(db, wanted, number)
    rows = await db.rows(
        """
        select comment_search.site_id, comment_search.id, comment_search.words @@ cast(:others as tsquery) as others,
          coalesce(comment_search.words @@ cast(:stems as tsquery), true) as stems
        from json_array_elements(cast(:keys as json)) with ordinality as wanted (key, place)
        join comment_search
          on comment_search.site_id = cast(wanted.key ->> 0 as bigint)
          and comment_search.id = cast(wanted.key ->> 1 as bigint)
        where comment_search.words @@ cast(:others as tsquery) or comment_search.words @@ cast(:stems as tsquery)
        order by wanted.place
        """,
        keys=json.dumps(seen),
        others=" & ".join(conditions(wanted.without_stems)),
        stems=_of_stems(wanted),
    )
    return Look(
        seen=seen,
        keys=[(row["site_id"], row["id"]) for row in rows if row["others"] and row["stems"]],
        stems=sum(row["stems"] for row in rows),
        others=sum(row["others"] for row in rows),
    )


async def _checked(db: Reader, wanted: Wanted, ends: tuple[int, int, int], limit: int) -> list[Key] | None:
    """What holds all but the stems, checked for them; None where that would be too much to check."""
    return await _walked(db, Walk.behind(wanted.without_stems, *ends), limit, checked=_of_stems(wanted))


async def _walked(db: Reader, walk: Walk, limit: int, *, checked: str | None = None) -> list[Key] | None:
    """Span by span, upward or downward as the page is ordered, the spans growing."""
    keys: list[Key] = []
    looked_up = 0
    while len(keys) < limit and not walk.is_over:
        most = max(MOST_IN_SPAN, limit) if walk.level else _EVERYTHING
        if await _seems_much(db, walk, limit):
            walk.shorten()
            continue
        some = await _under_marks(db, walk, walk.marks, most, checked)
        if len(some) == most:
            walk.shorten()
            continue
        looked_up += len(some)
        if checked and looked_up > MOST_CHECKED:
            return None
        keys += sorted((key for key, fits in some if fits), key=lambda key: key[1], reverse=walk.wanted.newest)
        walk.pass_on()
    return keys[:limit]


async def _leapt(db: Reader, walk: Walk) -> list[Key]:
    """Pass to the moment before the first at which some stand, in two look-ups, not twenty; what stands before that."""
    begins, ends = walk.over + 1, walk.under
    apart = (ends - begins) // _STRAWS + 1
    straws = [mark for at in range(begins, ends, apart) for mark in marks_of(BITS[0], at >> BITS[0])]
    hits = [id_ for (_, id_), _ in await _under_marks(db, walk, straws, _HITS)]
    passed = walk.until(hits, apart)
    if passed[0] >= passed[1]:
        return []
    some = await _under_marks(db, walk, cover(*passed), _HITS)
    if len(some) == _HITS:
        return []
    walk.leap(passed)
    return sorted(
        (key for key, _ in some if passed[0] <= key[1] < passed[1]), key=lambda key: key[1], reverse=walk.wanted.newest
    )


async def _seems_much(db: Reader, walk: Walk, limit: int) -> bool:
    """Whether the next span, if it is one of the longest, holds too much to be joined, by what its parts hold."""
    begins, ends = walk.rest_of_span
    length, tried = ends - begins, _TRIED << _TRIED_BITS
    if walk.bits < _GUESSED_FROM or length <= tried or limit > MOST_JOINED:
        return False
    middles = (begins + length * (2 * number + 1) // (2 * _TRIED) for number in range(_TRIED))
    most = MOST_JOINED * tried // length + 1
    marks = [mark for middle in middles for mark in marks_of(_TRIED_BITS, middle >> _TRIED_BITS)]
    some = await _under_marks(db, walk, marks, most)
    return len(some) == most


async def _under_marks(
    db: Reader, walk: Walk, marks: Sequence[str], most: int, checked: str | None = None
) -> list[tuple[Key, bool]]:
    """What is wanted of the comments that have one of these marks, in no order, and whether it fits."""
    spans = " | ".join(map(_quoted, marks))
    rows = await db.rows(
        """
        select site_id, id, fits
        from found_in_search(
          array(select cast(one as tsquery) from json_array_elements_text(cast(:wanted as json)) as one),
          cast(:checked as tsquery), :over, :under, :most
        )
        """,
        wanted=json.dumps([spans, *conditions(walk.wanted)]),
        checked=checked,
        over=walk.over,
        under=walk.under,
        most=most,
    )
    own = set(walk.wanted.site_ids)
    return [((row["site_id"], row["id"]), row["fits"]) for row in rows if row["site_id"] in own]


def conditions(wanted: Wanted) -> list[str]:
    """What must hold, in PostgreSQL's own language. No word holds a quotation mark or a backslash."""
    marks = [*wanted.marks]
    if wanted.waiting:
        marks.append(document.WAITING_MARK)
    if wanted.state:
        marks.append(document.state_mark(wanted.state))
    every = [*map(_of_term, wanted.terms), *map(_quoted, marks)]
    if wanted.needs_sites:
        every.append(f"({' | '.join(_quoted(document.site_mark(site_id)) for site_id in wanted.site_ids)})")
    return every


def _of_stems(wanted: Wanted) -> str | None:
    return " & ".join(map(_of_term, wanted.stems)) or None


def _of_term(term: Term) -> str:
    return f"{_quoted(term.word)}{':*' if term.is_stem else ''}"


def _quoted(word: str) -> str:
    return f"'{word}'"
