"""What moderators write themselves: answers under their own name, and changes of other people's words.

An answer is published at once. Its badge is a column of its own and stands outside of the name, and names that hold the
words of a badge are refused (names.py), so no reader can imitate it (case C19).
"""

from widget import ids
from widget.comments import store, store_marks, store_writes
from widget.comments.comment import DEEPEST, Comment, State
from widget.comments.text import fingerprint
from widget.db.engine import Db
from widget.errors import AlreadyDecided, AlreadyPosted, NotFound, SiteFrozen, TooDeep
from widget.logbook.recording import record
from widget.markup.render import to_html
from widget.people.person import Moderator
from widget.sites.site import Site
from widget.threads import store as threads

_NOT_JUDGED = "{}"


async def write_as_staff(
    db: Db, site: Site, by: Moderator, thread_id: int, parent_id: int | None, body: str, *, nonce: str, now: int
) -> Comment:
    """Publish a moderator's own comment, in a closed thread too. The form's `nonce` keeps it from being posted twice.

    Raises SiteFrozen, NotFound (thread or parent aren't there for readers), TooDeep, AlreadyPosted.
    """
    if site.rules.frozen:
        raise SiteFrozen
    async with db.transaction() as tx:
        await threads.bump(tx, site.id, thread_id)
        thread = await threads.by_id(tx, site.id, thread_id)
        parent = await store.one(tx, site.id, parent_id) if parent_id is not None else None
        if thread is None or (parent_id is not None and not _can_be_answered(parent, thread_id)):
            raise NotFound
        comment = _comment(by, site.id, thread_id, parent, body, now)
        await store_writes.add(tx, comment, fingerprint(body), _NOT_JUDGED)
        if await store_writes.claim_post(tx, comment, f"staff-{nonce}", "") is None:
            raise AlreadyPosted(comment.id)
        action = "reply" if parent else "write"
        await record(tx, site.id, by.id, action, now=now, comment_id=comment.id, thread_id=thread_id)
    return comment


async def amend(db: Db, by: Moderator, comment: Comment, body: str, reason: str, *, now: int) -> Comment:
    """Change the words of a comment, visibly; the old ones are kept, its state stays.

    Raises AlreadyDecided where it has changed since it was shown, or was taken back.
    """
    if comment.state is State.DELETED:
        raise AlreadyDecided(comment.id)
    async with db.transaction() as tx:
        amended = await store_writes.rewrite(tx, comment, body, to_html(body), fingerprint(body), now)
        if amended is None:
            raise AlreadyDecided(comment.id)
        await store_marks.mark_amended(tx, amended)
        await record(
            tx,
            comment.site_id,
            by.id,
            "edit",
            now=now,
            comment_id=comment.id,
            thread_id=amended.thread_id,
            before=comment.state,
            after=comment.state,
            reason=reason,
            facts={"revision": amended.revision},
        )
    return amended


def _can_be_answered(parent: Comment | None, thread_id: int) -> bool:
    if parent is None or parent.thread_id != thread_id or not parent.is_approved:
        return False
    if parent.depth >= DEEPEST:
        raise TooDeep
    return True


def _comment(by: Moderator, site_id: int, thread_id: int, parent: Comment | None, body: str, now: int) -> Comment:
    id_ = max(ids.new_id(now), parent.id + 1 if parent else 0)
    return Comment(
        id=id_,
        site_id=site_id,
        thread_id=thread_id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else id_,
        depth=parent.depth + 1 if parent else 0,
        state=State.APPROVED,
        replies=0,
        person_id=None,
        author_name=by.name,
        author_website="",
        body=body,
        body_html=to_html(body),
        revision=0,
        created_at=now,
        edited_at=None,
        withdrawn_at=None,
        private_hash=None,
        staff=1,
    )
