"""Owners give and take roles, and invite by a link."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.people.moderators import INSIDE, TEAM, actions_of, back, code_now, secret_on, sign_in, signed_in, switch_on
from tests.readers import resettle
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from widget import ids
from widget.clock import DAY, HOUR, SECOND
from widget.errors import NotFound
from widget.people import moderators_store, team
from widget.people.operating import let_in_again, shut_out
from widget.people.person import Role
from widget.people.team import LastOwner
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

OWNER = "ada@example.org"
NEW = "another donkey battery"


@pytest.fixture
async def ada(app: App, site: Site) -> AsyncIterator[Browser]:
    """The site's owner, signed in."""
    browser = await signed_in(app, OWNER, site)
    yield browser
    await browser.close()


async def invited(owner: Browser, site: Site, role: str = "moderator", note: str = "") -> tuple[str, Page]:
    """A link made on the team page, and that page."""
    page = await owner.open(TEAM.format(site.slug))
    done = await page.form("invite").press(role=role, note=note, password=PASSWORD)
    assert done.has("link"), done.text
    return done.find("link").get("value", ""), done


async def join(browser: Browser, link: str, email: str = "bob@example.org", name: str = "Bob", **more: str) -> Page:
    """Open an invitation and fill it in."""
    typed = {"new_password": NEW, "new_password_again": NEW, **more}
    return await (await browser.open(link)).form("join").press(email=email, name=name, **typed)


async def member_page(owner: Browser, site: Site, name: str) -> Page:
    return await (await owner.open(TEAM.format(site.slug))).link(f"Change {name}").click()


async def test_the_team_page_tells_who_may_do_what(app: App, ada: Browser, site: Site) -> None:
    await a_moderator(app.state["db"], "bob@example.org", "Bob", site, role=Role.VIEWER)
    page = await ada.open(TEAM.format(site.slug))
    rows = [text_of(one) for one in page.tree.iter("li")]
    assert any("Ada · Owner (you)" in row and "password only" in row for row in rows)
    assert any("Bob · Viewer" in row and "bob@example.org" in row for row in rows)


async def test_a_newcomer_joins_by_a_link_and_is_signed_in(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    link, _ = await invited(ada, site)
    page = await reader.open(link)
    assert page.heading == "Join the team of The partner post"
    assert "Invited by Ada" in page.text
    done = await join(reader, link)
    assert done.path == "/admin/queue"
    assert "Signed in as Bob" in done.text
    assert "Bob · Moderator" in (await ada.open(TEAM.format(site.slug))).text
    assert await actions_of(app, site) == ["invite", "join"]


async def test_a_link_is_good_once(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    link, _ = await invited(ada, site)
    await join(reader, link)
    other = app.browser(address="192.0.2.5")
    used = await other.open(link)
    unknown = await other.open(link[:-32] + "a" * 32)
    assert (used.status, used.text) == (unknown.status, unknown.text)
    assert used.status == 404
    assert "used or withdrawn" in used.text
    await other.close()


async def test_two_at_once_use_a_link_once(app: App, ada: Browser, site: Site) -> None:
    link, _ = await invited(ada, site)
    browsers = [app.browser(address=f"192.0.2.{n}") for n in range(10, 15)]
    pages = await asyncio.gather(
        *(join(one, link, f"n{n}@example.org", f"N{n}") for n, one in enumerate(browsers)), return_exceptions=True
    )
    joined = [page for page in pages if isinstance(page, Page) and page.path == "/admin/queue"]
    assert len(joined) == 1
    rows = await app.state["db"].rows("select id from moderator where email like 'n%@example.org'")
    assert len(rows) == 1
    for one in browsers:
        await one.close()


async def test_a_link_is_good_for_seven_days(
    app: App, ada: Browser, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await sign_in(ada, OWNER)
    link, _ = await invited(ada, site)
    stopped_clock.forward(7 * DAY - HOUR)
    assert (await reader.open(link)).status == 200
    stopped_clock.forward(HOUR)
    assert (await reader.open(link)).status == 404


async def test_a_link_is_shown_once_and_its_secret_is_not_stored(
    app: App, ada: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await sign_in(ada, OWNER)
    link, page = await invited(ada, site, note="for Bob")
    secret = link.rpartition("/")[2]
    assert secret not in page.path
    assert not (await ada.open(TEAM.format(site.slug))).has("link")
    stopped_clock.forward(11 * 60 * SECOND)
    assert not (await ada.open(page.path)).has("link")
    (row,) = await app.state["db"].rows("select secret_hash, note from invite")
    assert row["secret_hash"] != secret
    assert "for Bob" in (await ada.open(TEAM.format(site.slug))).text


async def test_an_invitation_is_withdrawn(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    link, page = await invited(ada, site)
    form = next(one for one in page.tree.iter("form") if "/invites/" in one.get("action", ""))
    path = form.get("action", "")
    token = page.form("invite").values["token"]
    done = await ada.send("POST", path, [("token", token)])
    assert "withdrawn" in done.text
    assert (await reader.open(link)).status == 404
    assert (await ada.send("POST", path, [("token", token)])).status == 404
    assert await actions_of(app, site) == ["invite", "withdraw-invite"]


async def test_somebody_with_an_account_signs_in_to_join(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    other = await a_site(app.state["db"], "other")
    await a_moderator(app.state["db"], "bob@example.org", "Bob", other)
    link, _ = await invited(ada, site, "viewer")
    known = await join(reader, link)
    assert known.status == 422
    assert "There is an account with this e-mail address" in known.text
    asked = await known.link("Sign in and join with it").click()
    page = await asked.form("email", "password").press(email="bob@example.org", password=PASSWORD)
    assert "You will join as Bob" in page.text
    assert (await page.form("join").press()).path == "/admin/queue"
    account = await moderators_store.account_of(app.state["db"], "bob@example.org")
    assert account is not None
    bob = await moderators_store.by_id(app.state["db"], account.id)
    assert bob is not None
    assert bob.roles == {other.id: Role.MODERATOR, site.id: Role.VIEWER}


async def test_an_owner_who_opens_his_own_link_keeps_his_role_and_the_link(
    app: App, ada: Browser, reader: Browser, site: Site
) -> None:
    link, _ = await invited(ada, site, "viewer")
    page = await ada.open(link)
    assert "You are in this team already" in page.text
    token = "x"
    assert (await ada.send("POST", link, [("token", token)])).status == 409
    assert (await reader.open(link)).has_form("join")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "1 to 60 characters"),
        ({"email": "bob"}, "no e-mail address"),
        ({"new_password": "short", "new_password_again": "short"}, "at least 8 characters"),
        ({"new_password_again": "different"}, "not the same"),
    ],
)
async def test_a_fault_keeps_what_was_typed_and_the_invitation(
    ada: Browser, reader: Browser, site: Site, typed: dict[str, str], said: str
) -> None:
    link, _ = await invited(ada, site)
    fields = {"name": "Bob", "email": "bob@example.org", **typed}
    page = await join(reader, link, **fields)
    assert page.status == 422
    assert said in page.text
    assert page.form("join").values["email"] == fields["email"]
    assert NEW not in page.html
    assert (await join(reader, link)).path == "/admin/queue"


@pytest.mark.case("C74")
async def test_links_die_with_the_role_of_their_maker(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    """C74: nobody joins by the link of somebody who is no owner any more."""
    bob = await signed_in(app, "bob@example.org", site, address="192.0.2.2")
    link, _ = await invited(bob, site)
    page = await member_page(ada, site, "Bob")
    await page.form("member").press(action="role", role="moderator", password=PASSWORD)
    assert (await reader.open(link)).status == 404
    assert "Invitations that nobody" not in (await ada.open(TEAM.format(site.slug))).text
    await bob.close()


async def test_a_role_is_changed_and_holds_at_the_next_click(app: App, ada: Browser, site: Site) -> None:
    """ASVS 8.3.2."""
    await a_comment(app.state["db"], site)
    bob = await signed_in(app, "bob@example.org", site, role=Role.MODERATOR, address="192.0.2.2")
    assert (await bob.open("/admin/queue")).has_form("decision")
    page = await member_page(ada, site, "Bob")
    done = await page.form("member").press(action="role", role="viewer", password=PASSWORD)
    assert "The role has been changed" in done.text
    assert not (await bob.open("/admin/queue")).has_form("decision")
    (row,) = await app.state["db"].rows("select action, before_state, after_state, facts from log_entry")
    assert (row["action"], row["before_state"], row["after_state"]) == ("set-role", "moderator", "viewer")
    assert "bob" not in row["facts"].lower()
    await bob.close()


@pytest.mark.case("C74")
async def test_whoever_is_removed_is_signed_out_at_once(app: App, ada: Browser, site: Site) -> None:
    """C74."""
    bob = await signed_in(app, "bob@example.org", site, address="192.0.2.2")
    page = await member_page(ada, site, "Bob")
    done = await page.form("member").press(action="remove", password=PASSWORD)
    assert "Removed from the team" in done.text
    assert "Bob" not in done.text
    assert (await bob.open("/admin/queue")).path.startswith("/admin/sign-in")
    assert await actions_of(app, site) == ["remove-member"]
    await bob.close()


@pytest.mark.parametrize(("action", "role"), [("remove", "owner"), ("role", "viewer"), ("role", "moderator")])
async def test_the_last_owner_stays(app: App, ada: Browser, site: Site, action: str, role: str) -> None:
    await a_moderator(app.state["db"], "bob@example.org", "Bob", site, role=Role.MODERATOR)
    page = await member_page(ada, site, "Ada")
    refused = await page.form("member").press(action=action, role=role, password=PASSWORD)
    assert refused.status == 422
    assert "the only owner" in refused.text
    assert "Ada · Owner" in (await ada.open(TEAM.format(site.slug))).text


async def test_two_owners_who_remove_each_other_leave_one(app: App, ada: Browser, site: Site) -> None:
    db = app.state["db"]
    account = await moderators_store.account_of(db, OWNER)
    assert account is not None
    bob = await a_moderator(db, "bob@example.org", "Bob", site, role=Role.OWNER)
    answers = await asyncio.gather(
        team.remove_member(db, site.id, account.id, bob.id, now=NOW),
        team.remove_member(db, site.id, bob.id, account.id, now=NOW),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if answer] == [LastOwner]


async def test_a_disabled_owner_is_no_owner_that_is_left(app: App, ada: Browser, site: Site) -> None:
    db = app.state["db"]
    await a_moderator(db, "bob@example.org", "Bob", site, role=Role.OWNER)
    async with db.transaction() as tx:
        await moderators_store.disable(tx, "bob@example.org", NOW)
    assert "Bob" not in (await ada.open(TEAM.format(site.slug))).text
    page = await member_page(ada, site, "Ada")
    assert (await page.form("member").press(action="remove", password=PASSWORD)).status == 422


async def test_nothing_changes_without_the_password(app: App, ada: Browser, site: Site) -> None:
    """ASVS 7.5.1: what was typed stays."""
    await a_moderator(app.state["db"], "bob@example.org", "Bob", site, role=Role.VIEWER)
    page = (
        await (await ada.open(TEAM.format(site.slug)))
        .form("invite")
        .press(role="owner", note="for Cleo", password="not the password")
    )
    assert page.status == 422
    assert "This is not your password" in page.text
    assert page.form("invite").values["note"] == "for Cleo"
    assert page.form("invite").values["role"] == "owner"
    member = await member_page(ada, site, "Bob")
    for action in ("role", "remove"):
        refused = await member.form("member").press(action=action, role="owner", password="not the password")
        assert refused.status == 422
        assert refused.form("member").values["role"] == "owner"
    assert await actions_of(app, site) == []


async def test_a_moderator_sees_no_team_and_another_sites_team_is_not_there(app: App, ada: Browser, site: Site) -> None:
    """C88."""
    other = await a_site(app.state["db"], "other")
    stranger = await a_moderator(app.state["db"], "eve@example.org", "Eve", other, role=Role.OWNER)
    mod = await signed_in(app, "bob@example.org", site, role=Role.MODERATOR, address="192.0.2.2")
    assert (await mod.open(TEAM.format(site.slug))).status == 403
    foreign, unknown = await ada.open(TEAM.format("other")), await ada.open(TEAM.format("nowhere"))
    assert (foreign.status, foreign.text) == (404, unknown.text)
    not_mine = await ada.open(f"{TEAM.format(site.slug)}/{ids.encode(stranger.id)}")
    nobody = await ada.open(f"{TEAM.format(site.slug)}/0000000000000")
    assert (not_mine.status, not_mine.text) == (404, nobody.text)
    await mod.close()


async def test_a_token_of_one_sites_team_is_good_for_no_other(app: App, ada: Browser, site: Site) -> None:
    other = await a_site(app.state["db"], "other")
    account = await moderators_store.account_of(app.state["db"], OWNER)
    assert account is not None
    async with app.state["db"].transaction() as tx:
        await moderators_store.give_role(tx, other.id, account.id, Role.OWNER)
    token = (await ada.open(TEAM.format(site.slug))).form("invite").values["token"]
    answer = await ada.send(
        "POST", TEAM.format("other"), [("token", token), ("role", "viewer"), ("password", PASSWORD)]
    )
    assert answer.status == 409


async def asks_for_two_factor(app: App, site: Site) -> None:
    """Let the site ask everybody for two factors."""
    found = await sites.by_id(app.state["db"], site.id)
    assert found is not None
    from dataclasses import replace

    await resettle(app.state["db"], replace(found, rules=found.rules.model_copy(update={"two_factor": True})))


async def test_a_site_that_asks_for_two_factors_leads_to_set_them_up(app: App, site: Site) -> None:
    """ASVS 6.3.3."""
    await a_comment(app.state["db"], site, "Not before.")
    bob = await signed_in(app, "bob@example.org", site, role=Role.MODERATOR, address="192.0.2.2")
    await asks_for_two_factor(app, site)
    for path in ("/admin", "/admin/queue", TEAM.format(site.slug)):
        page = await bob.open(path)
        assert page.path == "/admin/account/two-factor", path
        assert "The partner post asks everybody" in page.text
        assert "Not before." not in page.html
    secret = secret_on(page)
    await page.form("two-factor").press(app_code=code_now(secret), password=PASSWORD)
    assert "Not before." in (await bob.open("/admin/queue")).text
    await bob.close()


async def test_other_sites_stay_open_meanwhile(app: App, site: Site) -> None:
    other = await a_site(app.state["db"], "other")
    comment = await a_comment(app.state["db"], site, "Not before.")
    await a_comment(app.state["db"], other, "As ever.")
    bob = await signed_in(app, "bob@example.org", site, other, address="192.0.2.2")
    await asks_for_two_factor(app, site)
    queue = await bob.open("/admin/queue")
    assert "As ever." in queue.text
    assert "Not before." not in queue.html
    assert "asks everybody in its team" in queue.text
    assert (await bob.open(f"/admin/comment/{ids.encode(comment.id)}")).status == 404
    assert (await bob.open("/admin/queue?site=partner")).path == "/admin/account/two-factor"
    assert (await bob.open(TEAM.format("other"))).status == 200
    await bob.close()


async def test_what_one_does_with_his_account_is_in_the_log_of_a_site_that_is_shut(app: App, site: Site) -> None:
    bob = await signed_in(app, "bob@example.org", site, address="192.0.2.2")
    await asks_for_two_factor(app, site)
    await switch_on(bob)
    assert await actions_of(app, site) == ["two-factor-on"]
    await bob.close()


async def test_an_invitation_with_two_factor_asks_for_the_code(
    app: App, ada: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await sign_in(ada, OWNER)
    secret, _ = await switch_on(ada)
    stopped_clock.forward(30 * SECOND)
    page = await ada.open(TEAM.format(site.slug))
    refused = await page.form("invite").press(role="viewer", password=PASSWORD, code="")
    assert refused.status == 422
    done = await refused.form("invite").press(role="viewer", password=PASSWORD, code=code_now(secret))
    assert done.has("link")
    assert "Ada · Owner (you) ada@example.org · two-factor sign-in" in done.text


async def test_one_who_joined_signs_in_again(app: App, ada: Browser, reader: Browser, site: Site) -> None:
    link, _ = await invited(ada, site)
    await join(reader, link)
    other = app.browser(address="192.0.2.9")
    assert (await sign_in(other, "BOB@example.org", NEW)).path == INSIDE
    await other.close()
    await (await back(app, OWNER)).close()


async def test_a_member_who_is_gone_is_not_found(app: App, site: Site) -> None:
    with pytest.raises(NotFound):
        await team.change_role(app.state["db"], site.id, 1, 2, Role.OWNER, now=NOW)


async def test_an_owner_asks_everybody_once_he_has_it_himself(
    app: App, ada: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await sign_in(ada, OWNER)
    await a_moderator(app.state["db"], "bob@example.org", "Bob", site, role=Role.MODERATOR)
    path = f"/admin/site/{site.slug}/two-factor"
    page = await ada.open(path)
    assert "with the password alone: Ada · Bob" in page.text
    refused = await page.form("team-two-factor").press(who="everybody", password=PASSWORD)
    assert refused.status == 422
    assert "you would shut yourself out" in refused.text
    secret, _ = await switch_on(ada)
    stopped_clock.forward(30 * SECOND)
    page = await ada.open(path)
    code = code_now(secret)
    done = await page.form("team-two-factor").press(who="everybody", password=PASSWORD, code=code)
    assert done.form("team-two-factor").values["who"] == "everybody"
    assert "has to sign in with two factors" in (await ada.open(TEAM.format(site.slug))).text
    assert "Without two-factor sign-in you would see nothing" in (await ada.open("/admin/account/two-factor")).text
    bob = app.browser(address="192.0.2.2")
    assert (await sign_in(bob, "bob@example.org")).path == INSIDE
    assert (await bob.open("/admin/queue")).path == "/admin/account/two-factor"
    assert await actions_of(app, site) == ["two-factor-on", "set-rule"]
    await bob.close()


async def test_whoever_is_disabled_is_out_at_once_with_his_links(
    app: App, ada: Browser, reader: Browser, site: Site
) -> None:
    """C74: `moderator disable` ends sessions, invitations and the way in; `enable` gives the role back."""
    bob = await signed_in(app, "bob@example.org", site, address="192.0.2.2")
    link, _ = await invited(bob, site)
    assert await shut_out(app.state["db"], "bob@example.org", now=NOW)
    assert (await bob.open(INSIDE)).path.startswith("/admin/sign-in")
    assert (await sign_in(bob, "bob@example.org")).status == 422
    assert (await reader.open(link)).status == 404
    assert "Bob" not in (await ada.open(TEAM.format(site.slug))).text
    assert await let_in_again(app.state["db"], "bob@example.org", now=NOW)
    assert (await sign_in(bob, "bob@example.org")).path == INSIDE
    assert "Bob · Owner" in (await ada.open(TEAM.format(site.slug))).text
    assert await actions_of(app, site) == ["invite", "disable", "enable"]
    await bob.close()
