"""Editing one's own comment within the window: judged again like a new post, the old text kept."""

from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.comments.posting import is_trusted
from widget.comments.weighing import STATE_AFTER, Circumstances, prepared, weigh
from widget.db.engine import Db
from widget.errors import AlreadyDecided, EditWindowOver
from widget.people import store as people
from widget.sites.site import Site
from widget.spam.verdict import Verdict


async def edit_comment(db: Db, site: Site, comment: Comment, body: str, *, now: int) -> Comment:
    """Give one's own comment a new text.

    Raises EditWindowOver, TooManyLinks, or AlreadyDecided where it has changed since the form was shown.
    """
    if not comment.may_edit(site.edit_window, now):
        raise EditWindowOver
    text, how = prepared(body), await _circumstances(db, site, comment, now)
    async with db.transaction() as tx:
        edited = await store_writes.rewrite(tx, comment, text.body, text.body_html, text.fingerprint, now)
        if edited is None:
            raise AlreadyDecided(comment.id)
        verdict = await weigh(tx, site, text, how, comment.person_id or comment.id, now)
        moved = await store_writes.change_state(tx, edited, _after(edited, verdict))
        if moved is None:
            raise AlreadyDecided(comment.id)
        await store_writes.keep_verdict(tx, moved, verdict.as_json())
    return moved


async def _circumstances(db: Db, site: Site, comment: Comment, now: int) -> Circumstances:
    """An edited comment doesn't vouch for its own new text."""
    person = await people.by_id(db, site.id, comment.person_id) if comment.person_id else None
    trusted = await is_trusted(db, site, person, but_id=comment.id)
    age = now - comment.created_at
    return Circumstances(name=comment.author_name, trap="", age=age, trusted=trusted, sandboxed=False)


def _after(edited: Comment, verdict: Verdict) -> State:
    """What a check once called spam stays so: rewording is no way around a moderator."""
    return State.SPAM if edited.state is State.SPAM else STATE_AFTER[verdict.outcome]
