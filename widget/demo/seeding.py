"""Fills an empty database with the demonstration: a site, its thread and its comments. Run twice, it does nothing."""

from widget import ids
from widget.clock import MINUTE
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.comments.text import fingerprint
from widget.db.engine import Db, Tx
from widget.demo.words import SAMPLES, Sample
from widget.markup.links import links_in
from widget.markup.render import to_html
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.spam.verdict import Finding, Outcome, Verdict
from widget.threads import store as threads
from widget.threads.address import page_key
from widget.threads.thread import Page, Thread

TITLE = "Line 4 reaches the harbour"


async def seed(db: Db, base_url: str, *, now: int) -> Site:
    """The demonstration site for a server at this address; made where it is missing."""
    there = await sites.by_slug(db, "demo")
    if there:
        return await _moved(db, there, base_url)
    site = Site(ids.new_id(now), "demo", "The Harbour Post", _origins(base_url), SiteRules())
    url = f"{base_url}/demo/"
    async with db.transaction() as tx:
        await sites.add(tx, site, now)
        thread = await threads.born_of(tx, site.id, Page(url, TITLE, page_key(url)), now - 4 * 24 * 60 * MINUTE)
        await _write(tx, site, thread, now)
    return site


async def _moved(db: Db, site: Site, base_url: str) -> Site:
    """Started on another port, the demonstration must still be allowed to frame itself."""
    moved = Site(site.id, site.slug, site.name, tuple(dict.fromkeys((*site.origins, *_origins(base_url)))), site.rules)
    async with db.transaction() as tx:
        await sites.save(tx, moved)
    return moved


def _origins(base_url: str) -> tuple[str, ...]:
    """People type either name of their own machine."""
    return (base_url, base_url.replace("//127.0.0.1", "//localhost"))


async def _write(tx: Tx, site: Site, thread: Thread, now: int) -> None:
    written: dict[str, Comment] = {}
    for sample in sorted(SAMPLES, key=lambda one: -one.minutes_ago):
        comment = _comment(sample, site, thread, written.get(sample.parent), now)
        await store_writes.add(tx, comment, fingerprint(comment.body), _verdict(sample, comment).as_json())
        if comment.withdrawn_at:
            await store_writes.mark_withdrawn(tx, comment, comment.withdrawn_at)
        written[sample.key] = comment


def _comment(sample: Sample, site: Site, thread: Thread, parent: Comment | None, now: int) -> Comment:
    created_at = now - sample.minutes_ago * MINUTE
    id_ = ids.new_id(created_at)
    return Comment(
        id=id_,
        site_id=site.id,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else id_,
        depth=parent.depth + 1 if parent else 0,
        state=sample.state,
        replies=0,
        person_id=None,
        author_name=sample.author,
        author_website="",
        body=sample.text,
        body_html=to_html(sample.text),
        revision=0,
        created_at=created_at,
        edited_at=None,
        withdrawn_at=created_at if sample.state is State.DELETED else None,
        private_hash=None,
    )


def _verdict(sample: Sample, comment: Comment) -> Verdict:
    if sample.state is not State.PENDING:
        return Verdict(Outcome.PUBLISH, ())
    links = Finding("links", 3, str(len(links_in(comment.body_html))))
    return Verdict(Outcome.HOLD, (links, Finding("first", 3)))
