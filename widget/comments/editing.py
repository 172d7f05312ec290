"""Editing one's own comment within the window: judged again like a new post, the old text kept."""

from widget.comments import store_writes
from widget.comments.barring import refuse_banned
from widget.comments.comment import Comment, State
from widget.comments.posting import is_trusted
from widget.comments.weighing import STATE_AFTER, Circumstances, Text, prepared, weigh
from widget.db.engine import Db
from widget.errors import AlreadyDecided, EditWindowOver, SiteFrozen
from widget.people import store as people
from widget.people.bans_store import Marks
from widget.people.person import Standing
from widget.sites.site import Site
from widget.spam.likeness import likeness_of
from widget.spam.verdict import Verdict


async def edit_comment(
    db: Db, site: Site, comment: Comment, body: str, *, now: int, marks: Marks | None = None
) -> Comment:
    """Give one's own comment a new text.

    Raises SiteFrozen, EditWindowOver, Banned, TooManyLinks, or AlreadyDecided where it has changed since the form was
    shown. `marks` are what bans are compared with.
    """
    if site.rules.frozen:
        raise SiteFrozen
    if not comment.may_edit(site.edit_window, now):
        raise EditWindowOver
    await refuse_banned(db, site.id, marks or Marks(), comment.author_name, now)
    text = prepared(body)
    how = await _circumstances(db, site, comment, text, now)
    async with db.transaction() as tx:
        edited = await store_writes.rewrite(tx, comment, text.body, text.body_html, text.fingerprint, now)
        if edited is None:
            raise AlreadyDecided(comment.id)
        verdict = await weigh(tx, site, comment.thread_id, text, how, comment.person_id or comment.id, now)
        moved = await store_writes.change_state(tx, edited, _after(edited, verdict))
        if moved is None:
            raise AlreadyDecided(comment.id)
        await store_writes.keep_verdict(tx, moved, verdict.as_json())
    return moved


async def _circumstances(db: Db, site: Site, comment: Comment, text: Text, now: int) -> Circumstances:
    """An edited comment doesn't vouch for its own new text."""
    person = await people.by_id(db, site.id, comment.person_id) if comment.person_id else None
    trusted = await is_trusted(db, site, person, but_id=comment.id)
    return Circumstances(
        name=comment.author_name,
        trap="",
        age=now - comment.created_at,
        trusted=trusted,
        sandboxed=False,
        standing=person.standing if person else Standing.ANY,
        likeness=await likeness_of(db, site, text.body, comment.author_name, text.links),
    )


def _after(edited: Comment, verdict: Verdict) -> State:
    """What a check once called spam stays so: rewording is no way around a moderator."""
    return State.SPAM if edited.state is State.SPAM else STATE_AFTER[verdict.outcome]
