"""Finding on SQLite: one FTS5 query holds words and marks alike.

FTS5 walks the lists of all its words side by side, each in the order of ids, and skips ahead in the long ones. So the
first page comes in order without sorting anything, and what it costs depends on the rarest of the words and marks.

A stem ("elect*") is the exception: FTS5 first joins the lists of all words that begin so. So for a stem the first
comments are looked at one by one, and FTS5 is asked only where too few of those hold it: then its lists are short.
Where other words are the rarer ones, FTS5 is asked for those alone, and what it finds is checked for it (stems.py).
"""

import json
from collections.abc import Sequence

from widget.db.engine import Reader, in_list
from widget.search import document
from widget.search.in_order import Key, in_order
from widget.search.stems import MOST_CHECKED, Look, are_checked, more_to_look_at
from widget.search.wanted import Wanted
from widget.search.words import Term

LOOKED_AT = 1_000
"""Comments looked at one by one for a stem."""

_SITES_AS_MARKS = 20
"""Of more sites each comment found is asked for its own."""


async def found(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    """Site and id of the first comments that are wanted."""
    if not wanted.stems:
        return await _looked_up(db, wanted, limit)
    look = await _looked_at(db, wanted, LOOKED_AT)
    keys, seen = look.keys, look.seen
    if len(seen) == LOOKED_AT and (more := more_to_look_at(wanted, len(seen), len(keys), limit)):
        further = await _looked_at(db, wanted.behind(seen[-1][1]), more)
        keys, seen = keys + further.keys, seen + further.seen
        if len(further.seen) < more:
            return keys[:limit]
    if len(keys) >= limit or len(seen) < LOOKED_AT:
        return keys[:limit]
    rest, missing = wanted.behind(seen[-1][1]), limit - len(keys)
    some = await _checked(db, rest, missing) if are_checked(wanted, look.stems, look.others) else None
    return keys + (await _looked_up(db, rest, missing) if some is None else some)


async def _looked_at(db: Reader, wanted: Wanted, number: int) -> Look:
    """The first comments of the state, and those of them that hold all that is wanted, in their order."""
    seen = await in_order(db, wanted, number)
    words = await _words_of(db, seen)
    stems = {key for key in seen if _holds(words.get(key, ""), _parts(wanted.stems))}
    others = {key for key in seen if _holds(words.get(key, ""), [*_marks(wanted), *_parts(wanted.without_stems.terms)])}
    return Look(seen, [key for key in seen if key in stems and key in others], len(stems), len(others))


async def _checked(db: Reader, wanted: Wanted, limit: int) -> list[Key] | None:
    """What holds all but the stems, checked for them some at a time; None where that would be too much to check."""
    keys: list[Key] = []
    rest, parts = wanted.without_stems, _parts(wanted.stems)
    for _ in range(MOST_CHECKED // LOOKED_AT):
        some = await _looked_up(db, rest, LOOKED_AT)
        words = await _words_of(db, some)
        keys += [key for key in some if _holds(words.get(key, ""), parts)]
        if len(keys) >= limit or len(some) < LOOKED_AT:
            return keys[:limit]
        rest = rest.behind(some[-1][1])
    return None


async def _looked_up(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    direction = "desc" if wanted.newest else "asc"
    names, params = in_list("site", wanted.site_ids)
    rows = await db.rows(
        f"""
        select place.site_id, place.id
        from comment_word
        cross join comment_place as place on place.id = comment_word.rowid
        where comment_word match :words and comment_word.rowid > :over and comment_word.rowid < :under
          and place.site_id in ({names})
        order by comment_word.rowid {direction}
        limit :limit
        """,
        words=expression(wanted),
        over=wanted.over,
        under=wanted.under,
        limit=limit,
        **params,
    )
    return [(row["site_id"], row["id"]) for row in rows]


async def _words_of(db: Reader, keys: Sequence[Key]) -> dict[Key, str]:
    """The words of these comments."""
    words: dict[Key, str] = {}
    for site_id in {site_id for site_id, _ in keys}:
        rows = await db.rows(
            """
            select comment_search.site_id, comment_search.id, comment_search.words
            from json_each(:ids) as wanted
            cross join comment_search on comment_search.site_id = :site_id and comment_search.id = wanted.value
            """,
            ids=json.dumps([id_ for own, id_ in keys if own == site_id]),
            site_id=site_id,
        )
        words |= {(row["site_id"], row["id"]): row["words"] for row in rows}
    return words


def expression(wanted: Wanted) -> str:
    """What is wanted in FTS5's own language. No word holds a quotation mark.

    FTS5 goes through them from left to right until one isn't there: what most comments have comes last.
    """
    parts = [_of_term(term) for term in wanted.terms]
    parts += [_quoted(mark) for mark in wanted.marks]
    if wanted.waiting:
        parts.append(_quoted(document.WAITING_MARK))
    if wanted.state:
        parts.append(_quoted(document.state_mark(wanted.state)))
    if wanted.needs_sites and len(wanted.site_ids) <= _SITES_AS_MARKS:
        sites = " OR ".join(_quoted(document.site_mark(site_id)) for site_id in wanted.site_ids)
        parts.append(f"({sites})")
    return " AND ".join(parts)


def _of_term(term: Term) -> str:
    return f"{_quoted(term.word)}{' *' if term.is_stem else ''}"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _marks(wanted: Wanted) -> list[str]:
    """How the marks of thread, person and check stand among a comment's words."""
    return [f" {mark} " for mark in wanted.marks]


def _parts(terms: Sequence[Term]) -> list[str]:
    """How terms stand there: a stem may go on."""
    return [f" {term.word}" if term.is_stem else f" {term.word} " for term in terms]


def _holds(words: str, parts: Sequence[str]) -> bool:
    return bool(words) and all(part in words for part in parts)
