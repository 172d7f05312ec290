"""Threads as moderators look for them: by site, by address or title, the youngest first."""

from collections.abc import Sequence

from widget.db.engine import Reader, in_list
from widget.threads.store import COLUMNS, thread_of
from widget.threads.thread import Thread


async def newest(db: Reader, site_id: int, under: int, limit: int) -> list[Thread]:
    """The youngest threads of a site that are older than the one of this id."""
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from thread
        where thread.site_id = :site_id and thread.id < :under
        order by thread.id desc
        limit :limit
        """,
        site_id=site_id,
        under=under,
        limit=limit,
    )
    return [thread_of(row) for row in rows]


async def matching(db: Reader, site_id: int, text: str, under: int, limit: int) -> list[Thread]:
    """The same where address, title or one of the ways to the thread hold a text, in any case."""
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from thread
        where thread.site_id = :site_id and thread.id < :under
          and (
            lower(thread.url) like :lower escape '!' or lower(thread.title) like :lower escape '!'
            or lower(thread.title) like :upper escape '!' or lower(thread.title) like :capital escape '!'
            or thread.id in (
              select thread_alias.thread_id
              from thread_alias
              where thread_alias.site_id = :site_id and lower(thread_alias.alias) like :lower escape '!'
            )
          )
        order by thread.id desc
        limit :limit
        """,
        site_id=site_id,
        under=under,
        limit=limit,
        **_patterns(text),
    )
    return [thread_of(row) for row in rows]


async def one_of(db: Reader, site_ids: Sequence[int], thread_id: int) -> Thread | None:
    """The thread of that id on one of these sites, or None."""
    names, params = in_list("site", site_ids)
    row = await db.row(
        f"select {COLUMNS} from thread where thread.id = :id and thread.site_id in ({names})", id=thread_id, **params
    )
    return thread_of(row) if row else None


async def waiting_in(db: Reader, site_id: int, thread_ids: Sequence[int]) -> dict[int, int]:
    """How many comments wait in each of these threads; threads without any are missing."""
    names, params = in_list("id", thread_ids)
    rows = await db.rows(
        f"""
        select thread_id, count(*) as waiting
        from comment
        where site_id = :site_id and thread_id in ({names}) and waiting = 1
        group by thread_id
        """,
        site_id=site_id,
        **params,
    )
    return {row["thread_id"]: row["waiting"] for row in rows}


def _patterns(text: str) -> dict[str, str]:
    """`lower()` of SQLite knows only ASCII: a title with other letters is sought in the three cases people write."""
    literal = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    cases = {"lower": literal.lower(), "upper": literal.upper(), "capital": literal.lower().capitalize()}
    return {name: f"%{_ascii_lower(case)}%" for name, case in cases.items()}


def _ascii_lower(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)
