"""Comments for tests, written straight through the store: a site, its thread, and trees of any shape."""

from dataclasses import dataclass, field

from widget import ids
from widget.clock import MINUTE
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.threads import store as threads
from widget.threads.address import page_key
from widget.threads.thread import Page, Thread

NOW = 1_800_000_000_000
ORIGIN = "https://paper.example"
ARTICLE = f"{ORIGIN}/article"
VERDICT = '{"verdict": "publish", "reasons": []}'


@dataclass
class Written:
    """A site with one thread, and a clock of its own: each comment is a minute younger than the one before."""

    db: Db
    site: Site
    thread: Thread
    at: int = NOW - 1_000_000 * MINUTE
    all: list[Comment] = field(default_factory=list)

    async def comment(self, parent: Comment | None = None, **changes: object) -> Comment:
        """One more comment; what isn't given is the plainest."""
        self.at += MINUTE
        return (await self.comments([parent], **changes))[0]

    async def comments(self, parents: list[Comment | None], **changes: object) -> list[Comment]:
        """One more below each of these, in one transaction."""
        made = [self.made(parent, place, **changes) for place, parent in enumerate(parents)]
        self.at += len(parents)
        async with self.db.transaction() as tx:
            for comment in made:
                await store_writes.add(tx, comment, f"fingerprint of {comment.id}", VERDICT)
        self.all += made
        return made

    def made(self, parent: Comment | None, place: int = 0, **changes: object) -> Comment:
        """A comment that is not kept yet."""
        id_ = ids.first_id(self.at + place)
        plain: dict[str, object] = {
            "id": id_,
            "site_id": self.site.id,
            "thread_id": self.thread.id,
            "parent_id": parent.id if parent else None,
            "root_id": parent.root_id if parent else id_,
            "depth": parent.depth + 1 if parent else 0,
            "state": State.APPROVED,
            "replies": 0,
            "person_id": None,
            "author_name": "Ada",
            "author_website": "",
            "body": f"Text {id_}",
            "body_html": f"<p>Text {id_}</p>",
            "revision": 0,
            "created_at": self.at + place,
            "edited_at": None,
            "withdrawn_at": None,
            "private_hash": None,
        }
        return Comment(**{**plain, **changes})  # type: ignore[arg-type]


async def written(db: Db, slug: str = "paper", rules: SiteRules | None = None) -> Written:
    """A new site with an empty thread at ARTICLE."""
    site = Site(ids.new_id(NOW), slug, "The Paper", (ORIGIN,), rules or SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, site, NOW)
        thread = await threads.born_of(tx, site.id, Page(ARTICLE, "An article", page_key(ARTICLE)), NOW)
    return Written(db, site, thread)
