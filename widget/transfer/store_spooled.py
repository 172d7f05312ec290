"""What planning asks of the spool: the order of its comments, whose reply is whose, and what came twice."""

from collections.abc import Iterator

from widget.transfer.store_spool import BY, EMAIL, NAME, Spool

_AT_ONCE = 500
Outline = tuple[str, str, str, str, int | None]


def outline(spool: Spool) -> Iterator[Outline]:
    """Of each comment: source id, page, parent's source id, state, time; in the order of their numbers."""
    yield from spool.asked("select source_id, page, parent_source_id, state, created_at from comment order by number")


def replies(spool: Spool) -> Iterator[tuple[int, int | None]]:
    """Of each comment with a parent: its number and the number of that parent among those of the same thread."""
    yield from spool.asked(
        """
        select reply.number, min(parent.number)
        from comment as reply
        join target as place on place.page = reply.page
        left join (
          comment as parent join target as home on home.page = parent.page
        ) on parent.source_id = reply.parent_source_id and home.target = place.target
        where reply.parent_source_id <> ''
        group by reply.number
        """
    )


def repeated(spool: Spool) -> Iterator[tuple[str, int, int]]:
    """The comments whose source id came more than once: that id, the thread and the number, in order."""
    yield from spool.asked(
        """
        select comment.source_id, target.target, comment.number
        from comment
        join target on target.page = comment.page
        where comment.source_id in (select source_id from comment group by source_id having count(*) > 1)
        order by comment.source_id, comment.number
        """
    )


def source_ids(spool: Spool) -> Iterator[list[tuple[int, str]]]:
    """Numbers and source ids of all comments that have a thread, some hundred at a time."""
    some: list[tuple[int, str]] = []
    while some := spool.asked(
        f"""
        select comment.number, coalesce(comment.other_id, comment.source_id)
        from comment
        join target on target.page = comment.page
        where comment.number > ?
        order by comment.number
        limit {_AT_ONCE}
        """,
        (some[-1][0] if some else -1,),
    ).fetchall():
        yield some


def own_ids(spool: Spool) -> Iterator[list[tuple[int, int, str | None, str | None]]]:
    """Numbers, ids and origins of our own comments that have a thread, some hundred at a time."""
    cursor = spool.asked(
        """
        select comment.number, comment.own_id, comment.origin, comment.origin_id
        from comment
        join target on target.page = comment.page
        where comment.own_id is not null
        order by comment.number
        """
    )
    while some := cursor.fetchmany(_AT_ONCE):
        yield some


def repeated_origins(spool: Spool) -> Iterator[int]:
    """The numbers of comments that name the same origin as one before them."""
    rows = spool.asked(
        """
        select number
        from comment
        where origin is not null and number not in (
          select min(number) from comment where origin is not null group by origin, origin_id
        )
        """
    )
    yield from (row[0] for row in rows)


def pinned(spool: Spool) -> list[tuple[int, int]]:
    """Number and moment of what is pinned there."""
    rows = spool.asked(
        """
        select number, coalesce(created_at, 0)
        from comment
        where pinned = 1 and state = 'approved'
        order by number
        """
    )
    return list(rows)


def authors(spool: Spool) -> int:
    """How many different people wrote: by e-mail address, else by name."""
    row = spool.asked(
        f"""
        select count(distinct case when {EMAIL} <> '' then lower({EMAIL}) else '@' || {NAME} end)
        from {BY}
        """
    ).fetchone()
    return int(row[0])
