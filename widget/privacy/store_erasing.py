"""Removing what is stored about somebody. The comments' threads are locked before."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader, Row, Tx, in_list
from widget.people.bans_store import Marks
from widget.privacy.store import THEIRS
from widget.privacy.subject import How, Subject
from widget.search import store as search
from widget.search.document import Document


@dataclass(frozen=True, slots=True)
class Place:
    """One of somebody's comments and its thread."""

    comment_id: int
    thread_id: int


async def places(db: Reader, who: Subject, limit: int) -> list[Place]:
    """So many of somebody's comments that hold anything of him."""
    marks, params = in_list("mark", who.marks)
    rows = await db.rows(
        f"""
        select id, thread_id
        from comment
        where site_id = :site_id and id in ({THEIRS} ({marks}))
        order by id
        limit :limit
        """,
        site_id=who.site_id,
        person_id=who.person_id,
        comment_id=who.comment_id,
        email=who.email,
        limit=limit,
        **params,
    )
    return [Place(row["id"], row["thread_id"]) for row in rows]


async def blank(tx: Tx, site_id: int, comment_ids: Sequence[int], now: int) -> None:
    """Nothing is left of these comments but their place; nobody brings them back, because their author took them."""
    names, params = in_list("id", comment_ids)
    rows = await tx.rows(
        f"""
        update comment
        set author_name = '', author_email = '', author_website = '', body = '', body_html = '', fingerprint = '',
          verdict = '{{}}', person_id = null, private_hash = null, revision = revision + 1, edited_at = null,
          withdrawn_at = coalesce(withdrawn_at, :now), waiting = 0, pinned = 0, featured = 0, amended = 0
        where site_id = :site_id and id in ({names})
        returning site_id, id, thread_id, state, body, waiting
        """,
        site_id=site_id,
        now=now,
        **params,
    )
    await _reword(tx, rows)
    await _drop_what_hangs_on(tx, site_id, comment_ids)


async def unname(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    """Nothing says any more who wrote these comments; their texts stay."""
    names, params = in_list("id", comment_ids)
    rows = await tx.rows(
        f"""
        update comment
        set author_name = '', author_email = '', author_website = '', verdict = '{{}}', person_id = null,
          private_hash = null, revision = revision + 1
        where site_id = :site_id and id in ({names})
        returning site_id, id, thread_id, state, body, waiting
        """,
        site_id=site_id,
        **params,
    )
    await _reword(tx, rows)
    await _drop_what_hangs_on(tx, site_id, comment_ids)


async def _reword(tx: Tx, rows: Sequence[Row]) -> None:
    """The index finds these comments by what is left of them."""
    for row in sorted(rows, key=lambda one: int(one["id"])):
        await search.change_words(
            tx,
            Document(
                site_id=row["site_id"],
                id=row["id"],
                thread_id=row["thread_id"],
                person_id=None,
                state=State(row["state"]),
                author_name="",
                body=row["body"],
                verdict="{}",
                waiting=row["waiting"],
            ),
        )


async def _drop_what_hangs_on(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    """Earlier texts, appeals, traces of where they came from. Which import brought them stays, without its text."""
    names, params = in_list("id", comment_ids)
    await tx.run(
        f"delete from comment_revision where site_id = :site_id and comment_id in ({names})",
        site_id=site_id,
        **params,
    )
    await tx.run(f"delete from appeal where site_id = :site_id and comment_id in ({names})", site_id=site_id, **params)
    await tx.run(
        f"delete from post_key where site_id = :site_id and comment_id in ({names})", site_id=site_id, **params
    )
    await tx.run(
        f"delete from bayes_lesson where site_id = :site_id and comment_id in ({names})", site_id=site_id, **params
    )
    await tx.run(
        f"""
        update comment_original
        set packed = '', digest = '', email_mark = ''
        where site_id = :site_id and comment_id in ({names})
        """,
        site_id=site_id,
        **params,
    )


async def forget_person(tx: Tx, who: Subject) -> None:
    """The identity goes, with the notes on it: no cookie opens it any more."""
    await tx.run(
        "delete from recent_text where site_id = :site_id and person_id = :person_id",
        site_id=who.site_id,
        person_id=who.person_id,
    )
    await tx.run(
        "delete from person where site_id = :site_id and id = :person_id",
        site_id=who.site_id,
        person_id=who.person_id,
    )


async def forget_reports(tx: Tx, who: Subject, how: How) -> int:
    """Reports that he sent stay open, but nothing says that they are his; with all texts, his words go too."""
    return await tx.run(
        """
        update report
        set person_id = null, address_key = '', body = case when :how = 'all' then '' else body end
        where site_id = :site_id and person_id = :person_id
        """,
        site_id=who.site_id,
        person_id=who.person_id,
        how=how,
    )


async def forget_notices(tx: Tx, who: Subject, how: How) -> int:
    """Notices of his that have been decided on; those in hand are kept until then."""
    return await tx.run(
        """
        update illegal_notice
        set sender_name = '', sender_email = '', body = case when :how = 'all' then '' else body end
        where site_id = :site_id and sender_email <> '' and lower(sender_email) = :email and settled_at is not null
        """,
        site_id=who.site_id,
        email=who.email,
        how=how,
    )


async def unlabel_bans(tx: Tx, site_id: int, marks: Marks) -> None:
    """Bans on him hold on, by a keyed hash or a number; his name and what could be read of his address go."""
    names, params = in_list("mark", [*marks.emails, marks.person])
    await tx.run(
        f"""
        update ban
        set label = ''
        where site_id = :site_id and kind in ('email', 'person') and mark in ({names}) and mark <> ''
        """,
        site_id=site_id,
        **params,
    )


async def forget_requests(tx: Tx, who: Subject) -> None:
    """The mailed links of this address are dead, and the address goes with them."""
    await tx.run(
        "delete from privacy_request where site_id = :site_id and email = :email",
        site_id=who.site_id,
        email=who.email,
    )
