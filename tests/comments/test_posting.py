"""A reader writes: the empty form, what he sees after posting, and what only he sees."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import (
    WAITS,
    WILL_WAIT,
    all_of,
    alone,
    approve,
    bare,
    checks_of,
    frame,
    key,
    moderate,
    places,
    stored,
    unwritable,
    words,
    write,
)
from tests.scene import a_comment, a_site
from widget.clock import MINUTE
from widget.comments.comment import State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def test_the_empty_form_asks_for_what_the_site_asks_for(app: App, reader: Browser, site: Site) -> None:
    page = await reader.open(frame())
    form = page.form("write")
    assert page.status == 200
    assert form.names == {"token", "body", "name", "url", "remember", "action"}
    assert form.values == {"token": form.values["token"], "body": "", "name": "", "url": ""}
    assert [button.get("value") for button in form.buttons] == ["post", "preview"]
    assert "No comments yet" in page.text
    assert text_of(page.find("comments")) == "Comments (0)"
    text = page.find("ta")
    assert (text.tag, "maxlength" in text.attrib, "required" in text.attrib) == ("textarea", False, True)
    await a_site(app.state["db"], "strange", website_field=True, name_required=True)
    page = await reader.open(frame("strange"))
    assert "website" in page.form("write").names
    assert "required" in page.find("write-name").attrib


async def test_every_field_has_a_label_and_every_id_is_there_once(reader: Browser, site: Site) -> None:
    page = await reader.open(frame())
    labelled = {one.get("for") for one in page.tree.iter("label")}
    fields = [one for one in page.tree.iter() if one.tag in ("input", "textarea") and one.get("type") != "hidden"]
    assert {one.get("id") for one in fields} == labelled
    ids = [one.get("id") for one in page.tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.case("C71")
async def test_a_held_comment_is_seen_by_its_author_alone_until_it_is_approved(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    page = await write(reader, "Hello **you**", name="Ada")
    assert "mine=" in page.path
    assert WAITS in text_of(page.find("notice"))
    (comment,) = await stored(app.state["db"], site)
    assert page.url.endswith(f"#c-{key(comment)}")
    assert "comment--own" in page.find(f"c-{key(comment)}").get("class", "")
    assert words(page) == ["Hello you"]
    other = app.browser(address="203.0.113.99")
    assert words(await other.open(frame())) == []
    assert (await other.open(f"/c/{key(comment)}")).status == 404
    await approve(app.state["db"], site, now=stopped_clock.now)
    assert words(await other.open(frame())) == ["Hello you"]
    assert "Your comment is published" in (await reader.open(page.path)).text
    assert text_of((await other.open(alone())).find("comments")) == "Comments (1)"
    await other.close()


async def test_a_published_comment_stands_in_its_place_at_once(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    open_site = await a_site(app.state["db"], "open", rule="post")
    for number in range(3):
        await a_comment(app.state["db"], open_site, f"Number {number}", state=State.APPROVED)
    stopped_clock.forward(1)
    page = await write(reader, "The fourth", at=frame("open"))
    (comment,) = [one for one in await stored(app.state["db"], open_site) if one.body == "The fourth"]
    assert "Your comment is published" in text_of(page.find("notice"))
    assert places(page)[-1] == f"c-{key(comment)}"
    assert text_of(page.find("comments")) == "Comments (4)"
    newest = await reader.open(frame("open", sort="newest"))
    assert places(newest)[0] == f"c-{key(comment)}"


@pytest.mark.case("C143")
async def test_a_comment_is_told_as_waiting_whatever_the_checks_have_found(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    """Case C143: who fills the trap isn't told."""
    held = await write(reader, "A comment", name="Ada")
    stopped_clock.forward(1)
    trapped = await write(reader, "A comment of a machine", name="Ada", url="http://spam.test")
    kept = await stored(app.state["db"], site)
    assert [one.state for one in kept] == [State.PENDING, State.SPAM]
    assert "trap" in await checks_of(app.state["db"], kept[1])
    assert text_of(held.find("notice")) == text_of(trapped.find("notice"))


async def test_the_hint_says_beforehand_what_happens(app: App, reader: Browser, site: Site) -> None:
    await a_site(app.state["db"], "open", rule="post")
    assert WILL_WAIT in (await reader.open(frame())).text
    assert WILL_WAIT not in (await reader.open(frame("open"))).text


async def test_a_rejected_comment_says_so_to_its_author(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    page = await write(reader, "Hello")
    (comment,) = await stored(app.state["db"], site)
    await moderate(app.state["db"], comment, Decision.REJECT, now=stopped_clock.now)
    again = await reader.open(page.path)
    assert "decided not to publish" in text_of(again.find("notice"))
    assert "Edit (" not in again.text


@pytest.mark.case("C59")
async def test_c59_a_form_from_a_sandbox_is_kept_and_held_and_uses_no_cookie(app: App, reader: Browser) -> None:
    open_site = await a_site(app.state["db"], "open", rule="post")
    form = (await reader.open(frame("open"))).form("write")
    page = await reader.send(
        "POST",
        "/comments",
        [("token", form.values["token"]), ("body", "From a sandbox"), ("remember", "1")],
        site="cross-site",
        origin="null",
    )
    (comment,) = await stored(app.state["db"], open_site)
    assert comment.state is State.PENDING
    assert WAITS in page.text
    assert reader.cookies == {}


@pytest.mark.case("C58")
async def test_c58_a_foreign_pages_post_is_refused_and_not_counted(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    for number in range(5):
        page = await reader.send(
            "POST",
            "/comments",
            [("token", token), ("body", f"Laundered {number}"), ("name", "Eve")],
            site="cross-site",
            origin="https://evil.example",
        )
        assert page.status == 403
        assert "another web" in page.text
        assert page.find("ta").text == f"Laundered {number}"
    assert await stored(app.state["db"], site) == []
    mine = await page.form("write").press()
    assert WAITS in mine.text
    assert [one.body for one in await stored(app.state["db"], site)] == ["Laundered 4"]


@pytest.mark.case("C62")
async def test_c62_without_any_word_of_its_sender_a_post_is_anonymous(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    open_site = await a_site(app.state["db"], "open", rule="post")
    await write(reader, "First", at=frame("open"), remember=True)
    token = (await reader.open(frame("open"))).form("write").values["token"]
    name, secret = next(iter(reader.cookies.items()))
    stopped_clock.forward(1)
    async with bare(app) as client:
        answer = await client.post(
            "/comments",
            data={"token": token, "body": "Second", "remember": "1"},
            headers={"cookie": f"{name}={secret}"},
        )
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    first, second = await stored(app.state["db"], open_site)
    assert (first.state, second.state) == (State.APPROVED, State.PENDING)
    assert first.person_id != second.person_id


async def test_the_same_post_is_kept_when_the_database_can_write_again(app: App, reader: Browser, site: Site) -> None:
    form = (await reader.open(frame())).form("write")
    async with unwritable(app):
        page = await form.press(body="Kept\nfor later", name="Ada")
    assert (page.status, page.headers["retry-after"]) == (503, "60")
    assert page.title.startswith("Error:")
    assert page.find("ta").text == "Kept\nfor later"
    assert page.form("write").values["name"] == "Ada"
    assert await stored(app.state["db"], site) == []
    assert WAITS in (await page.form("write").press()).text
    assert [one.body for one in await stored(app.state["db"], site)] == ["Kept\nfor later"]


async def test_the_window_for_editing_counts_down_in_whole_minutes(
    reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    page = await write(reader, "Hello")
    assert "Edit (15 minutes left)" in page.text
    stopped_clock.forward(13 * MINUTE + 1)
    assert "Edit (2 minutes left)" in (await reader.open(page.path)).text
    stopped_clock.forward(MINUTE)
    assert "Edit (1 minute left)" in (await reader.open(page.path)).text
    stopped_clock.forward(MINUTE)
    assert not [one for one in all_of(await reader.open(page.path), "a") if "Edit" in text_of(one)]
