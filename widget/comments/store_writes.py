"""Changing the tables of comments; `let_count` alone changes the numbers kept above a comment."""

from widget.clock import DAY
from widget.comments.comment import Comment, State
from widget.comments.store import COLUMNS, comment_of
from widget.db.engine import Row, Tx
from widget.search import store as search
from widget.search.document import Document
from widget.threads import store as threads


async def add(tx: Tx, comment: Comment, fingerprint: str, verdict: str) -> None:
    """Keep a new comment and let it count where it is approved."""
    await tx.run(
        """
        insert into comment (
          site_id, id, thread_id, parent_id, root_id, depth, state, shown, replies, person_id, author_name,
          author_email, author_website, body, body_html, fingerprint, verdict, revision, created_at, private_hash,
          staff, waiting
        )
        values (
          :site_id, :id, :thread_id, :parent_id, :root_id, :depth, :state, :shown, 0, :person_id, :author_name,
          '', :author_website, :body, :body_html, :fingerprint, :verdict, 0, :created_at, :private_hash,
          :staff, :waiting
        )
        """,
        site_id=comment.site_id,
        id=comment.id,
        thread_id=comment.thread_id,
        parent_id=comment.parent_id,
        root_id=comment.root_id,
        depth=comment.depth,
        state=comment.state,
        shown=int(comment.is_approved),
        person_id=comment.person_id,
        author_name=comment.author_name,
        author_website=comment.author_website,
        body=comment.body,
        body_html=comment.body_html,
        fingerprint=fingerprint,
        verdict=verdict,
        created_at=comment.created_at,
        private_hash=comment.private_hash,
        staff=comment.staff,
        waiting=int(comment.state is State.PENDING),
    )
    await search.add(tx, _document(comment, verdict))
    await tx.run(
        "insert into comment_place (id, site_id, thread_id) values (:id, :site_id, :thread_id)",
        id=comment.id,
        site_id=comment.site_id,
        thread_id=comment.thread_id,
    )
    if comment.is_approved:
        await let_count(tx, comment, 1)


async def change_state(tx: Tx, comment: Comment, after: State) -> Comment | None:
    """Move a comment on, if it still is in the state and revision that was looked at. None: somebody else was first."""
    await threads.bump(tx, comment.site_id, comment.thread_id)
    row = await tx.row(
        f"""
        update comment
        set state = :after, shown = case when :approved = 1 or replies > 0 then 1 else 0 end,
          waiting = case when :after = 'pending' then 1 when :after = state then waiting else 0 end
        where site_id = :site_id and id = :id and state = :before and revision = :revision
        returning {COLUMNS}
        """,
        site_id=comment.site_id,
        id=comment.id,
        before=comment.state,
        after=after,
        approved=int(after is State.APPROVED),
        revision=comment.revision,
    )
    if row is None:
        return None
    changed = comment_of(row)
    change = int(after is State.APPROVED) - int(comment.is_approved)
    if change:
        await let_count(tx, changed, change)
    return changed


async def rewrite(tx: Tx, comment: Comment, body: str, body_html: str, fingerprint: str, now: int) -> Comment | None:
    """Give a comment a new text and keep the old one. None: it is no longer the one that was looked at."""
    await threads.bump(tx, comment.site_id, comment.thread_id)
    await _keep_revision(tx, comment)
    row = await tx.row(
        f"""
        update comment
        set body = :body, body_html = :body_html, fingerprint = :fingerprint,
          revision = revision + 1, edited_at = :now
        where site_id = :site_id and id = :id and revision = :revision and state = :state
        returning {COLUMNS}, verdict
        """,
        site_id=comment.site_id,
        id=comment.id,
        body=body,
        body_html=body_html,
        fingerprint=fingerprint,
        now=now,
        revision=comment.revision,
        state=comment.state,
    )
    if row is None:
        return None
    rewritten, verdict = _judged(row)
    if rewritten.thread_id != comment.thread_id:  # its thread was merged into another one meanwhile
        await threads.bump(tx, comment.site_id, rewritten.thread_id)
    await search.change_words(tx, _document(rewritten, verdict))
    return rewritten


async def keep_verdict(tx: Tx, comment: Comment, verdict: str) -> None:
    """Keep what the checks said of a comment's present text."""
    await tx.run(
        "update comment set verdict = :verdict where site_id = :site_id and id = :id",
        verdict=verdict,
        site_id=comment.site_id,
        id=comment.id,
    )
    await search.change_words(tx, _document(comment, verdict))


async def let_wait(tx: Tx, site_id: int, comment_id: int) -> None:
    """Bring a comment before the moderators, whatever its state: it was reported, or its author appeals."""
    await tx.run("update comment set waiting = 1 where site_id = :site_id and id = :id", site_id=site_id, id=comment_id)


async def settle_waiting(tx: Tx, site_id: int, comment_id: int) -> None:
    """What was asked of the moderators is answered: it waits on only where nobody has decided on it yet."""
    await tx.run(
        """
        update comment
        set waiting = case when state = 'pending' then 1 else 0 end
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=comment_id,
    )


async def mark_withdrawn(tx: Tx, comment: Comment, now: int) -> None:
    """Note that the author himself took it back: the tombstone says so."""
    await tx.run(
        "update comment set withdrawn_at = :now where site_id = :site_id and id = :id",
        now=now,
        site_id=comment.site_id,
        id=comment.id,
    )


async def let_count(tx: Tx, comment: Comment, change: int) -> None:
    """A comment has become approved (1) or has ceased to be (-1): the thread and the comments above it follow.

    Whoever changes a comment holds its thread's row first: two who meet in one branch wait for each other, never both.
    """
    await threads.bump(tx, comment.site_id, comment.thread_id, change)
    if comment.parent_id is not None:
        await tx.run(
            """
            with recursive line (id, up) as (
              select id, parent_id from comment where site_id = :site_id and id = :parent_id
              union all
              select comment.id, comment.parent_id
              from line
              join comment on comment.site_id = :site_id and comment.id = line.up
            )
            update comment
            set replies = replies + :change,
              shown = case when state = 'approved' or replies + :change > 0 then 1 else 0 end
            where site_id = :site_id and id in (select line.id from line)
            """,
            site_id=comment.site_id,
            parent_id=comment.parent_id,
            change=change,
        )


def _document(comment: Comment, verdict: str) -> Document:
    return Document(
        site_id=comment.site_id,
        id=comment.id,
        thread_id=comment.thread_id,
        person_id=comment.person_id,
        state=comment.state,
        author_name=comment.author_name,
        body=comment.body,
        verdict=verdict,
        waiting=int(comment.state is State.PENDING),
    )


def _judged(row: Row) -> tuple[Comment, str]:
    """The comment in a row of COLUMNS with its verdict."""
    known = dict(row)
    verdict = str(known.pop("verdict"))
    return comment_of(known), verdict


async def _keep_revision(tx: Tx, comment: Comment) -> None:
    await tx.run(
        """
        insert into comment_revision (site_id, comment_id, revision, author_name, body, body_html, written_at)
        values (:site_id, :comment_id, :revision, :author_name, :body, :body_html, :written_at)
        on conflict (site_id, comment_id, revision) do nothing
        """,
        site_id=comment.site_id,
        comment_id=comment.id,
        revision=comment.revision,
        author_name=comment.author_name,
        body=comment.body,
        body_html=comment.body_html,
        written_at=comment.edited_at or comment.created_at,
    )


async def claim_post(tx: Tx, comment: Comment, post_key: str, address_key: str, wide_key: str = "") -> int | None:
    """Note that this post has become this comment. None: an equal post was first, within a day."""
    row = await tx.row(
        """
        insert into post_key (site_id, post_key, comment_id, address_key, wide_key, created_at)
        values (:site_id, :post_key, :comment_id, :address_key, :wide_key, :now)
        on conflict (site_id, post_key) do update
        set comment_id = :comment_id, address_key = :address_key, wide_key = :wide_key, created_at = :now
        where post_key.created_at < :yesterday
        returning comment_id
        """,
        site_id=comment.site_id,
        post_key=post_key,
        comment_id=comment.id,
        address_key=address_key,
        wide_key=wide_key,
        now=comment.created_at,
        yesterday=comment.created_at - DAY,
    )
    return int(row["comment_id"]) if row else None


async def note_text(tx: Tx, site_id: int, fingerprint: str, person_id: int, now: int) -> int:
    """Note that a person writes this text; how often others than he who wrote it first have done so within a day.

    The row is locked until the commit, so of any number at once exactly one is the first.
    """
    row = await tx.row(
        """
        insert into recent_text (site_id, fingerprint, person_id, times, since)
        values (:site_id, :fingerprint, :person_id, 0, :now)
        on conflict (site_id, fingerprint) do update
        set
          person_id = case when recent_text.since < :yesterday then :person_id else recent_text.person_id end,
          times = case
            when recent_text.since < :yesterday then 0
            when recent_text.person_id = :person_id then recent_text.times
            else recent_text.times + 1
          end,
          since = case when recent_text.since < :yesterday then :now else recent_text.since end
        returning person_id, times
        """,
        site_id=site_id,
        fingerprint=fingerprint,
        person_id=person_id,
        now=now,
        yesterday=now - DAY,
    )
    return int(row["times"]) if row and row["person_id"] != person_id else 0


async def forget_old_posts(tx: Tx, site_id: int, now: int) -> None:
    """Drop post keys and texts of more than a day ago, and with the keys the last trace of an address."""
    await tx.run(
        "delete from recent_text where site_id = :site_id and since < :yesterday",
        site_id=site_id,
        yesterday=now - DAY,
    )
    await tx.run(
        "delete from post_key where site_id = :site_id and created_at < :yesterday",
        site_id=site_id,
        yesterday=now - DAY,
    )
