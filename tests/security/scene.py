"""A site with one of everything that is ever shown, made through its own pages, and everybody who looks at it."""

from dataclasses import dataclass

from tests.browser import Browser, Page
from tests.conftest import App
from tests.people.moderators import signed_in
from tests.people.roles import Sample, sample
from tests.readers import frame as framed
from tests.readers import key, mine, stored, write
from tests.scene import a_moderator, a_site
from widget import clock, ids
from widget.clock import DAY
from widget.comments.comment import Comment
from widget.people.person import Role
from widget.privacy import requesting, requests_store
from widget.sites.site import Site

LOUD = {f"limit_{name}": "off" for name in ("post_thread", "post_site", "post_address", "post_hour", "post_day")}
LOUD |= {"limit_preview": "off"}
WORDS = "It says that I stole a tortoise, and I did not."


@dataclass(frozen=True, slots=True)
class Scene:
    """Who looks, and where everything is."""

    app: App
    site: Site
    owner: Browser
    reader: Browser
    objects: Sample
    comment: Comment
    privates: tuple[str, ...]
    receipt: str
    proved: str
    mailed: str


async def an_open_site(app: App, **rules: object) -> Site:
    """A partner that publishes at once and counts nothing."""
    fields = {"rule": "post", "limits": LOUD, "website_field": True, "refuse_links": 100, "hold_links": 100}
    return await a_site(app.state["db"], "partner", **{**fields, **rules})


async def furnished(app: App, site: Site, reader: Browser) -> Scene:
    """One of everything: published, edited, reported, rejected, appealed against, banned, noted, imported."""
    owner = await signed_in(app, "ada@example.org", site, address="198.51.100.9")
    maker = await a_moderator(app.state["db"], "maker@example.org", "Maker", site, role=Role.OWNER)
    objects = await sample(app, site, {Role.OWNER: maker})
    first = await _published(app, reader)
    privates = [mine(first), *[await _appealed(owner, reader, number) for number in range(2)]]
    comment = next(one for one in await stored(app.state["db"], site) if one.revision)
    receipt = await _reported(app, owner, comment)
    await _about_the_author(owner, comment)
    await _closed(app, site)
    mailed, proved = await _proved(app, site, reader)
    return Scene(app, site, owner, reader, objects, comment, tuple(privates), receipt, proved, mailed)


async def _published(app: App, reader: Browser) -> Page:
    page = await write(reader, "Hello *you*", name="Bob", website="https://bob.example/", remember=True)
    page = await (await page.link("Edit (").click()).form("edit").press("save", body="Hello **all of you**")
    other = app.browser(address="203.0.113.50")
    await write(other, "Another view", name="Cy")
    return page


async def _appealed(owner: Browser, reader: Browser, times: int) -> str:
    """A rejected comment's private page; the second one's appeal is answered."""
    page = await write(reader, f"Rejected {times}", at=framed(page=f"/rejected-{times}"))
    private = mine(page)
    await _decided(owner, private, "reject")
    await (await reader.open(private)).form("appeal-form").press("Send the appeal", body=WORDS)
    if times:
        await _decided(owner, private, "reject")
    return private


async def _decided(owner: Browser, private: str, decision: str) -> None:
    comment = private.removeprefix("/mine/").partition("-")[0]
    page = await owner.open(f"/admin/comment/{comment}")
    assert (await page.form("decide").press(decision=decision, reason="House rules")).status == 200


async def _reported(app: App, owner: Browser, comment: Comment) -> str:
    """A report and a notice on a comment, and a notice that was decided on; the receipt of that."""
    for number, reason in enumerate(("spam", "other")):
        form = (await app.browser(address=f"203.0.113.{60 + number}").open(f"{_at(comment)}/report")).form("report")
        assert (await form.press("Send the report", reason=reason, body=WORDS)).status == 200
    receipt = ""
    other = app.browser(address="203.0.113.70")
    decided = mine(await write(other, "To be removed", at=framed(page="/removed")))
    for address in (_at(comment), f"/comments/{decided.removeprefix('/mine/').partition('-')[0]}"):
        form = (await other.open(f"{address}/report?illegal=1")).form("report")
        fields = {"body": WORDS, "name": "Ruth", "email": "ruth@mail.example", "good_faith": True}
        receipt = (await form.press("Send the notice", **fields)).path  # type: ignore[arg-type]
    await _decided(owner, decided, "delete")
    return receipt


async def _about_the_author(owner: Browser, comment: Comment) -> None:
    page = await owner.open(f"/admin/author/{ids.encode(comment.person_id or 0)}")
    await page.form("add-note").press(note="Writes twice a week")
    page = await owner.open(f"/admin/bans/new?comment={key(comment)}")
    assert (await page.form("ban").press(target="network", days="7", reason="Rants")).status == 200
    page = await owner.open("/admin/bans/new?site=partner")
    assert (await page.form("ban").press(target="name", name="Troll*", days="0", reason="Rants")).status == 200


async def _closed(app: App, site: Site) -> None:
    """A thread that is closed for a reason, and an import that failed for one."""
    async with app.state["db"].transaction() as tx:
        await tx.run(
            "update thread set closed_at = :now where site_id = :site and title = 'Page /other'",
            now=clock.now(),
            site=site.id,
        )
        await tx.run("update import_run set state = 'failed' where site_id = :site", site=site.id)


async def _proved(app: App, site: Site, reader: Browser) -> tuple[str, str]:
    """A mailed link that waits, and the page that another one has opened."""
    db, keys, links = app.state["db"], app.state["keys"], []
    for minute in (2, 1):
        now = clock.now() - minute * DAY // 1_440
        await requesting.ask(db, keys, site, "ruth@mail.example", "en", now=now)
        row = await db.row("select max(id) as id from privacy_request where site_id = :site", site=site.id)
        asked = await requests_store.one(db, site.id, row["id"] if row else 0)
        assert asked
        links.append(f"/privacy/{site.slug}/mail/{requesting.secret_of(keys, asked)}")
    page = await (await reader.open(links[0])).form("open").press()
    assert page.status == 200
    return links[1], page.path.removesuffix("/data")


def _at(comment: Comment) -> str:
    return f"/comments/{key(comment)}"
