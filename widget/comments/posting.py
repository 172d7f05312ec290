"""Posting a comment: check it against the thread and the rules, judge it, keep it. All of it or nothing is kept."""

from dataclasses import dataclass, field, replace

from widget import ids
from widget.comments import store, store_writes
from widget.comments.barring import refuse_banned
from widget.comments.comment import DEEPEST, Comment, State
from widget.comments.forms import Draft
from widget.comments.weighing import STATE_AFTER, Circumstances, Text, prepared, weigh
from widget.db.engine import Db, Reader, Tx
from widget.errors import AlreadyPosted, NotFound, RepliesOnly, SiteFrozen, ThreadClosed, TooDeep
from widget.markup.links import safe_website
from widget.people import bans_store as bans
from widget.people import ownership
from widget.people import store as people
from widget.people.bans_store import Marks
from widget.people.person import Person, Standing
from widget.sites.keys import Keys
from widget.sites.site import Site
from widget.spam import hosts_store
from widget.spam.likeness import likeness_of
from widget.threads import store as threads
from widget.threads.thread import Page, Thread

_PURGE_EVERY = 64


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a form belongs, from its token: the page, the comment it answers, and the form's own birth and nonce."""

    page: Page
    parent_id: int | None
    nonce: str
    issued_at: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who sends: the person he proved to be, keyed hashes of his address and of his wider network, whether a sandbox
    hides his origin, and what bans are compared with.
    """

    person: Person | None
    address_key: str
    sandboxed: bool
    wide_key: str = ""
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment that has been kept, its private link and the person behind it."""

    comment: Comment
    private: str
    person: Person


def post_key(keys: Keys, site: Site, to: Destination, draft: Draft) -> str:
    """The same for equal posts: made of what the form was for and what was typed, never of the token's letters."""
    return keys.mac("post-key.v1", site.id, to.page.alias, to.parent_id or 0, to.nonce, draft.name, draft.body).hex()


async def post_comment(
    db: Db, keys: Keys, site: Site, author: Author, to: Destination, draft: Draft, *, now: int
) -> Posted:
    """Keep a draft without faults as a comment, in the state that the rules give it.

    Raises ThreadClosed, RepliesOnly, SiteFrozen, NotFound (the comment it answers is gone), TooDeep, TooManyLinks,
    AlreadyPosted, Banned.
    """
    text = prepared(draft.body)

    async def known(reader: Reader) -> Circumstances:
        await refuse_banned(reader, site.id, author.marks, draft.name, now)
        return Circumstances(
            name=draft.name,
            trap=draft.trap,
            age=now - to.issued_at,
            trusted=await is_trusted(reader, site, author.person),
            sandboxed=author.sandboxed,
            standing=author.person.standing if author.person else Standing.ANY,
            likeness=await likeness_of(reader, site, text.body, draft.name, text.links),
        )

    how = await db.read(known)
    key = post_key(keys, site, to, draft)

    async def kept(tx: Tx) -> Posted:
        thread = await _open_thread(tx, site, to.page, to.parent_id, now)
        parent = await _parent(tx, site, thread, to.parent_id)
        comment_id = max(ids.new_id(now), parent.id + 1 if parent else 0)
        person = author.person or await _new_person(tx, site, draft, comment_id, now)
        verdict = await weigh(tx, site, thread.id, text, how, person.id, now)
        private = ownership.private_link(keys, comment_id)
        comment = _comment(comment_id, thread, parent, person, draft, text, STATE_AFTER[verdict.outcome], now)
        comment = replace(comment, private_hash=_hash_of(private))
        await store_writes.add(tx, comment, text.fingerprint, verdict.as_json())
        if await store_writes.claim_post(tx, comment, key, author.address_key, author.wide_key) is None:
            raise AlreadyPosted(comment_id)
        if comment_id % _PURGE_EVERY == 0:
            await store_writes.forget_old_posts(tx, site.id, now)
            await hosts_store.forget_old(tx, site.id, now)
            await bans.forget_networks(tx, site.id, now)
        return Posted(comment, private, person)

    return await db.write(kept)


async def is_trusted(db: Reader, site: Site, person: Person | None, *, but_id: int = 0) -> bool:
    """Whether somebody has enough approved comments: an identity that nobody can type, never a typed name.

    `but_id` is a comment that doesn't count: one that is being edited can't vouch for its own new text.
    """
    if person is None or person.standing is Standing.HOLD:
        return False
    if person.standing is Standing.TRUST:
        return True
    return await store.approved_of(db, site.id, person.id, but_id) >= site.rules.trust_after


async def _open_thread(tx: Tx, site: Site, page: Page, parent_id: int | None, now: int) -> Thread:
    if site.rules.frozen:
        raise SiteFrozen
    thread = await threads.of_page(tx, site.id, page.alias) or await threads.born_of(tx, site.id, page, now)
    if thread.is_closed(site, now):
        raise ThreadClosed
    if thread.replies_only and parent_id is None:
        raise RepliesOnly
    return thread


async def _parent(tx: Tx, site: Site, thread: Thread, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    await threads.hold(tx, site.id, thread.id)  # an import may be undone just now: a reply must not outlive its parent
    parent = await store.one(tx, site.id, parent_id)
    if parent is None or parent.thread_id != thread.id or not parent.is_approved:
        raise NotFound
    if parent.depth >= DEEPEST:
        raise TooDeep
    return parent


async def _new_person(tx: Tx, site: Site, draft: Draft, comment_id: int, now: int) -> Person:
    """A guest gets an identity with his first comment, and its number: his private view may count on it."""
    person = Person(id=comment_id, site_id=site.id, name=draft.name, website=draft.website)
    await people.add(tx, person, now)
    return person


def _comment(
    comment_id: int,
    thread: Thread,
    parent: Comment | None,
    person: Person,
    draft: Draft,
    text: Text,
    state: State,
    now: int,
) -> Comment:
    return Comment(
        id=comment_id,
        site_id=thread.site_id,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else comment_id,
        depth=parent.depth + 1 if parent else 0,
        state=state,
        replies=0,
        person_id=person.id,
        author_name=draft.name,
        author_website=safe_website(draft.website) or "" if draft.website else "",
        body=text.body,
        body_html=text.body_html,
        revision=0,
        created_at=now,
        edited_at=None,
        withdrawn_at=None,
        private_hash=None,
    )


def _hash_of(private: str) -> str | None:
    read = ownership.read_private(private)
    return read[1] if read else None
