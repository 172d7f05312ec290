"""Finding on SQLite: one FTS5 query holds words and marks alike.

FTS5 walks the lists of all its words side by side, each in the order of ids, and skips ahead in the long ones. So the
first page comes in order without sorting anything, and what it costs depends on the rarest of the words and marks.

A stem ("elect*") is the exception: FTS5 first joins the lists of all words that begin so. So for a stem the first
comments are looked at one by one, and FTS5 is asked only where too few of those hold it: then its lists are short.
"""

import json
from collections.abc import Sequence

from widget.db.engine import Reader, in_list
from widget.search import document
from widget.search.in_order import Key, in_order
from widget.search.wanted import Wanted
from widget.search.words import Term

LOOKED_AT = 1_000
"""Comments looked at one by one for a stem."""

_SITES_AS_MARKS = 20
"""Of more sites each comment found is asked for its own."""


async def found(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    """Site and id of the first comments that are wanted."""
    if any(term.is_stem for term in wanted.terms):
        first = await in_order(db, wanted, LOOKED_AT)
        keys = (await _fitting(db, wanted, first))[:limit]
        if len(keys) == limit or len(first) < LOOKED_AT:
            return keys
    return await _looked_up(db, wanted, limit)


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


async def _fitting(db: Reader, wanted: Wanted, keys: Sequence[Key]) -> list[Key]:
    """Those of the keys whose comments hold all that is wanted, in their order."""
    parts = [*(f" {mark} " for mark in wanted.marks), *map(_beginning, wanted.terms)]
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
    return [key for key in keys if key in words and all(part in words[key] for part in parts)]


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


def _beginning(term: Term) -> str:
    """How it stands among a comment's words."""
    return f" {term.word}" if term.is_stem else f" {term.word} "
