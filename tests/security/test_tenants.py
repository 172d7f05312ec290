"""What one site has decided, and what was written there, is nowhere in another."""

import pytest

from tests.browser import Browser
from tests.comments.test_withdrawing import delete_form
from tests.conftest import App
from tests.people.moderators import signed_in
from tests.readers import WAITS, alone, bare, frame, words, write
from tests.scene import a_comment, a_site
from widget.comments.comment import State
from widget.sites.site import SiteRules

pytestmark = pytest.mark.anyio

MARK = "Xylographic"
"""A word that stands nowhere but in the rules of one site."""


def _rules() -> dict[str, object]:
    """The word in every rule that is a text or a list of texts."""
    texts = {name: MARK for name, field in SiteRules.model_fields.items() if field.annotation is str}
    lists = {name: (MARK,) for name, field in SiteRules.model_fields.items() if field.annotation == tuple[str, ...]}
    return {**texts, **lists, "accent": "#123456", "accent_dark": "", "limits": {"limit_post_address": "1/1h"}}


@pytest.mark.case("C94")
async def test_rules_and_limits_are_a_sites_own(app: App, reader: Browser) -> None:
    strict = await a_site(app.state["db"], "strict-one", **{**_rules(), "rule": "post"})
    other = await a_site(app.state["db"], "other", rule="post")
    assert MARK in (await reader.open(frame("strict-one"))).text
    assert WAITS in (await write(reader, f"{MARK} words", at=frame("strict-one"))).text
    assert (await write(reader, "Once more", at=frame("strict-one"))).status == 429
    for number in range(3):
        page = await write(reader, f"{MARK} words {number}", at=frame("other"))
        assert "is published" in page.text
    owner = await signed_in(app, "olga@example.org", other)
    for path in ("rules", "limits", "comments", "fields", "appearance", "announcing", "privacy", "general"):
        page = await owner.open(f"/admin/site/other/{path}")
        assert page.status == 200
        assert MARK not in page.html
        assert "#123456" not in page.html
        assert "1/1h" not in page.html
        assert (await owner.open(f"/admin/site/{strict.slug}/{path}")).status == 404
    await owner.close()


@pytest.mark.case("C89")
async def test_equal_pages_names_and_texts_of_two_sites_stay_apart(app: App, reader: Browser) -> None:
    """Kept pages, searches, exports, what is known of somebody: asked for one site, none holds the other's."""
    db = app.state["db"]
    sites = [await a_site(db, slug, rule="post") for slug in ("one", "two")]
    for site in sites:
        await a_comment(db, site, f"{MARK} of {site.slug}", state=State.APPROVED, name="Bob", person=7)
    for site in sites:
        for address in (frame(site.slug), alone(site.slug), frame(site.slug)):
            assert words(await reader.open(address)) == [f"{MARK} of {site.slug}"]
        owner = await signed_in(app, f"{site.slug}@example.org", site)
        found = await owner.open(f"/admin/queue?tab=approved&q={MARK}")
        assert words(found) == [f"{MARK} of {site.slug}"]
        for kind in ("jsonl", "wxr", "artrans", "csv"):
            form = (await owner.open(f"/admin/site/{site.slug}/transfer")).form("format")
            text = (await form.press(format=kind)).html
            assert text.count(MARK) == 1
        author = await owner.open("/admin/author/0000000000007")
        assert author.text.count(MARK) == 1
        await owner.close()


@pytest.mark.case("C70")
async def test_readers_get_nothing_that_is_not_for_them(app: App, reader: Browser) -> None:
    """No mail, no hash of one, no network, no check, score or state; ids are the addresses of comments alone."""
    site = await a_site(app.state["db"], "open", rule="post")
    comment = await a_comment(app.state["db"], site, "Seen", state=State.APPROVED, person=7)
    await a_comment(app.state["db"], site, "Held", state=State.PENDING, person=8)
    other = app.browser(address="198.51.100.77")
    await write(other, "Hello", name="Eve", remember=True, at=frame("open"))
    async with app.state["db"].transaction() as tx:
        await tx.run(
            "update comment set verdict = :verdict, private_hash = :hash where id = :id",
            verdict='{"verdict": "hold", "reasons": [{"check": "bayes", "score": 93}]}',
            hash="c0ffee" * 8,
            id=comment.id,
        )
    rows = await app.state["db"].rows("select * from comment where site_id = :site", site=site.id)
    secrets = [row[name] for row in rows for name in ("fingerprint", "private_hash") if row[name]]
    people = await app.state["db"].rows("select secret_hash from person")
    secrets += [row["secret_hash"] for row in people if row["secret_hash"]] + list(other.cookies.values())
    async with bare(app) as client:
        for address in (frame("open"), alone("open"), alone("open", lang="de")):
            answer = await client.get(address)
            told = answer.text.rpartition("</style>")[2] + repr(answer.headers.raw)
            assert "Seen" in told
            assert "Held" not in told
            assert not [secret for secret in secrets if secret in told]
            assert not [word for word in ("198.51.100", "approved", "pending", "bayes", "verdict", "@") if word in told]
            assert str(comment.id) not in told
    await other.close()


@pytest.mark.case("C69")
async def test_a_deleted_comment_is_on_no_page_and_found_by_no_search(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", rule="post")
    owner = await signed_in(app, "olga@example.org", site)
    posted = await write(reader, f"{MARK} words", name="Zenobia", at=frame("open"))
    private = posted.link("private link").href
    assert words(await owner.open(f"/admin/queue?tab=approved&q={MARK}")) != []
    await delete_form(await reader.open(private)).press(action="delete")
    for address in (frame("open"), alone("open"), posted.path, private):
        assert MARK not in (await reader.open(address)).html
    for tab in ("waiting", "approved", "spam", "rejected"):
        assert words(await owner.open(f"/admin/queue?tab={tab}&q={MARK}")) == []
    await owner.close()
