"""The tables of the site's own filter: counts by feature, totals, and the lessons that decisions give it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, Tx, in_list
from widget.spam.bayes import Counts

_AT_ONCE = 1_000
"""Parameters of one statement: SQLite and PostgreSQL take 32,000, but parse no faster."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A comment to learn from: what it is taken for now, what it was learned as, and both texts.

    `body` and the rest are what stands now; the `learned_` ones are what was learned, where the text was edited since.
    """

    comment_id: int
    wanted: str
    learned: str
    revision: int
    body: str
    body_html: str
    author_name: str
    learned_body: str
    learned_body_html: str
    learned_name: str


async def totals_of(db: Reader, site_id: int) -> Counts:
    """How many comments of each kind a site's filter has learned from."""
    row = await db.row("select ham, spam from bayes_total where site_id = :site_id", site_id=site_id)
    return Counts(row["ham"], row["spam"]) if row else Counts()


async def counts_of(db: Reader, site_id: int, found: Collection[int]) -> dict[int, Counts]:
    """What is known of these features."""
    known: dict[int, Counts] = {}
    wanted = sorted(found)
    for start in range(0, len(wanted), _AT_ONCE):
        names, params = in_list("word", wanted[start : start + _AT_ONCE])
        rows = await db.rows(
            f"select word, ham, spam from bayes_word where site_id = :site_id and word in ({names})",
            site_id=site_id,
            **params,
        )
        known |= {row["word"]: Counts(row["ham"], row["spam"]) for row in rows}
    return known


async def want(tx: Tx, site_id: int, comment_ids: Sequence[int], label: str) -> None:
    """Decisions say that these comments are ham, spam, or nothing to learn from ('')."""
    for start in range(0, len(comment_ids), _AT_ONCE):
        names, params = in_list("id", comment_ids[start : start + _AT_ONCE])
        await tx.run(
            f"""
            insert into bayes_lesson (site_id, comment_id, wanted, before, learned, revision)
            select site_id, id, cast(:label as text), '', '', 0
            from comment
            where site_id = :site_id and id in ({names})
            on conflict (site_id, comment_id) do update
            set before = bayes_lesson.wanted, wanted = excluded.wanted
            """,
            site_id=site_id,
            label=label,
            **params,
        )


async def want_as_before(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    """The last decisions on these comments have been undone: they are what they were taken for before."""
    for start in range(0, len(comment_ids), _AT_ONCE):
        names, params = in_list("id", comment_ids[start : start + _AT_ONCE])
        await tx.run(
            f"""
            update bayes_lesson
            set wanted = before, before = wanted
            where site_id = :site_id and comment_id in ({names})
            """,
            site_id=site_id,
            **params,
        )


async def labels_of(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, str]:
    """What the filter has learned each of these comments as."""
    names, params = in_list("id", comment_ids)
    rows = await db.rows(
        f"""
        select comment_id, learned
        from bayes_lesson
        where site_id = :site_id and comment_id in ({names}) and learned <> ''
        """,
        site_id=site_id,
        **params,
    )
    return {row["comment_id"]: row["learned"] for row in rows}


async def sites_with_lessons(db: Reader) -> list[int]:
    """The sites that have something to learn."""
    rows = await db.rows("select distinct site_id from bayes_lesson where wanted <> learned")
    return [row["site_id"] for row in rows]


async def take_lessons(tx: Tx, site_id: int, limit: int) -> list[Lesson]:
    """The next lessons, locked by their totals' row: two processes never learn one twice."""
    await tx.run(
        """
        insert into bayes_total (site_id, ham, spam)
        values (:site_id, 0, 0)
        on conflict (site_id) do update
        set ham = bayes_total.ham
        """,
        site_id=site_id,
    )
    rows = await tx.rows(
        """
        select lesson.comment_id, lesson.wanted, lesson.learned, comment.revision, comment.body, comment.body_html,
          comment.author_name, coalesce(old.body, comment.body) as learned_body,
          coalesce(old.body_html, comment.body_html) as learned_body_html,
          coalesce(old.author_name, comment.author_name) as learned_name
        from bayes_lesson as lesson
        join comment on comment.site_id = lesson.site_id and comment.id = lesson.comment_id
        left join comment_revision as old
          on old.site_id = lesson.site_id and old.comment_id = lesson.comment_id and old.revision = lesson.revision
        where lesson.site_id = :site_id and lesson.wanted <> lesson.learned
        order by lesson.comment_id
        limit :limit
        """,
        site_id=site_id,
        limit=limit,
    )
    return [Lesson(**row) for row in rows]


async def keep_learned(tx: Tx, site_id: int, lessons: Sequence[Lesson]) -> None:
    """These lessons are learned, from the texts as they stand. A later decision makes them due again."""
    await tx.run_many(
        """
        update bayes_lesson
        set learned = :learned, revision = :revision
        where site_id = :site_id and comment_id = :comment_id
        """,
        [
            {"site_id": site_id, "comment_id": one.comment_id, "learned": one.wanted, "revision": one.revision}
            for one in lessons
        ],
    )


async def add(tx: Tx, site_id: int, words: Mapping[int, Counts], total: Counts) -> None:
    """Let counts grow or shrink by so much, never below nothing."""
    await tx.run_many(
        """
        insert into bayes_word (site_id, word, ham, spam)
        values (
          :site_id, :word, case when :ham > 0 then :ham else 0 end, case when :spam > 0 then :spam else 0 end
        )
        on conflict (site_id, word) do update
        set
          ham = case when bayes_word.ham + :ham > 0 then bayes_word.ham + :ham else 0 end,
          spam = case when bayes_word.spam + :spam > 0 then bayes_word.spam + :spam else 0 end
        """,
        [
            {"site_id": site_id, "word": word, "ham": change.ham, "spam": change.spam}
            for word, change in sorted(words.items())
        ],
    )
    await tx.run(
        """
        update bayes_total
        set
          ham = case when ham + :ham > 0 then ham + :ham else 0 end,
          spam = case when spam + :spam > 0 then spam + :spam else 0 end
        where site_id = :site_id
        """,
        site_id=site_id,
        ham=total.ham,
        spam=total.spam,
    )


async def forget_everything(tx: Tx, site_id: int) -> None:
    """The filter of a site begins anew, empty; what was decided before stays forgotten."""
    await tx.run("delete from bayes_word where site_id = :site_id", site_id=site_id)
    await tx.run("delete from bayes_lesson where site_id = :site_id", site_id=site_id)
    await tx.run("delete from bayes_total where site_id = :site_id", site_id=site_id)
