"""An author edits his comment within the window, in the frame or on his own page; it is judged again."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import (
    WAITS,
    all_of,
    alone,
    approve,
    checks_of,
    frame,
    mine,
    moderate,
    places,
    stored,
    unwritable,
    words,
    write,
)
from tests.scene import a_site
from widget.clock import DAY, MINUTE
from widget.comments.comment import LONGEST_BODY, State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post")


@pytest.mark.case("C68")
async def test_an_edit_in_the_frame_ends_in_the_frame(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Hello", name="Ada", at=frame("open"))
    opened = await posted.link("Edit (15").click()
    assert opened.url.endswith("#ta")
    assert places(opened) == places(posted)
    assert opened.form("edit").values["body"] == "Hello"
    preview = await opened.form("edit").press("preview", body="Hello *you*")
    assert "not saved yet" in preview.text
    assert words(preview)[0] == "Hello you"
    wrong = await preview.form("edit").press("save", body="x" * (LONGEST_BODY + 1))
    assert wrong.status == 422
    assert wrong.title.startswith("Error:")
    assert wrong.find("ta").get("aria-describedby") == "ta-fault"
    stopped_clock.forward(MINUTE)
    saved = await wrong.form("edit").press("save", body="Hello *you*")
    assert saved.path == posted.path
    assert words(saved) == ["Hello you"]
    assert "edited" in text_of(all_of(saved, "span", "by__edited")[0])
    (comment,) = await stored(app.state["db"], open_site)
    assert (comment.revision, comment.edited_at) == (1, stopped_clock.now)
    kept = await app.state["db"].rows("select revision, body from comment_revision")
    assert [(row["revision"], row["body"]) for row in kept] == [(0, "Hello")]
    for page in (preview, wrong):
        assert "frame-ancestors https://open.example" in page.headers["content-security-policy"]
    cancelled = await opened.link("Cancel").click()
    assert cancelled.path == posted.path


async def test_an_edit_on_the_private_page_ends_there(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    page = await reader.open(mine(await write(reader, "Hello", at=frame("open"))), site="cross-site")
    assert page.headers["cache-control"] == "no-store"
    assert "Published" in page.text
    assert (await page.form("edit").press("preview", body="Good *bye*")).find("ta").text == "Good *bye*"
    saved = await page.form("edit").press("save", body="Good bye")
    assert saved.path == page.path
    assert saved.find("ta").text == "Good bye"
    assert "Edited" in saved.text
    assert words(await reader.open(frame("open"))) == ["Good bye"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert (await page.link("Back to the comments").click()).path == alone("open")


@pytest.mark.case("C34")
async def test_c34_a_form_for_one_comment_changes_no_other(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    pages = []
    for body in ("First", "Second"):
        pages.append(await reader.open(mine(await write(reader, body, at=frame("open")))))
        stopped_clock.forward(1)
    token = pages[0].form("edit").values["token"]
    crossed = await reader.send("POST", pages[1].path, [("token", token), ("body", "Crossed"), ("action", "save")])
    assert crossed.status == 409
    assert crossed.find("ta").text == "Crossed"
    post_token = (await reader.open(frame("open"))).form("write").values["token"]
    for wrong in (post_token, "", "x.y"):
        page = await reader.send("POST", pages[0].path, [("token", wrong), ("body", "Wrong"), ("action", "save")])
        assert page.status == 409
        page = await reader.send("POST", pages[0].path, [("token", wrong), ("action", "delete")])
        assert page.status == 409
    posted = await reader.send("POST", "/comments", [("token", token), ("body", "Posted")])
    assert posted.status == 409
    assert [one.body for one in await stored(app.state["db"], open_site)] == ["First", "Second"]


@pytest.mark.case("C68")
async def test_c68_after_the_window_nothing_is_edited_and_the_text_is_given_back(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Hello", at=frame("open"))
    in_frame = (await posted.link("Edit (15").click()).form("edit")
    on_page = (await reader.open(mine(posted))).form("edit")
    stopped_clock.forward(15 * MINUTE)
    for form in (in_frame, on_page):
        page = await form.press("save", body="Too\nlate")
        assert page.status == 403
        assert "time for editing is over" in page.text
        assert page.find("ta").text == "Too\nlate"
    assert "The time for editing is over" in (await reader.open(mine(posted))).text
    assert not (await reader.open(posted.path + "&edit=1")).has("edit")
    (comment,) = await stored(app.state["db"], open_site)
    assert (comment.body, comment.revision) == ("Hello", 0)


@pytest.mark.parametrize("framed", [True, False])
async def test_an_edit_form_that_is_out_of_date_undoes_nothing(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock, framed: bool
) -> None:
    posted = await write(reader, "Hello", at=frame("open"))
    page = await (posted.link("Edit (15").click() if framed else reader.open(mine(posted)))
    await (await reader.open(mine(posted))).form("edit").press("save", body="The newer text")
    late = await page.form("edit").press("save", body="The older\ntext")
    assert late.status == 409
    assert "has changed since" in late.text
    assert late.find("ta").text == "The older\ntext"
    where = "https://open.example" if framed else "'none'"
    assert f"frame-ancestors {where}" in late.headers["content-security-policy"], "or its frame would show nothing"
    assert [one.body for one in await stored(app.state["db"], open_site)] == ["The newer text"]
    saved = await late.form("edit").press("save")
    assert saved.status == 200
    assert [one.body for one in await stored(app.state["db"], open_site)] == ["The older\ntext"]


async def test_an_old_edit_form_and_a_doubled_field_give_the_text_back_in_the_frame(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await a_site(app.state["db"], "slow", rule="post", edit_minutes=1440)
    posted = await write(reader, "Hello", at=frame("slow"))
    form = (await (await reader.open(posted.path)).link("Edit (").click()).form("edit")
    doubled = await reader.send(
        "POST", mine(posted), [("token", form.values["token"]), ("body", "One"), ("body", "Two")]
    )
    assert (doubled.status, doubled.find("ta").text) == (422, "One")
    stopped_clock.forward(DAY + 1)
    page = await form.press("save", body="A day\nlater")
    assert page.status == 409
    assert page.find("ta").text == "A day\nlater"
    assert "frame-ancestors https://slow.example" in page.headers["content-security-policy"]


async def test_a_decision_meanwhile_is_not_overwritten(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Hello", at=frame("open"))
    form = (await posted.link("Edit (15").click()).form("edit")
    (comment,) = await stored(app.state["db"], open_site)
    await moderate(app.state["db"], comment, Decision.REJECT, now=stopped_clock.now)
    page = await form.press("save", body="Reworded")
    assert page.status == 403
    assert page.find("ta").text == "Reworded"
    (comment,) = await stored(app.state["db"], open_site)
    assert (comment.body, comment.state) == ("Hello", State.REJECTED)


@pytest.mark.case("C68", "C146")
async def test_c68_c146_an_approved_comment_is_judged_again_when_it_is_edited(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Lovely.")
    await approve(app.state["db"], site, now=stopped_clock.now)
    form = (await (await reader.open(posted.path)).link("Edit (15").click()).form("edit")
    page = await form.press("save", body="Lovely. https://pills.example")
    assert WAITS in text_of(page.find("notice"))
    (comment,) = await stored(app.state["db"], site)
    assert comment.state is State.PENDING
    assert '"first"' in await checks_of(app.state["db"], comment)
    other = app.browser()
    assert words(await other.open(frame())) == []
    await other.close()


@pytest.mark.case("C146")
async def test_c146_links_come_in_by_no_edit_where_comments_are_published_at_once(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    page = await reader.open(mine(await write(reader, "Lovely.", at=frame("open"))))
    many = " ".join(f"https://host{number}.example" for number in range(4))
    refused = await page.form("edit").press("save", body=many)
    assert refused.status == 422
    assert "too many links" in refused.text
    assert refused.find("ta").text == many
    await refused.form("edit").press("save", body="https://host1.example https://host2.example")
    (comment,) = await stored(app.state["db"], open_site)
    assert comment.state is State.PENDING
    assert '"links"' in await checks_of(app.state["db"], comment)


async def test_rewording_is_no_way_out_of_spam(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Lovely.", at=frame("open"), url="http://filled.by.a.machine")
    await (await reader.open(mine(posted))).form("edit").press("save", body="Lovelier.")
    (comment,) = await stored(app.state["db"], open_site)
    assert (comment.body, comment.state) == ("Lovelier.", State.SPAM)


async def test_changes_wait_for_a_database_that_can_write(app: App, reader: Browser, open_site: Site) -> None:
    posted = await write(reader, "Hello", at=frame("open"))
    form = (await posted.link("Edit (15").click()).form("edit")
    private = await reader.open(mine(posted))
    async with unwritable(app):
        page = await form.press("save", body="Later\non")
        assert (page.status, page.find("ta").text) == (503, "Later\non")
        token = private.form("edit").values["token"]
        kept = await reader.send("POST", private.path, [("token", token), ("action", "delete")])
        assert kept.status == 503
    assert (await page.form("edit").press("save")).status == 200
    assert [one.body for one in await stored(app.state["db"], open_site)] == ["Later\non"]


async def test_edits_have_a_limit_that_keeps_the_text(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "slow", limits={"limit_preview": "1/1h"})
    page = await write(reader, "First words.", at=frame(site.slug))
    page = await (await page.link("Edit").click()).form("edit").press("save", body="Second words.")
    assert "Second words." in page.text
    page = await (await page.link("Edit").click()).form("edit").press("save", body="Third words.")
    assert page.status == 429
    assert page.form("edit").values["body"] == "Third words."
    assert int(page.headers["retry-after"]) > 0
