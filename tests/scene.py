"""What a test finds already there: sites, moderators, threads and comments, in the states it needs."""

from dataclasses import replace

from widget import ids
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.comments.text import fingerprint
from widget.db.engine import Db
from widget.markup.render import to_html
from widget.people import store as people
from widget.people.passwords import Passwords
from widget.people.person import Moderator, Person, Role
from widget.people.registering import register_moderator
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.spam.verdict import Finding, Outcome, Verdict
from widget.threads import store as threads
from widget.threads.thread import Page

NOW = 1_790_000_000_000
"""2026-09-21, in the milliseconds since 1970 that all our times are."""

PASSWORD = "correct donkey battery"
"""The password of every moderator here."""


async def a_site(db: Db, slug: str, **rules: object) -> Site:
    """A site with one origin, https://SLUG.example, and a name of its own."""
    site = Site(
        ids.new_id(NOW), slug, f"The {slug} post", (f"https://{slug}.example",), SiteRules.model_validate(rules)
    )
    async with db.transaction() as tx:
        await sites.add(tx, site, NOW)
    return site


async def a_moderator(db: Db, email: str, name: str, *of: Site, role: Role = Role.MODERATOR) -> Moderator:
    """A moderator with one role on all these sites."""
    roles = {site.id: role for site in of}
    return await register_moderator(db, Passwords(), email, name, roles, PASSWORD, now=NOW)


async def a_comment(
    db: Db,
    site: Site,
    body: str = "Lovely.",
    *,
    state: State = State.PENDING,
    name: str = "Bob",
    page: str = "/a",
    parent: Comment | None = None,
    person: int | None = None,
    findings: tuple[Finding, ...] = (Finding("first", 3),),
    now: int = NOW,
) -> Comment:
    """A comment in a state, with the thread of its page; `person` is the id of one that is made where it is missing."""
    comment = _comment(site, body, state, name, parent, person, now)
    async with db.transaction() as tx:
        address = f"{site.origins[0]}{page}"
        thread = await threads.born_of(tx, site.id, Page(address, f"Page {page}", f"1:{page}"), now)
        comment = replace(comment, thread_id=thread.id)
        if person is not None and await people.by_id(tx, site.id, person) is None:
            await people.add(tx, Person(person, site.id, name, ""), now)
        await store_writes.add(tx, comment, fingerprint(body), Verdict(Outcome.HOLD, findings).as_json())
    return comment


def _comment(
    site: Site, body: str, state: State, name: str, parent: Comment | None, person: int | None, now: int
) -> Comment:
    id_ = ids.new_id(max(now, ids.created_at(parent.id) + 1)) if parent else ids.new_id(now)
    return Comment(
        id=id_,
        site_id=site.id,
        thread_id=0,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else id_,
        depth=parent.depth + 1 if parent else 0,
        state=state,
        replies=0,
        person_id=person,
        author_name=name,
        author_website="",
        body=body,
        body_html=to_html(body),
        revision=0,
        created_at=now,
        edited_at=None,
        withdrawn_at=None,
        private_hash=None,
    )
