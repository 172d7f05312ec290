"""Beyond deciding, from a comment's page: edited, answered, pinned, picked; and how readers see it."""

import asyncio

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.readers import alone, frame, key, marked, mine, places, stored, words, write
from tests.scene import NOW, a_comment
from tests.threads.recount import wrong_numbers
from widget import ids
from widget.clock import MINUTE
from widget.comments.comment import Comment, State
from widget.comments.marking import Mark, TooManyPinned, mark_comment
from widget.comments.names import claims_office, is_taken
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import Db
from widget.rendering import LANGUAGES, Pages
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

HOSTILE = (
    '<script>alert(1)</script> **bold** <img src=x onerror=alert(1)> [x](javascript:alert(1)) <span class="badge">'
)


async def approved(app: App, site: Site, body: str = "A view.", **about: object) -> Comment:
    return await a_comment(app.state["db"], site, body, state=State.APPROVED, **about)  # type: ignore[arg-type]


async def many(app: App, site: Site, number: int) -> list[Comment]:
    """So many roots, the oldest first."""
    return [await approved(app, site, f"Number {place}", now=NOW + place * MINUTE) for place in range(number)]


async def more(moderator: Browser, comment: Comment) -> Page:
    return await moderator.open(f"/admin/comment/{key(comment)}/more")


async def press(moderator: Browser, comment: Comment, task: str, form: str = "", **typed: str) -> Page:
    """Press a button on the comment's page for more."""
    return await (await more(moderator, comment)).form(form or task).press(task=task, **typed)


def place(page: Page, comment: Comment) -> str:
    """What can be read at a comment's place, replies included."""
    return text_of(page.find(f"c-{key(comment)}"))


async def logged(db: Db, site: Site) -> list[tuple[str, str]]:
    rows = await db.rows("select action, reason from log_entry where site_id = :site order by number", site=site.id)
    return [(row["action"], row["reason"]) for row in rows]


async def test_an_edit_is_seen_and_the_old_words_are_kept(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    comment = await approved(app, site, "You are all **idiots**.")
    page = await (await moderator.open(f"/admin/comment/{key(comment)}")).link("More").click()
    assert page.form("edit").values["body"] == "You are all **idiots**."
    done = await page.form("edit").press(task="edit", body="You are all **wrong**.", reason="Insult")
    assert "The comment is changed." in done.text
    for at in (frame(), alone()):
        shown = await reader.open(at)
        assert words(shown) == ["You are all wrong."]
        assert "edited by a moderator" in place(shown, comment)
    history = await moderator.open(f"/admin/comment/{key(comment)}")
    assert "You are all idiots." in history.text
    assert await logged(app.state["db"], site) == [("edit", "Insult")]
    assert await wrong_numbers(app.state["db"], site) == []


@pytest.mark.case("C3")
async def test_c3_a_moderators_words_go_through_the_same_filter(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    comment = await approved(app, site)
    await press(moderator, comment, "edit", body=HOSTILE)
    await press(moderator, comment, "write", body=HOSTILE)
    page = await reader.open(frame())
    assert "<script>alert" not in page.html
    assert "onerror=alert(1)&gt;" in page.html
    assert 'href="javascript' not in page.html
    assert len(marked(page, "badge")) == 1


async def test_an_author_cannot_take_back_what_a_moderator_changed(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    own = await write(reader, "Shame on you")
    form = (await own.link("Edit").click()).form("edit")
    (comment,) = await stored(app.state["db"], site)
    await press(moderator, comment, "edit", body="I disagree")
    refused = await form.press("Save", body="Shame on you all")
    assert refused.status in (403, 409)
    assert "Shame on you all" in refused.form("edit").values["body"]
    private = await reader.open(mine(own))
    assert not private.has_form("edit")
    assert "(edited by a moderator)" in private.text
    assert (await stored(app.state["db"], site))[0].body == "I disagree"
    deleted = await private.form("action").press(action="delete")
    assert deleted.status == 200


async def test_an_edit_of_what_has_changed_meanwhile_keeps_both(app: App, moderator: Browser, site: Site) -> None:
    comment = await approved(app, site)
    page = await more(moderator, comment)
    await page.form("edit").press(task="edit", body="First")
    late = await page.form("edit").press(task="edit", body="Second", reason="Mine")
    assert late.status == 409
    assert late.form("edit").values == {**late.form("edit").values, "body": "Second", "reason": "Mine"}
    assert "First" in place(late, comment)
    assert [one.body for one in await stored(app.state["db"], site)] == ["First"]
    assert (await late.form("edit").press(task="edit", body="Second")).status == 200
    assert [one.body for one in await stored(app.state["db"], site)] == ["Second"]
    same = await press(moderator, comment, "edit", body="Second")
    assert "It was so already" in same.text


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5_001, "a\x00b", "\u200b"])
async def test_words_that_cannot_be_kept_come_back(app: App, moderator: Browser, site: Site, body: str) -> None:
    comment = await approved(app, site)
    for task in ("edit", "write"):
        page = await press(moderator, comment, task, body=body)
        assert page.status == 422
        assert page.has(f"{task}-body-fault")
    assert [one.body for one in await stored(app.state["db"], site)] == ["A view."]


async def test_a_moderator_answers_with_name_and_badge(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    comment = await approved(app, site)
    page = await more(moderator, comment)
    for _ in range(2):
        await page.form("write").press(task="write", body="Here is the *source*.")
    shown = await reader.open(frame())
    assert words(shown) == ["A view.", "Here is the source."]
    (badge,) = marked(shown, "badge")
    assert text_of(badge) == "Moderator"
    _, answer = await stored(app.state["db"], site)
    assert (answer.author_name, answer.parent_id, answer.staff, answer.person_id) == ("Ada", comment.id, 1, None)
    assert shown.heading == "Comments (2)"
    assert await wrong_numbers(app.state["db"], site) == []
    assert await logged(app.state["db"], site) == [("reply", "")]


TAKEN = (
    *("Ada", "ada", "Аda", "A d a", "Ada ✓", "Ada Moderator", "moderator", "MODERАTOR", "M o d e r a t o r"),
    *(
        "Bob (admin)",
        "The partner post",
        "The Partner Post Team",
        "𝐀𝐝𝐦𝐢𝐧",
        "Аdmin",
        "ＡＤＭＩＮ",
        "Moderatorin",
        "مشرف",
    ),
)
FREE = ("Adam", "Badminton", "Modest", "Gustaff", "Bob Post", "Amira", "Пётр", "参加者", "The Post", "Ada2")


@pytest.mark.case("C19")
async def test_c19_no_reader_can_pass_for_a_moderator(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    for name in TAKEN:
        page = await write(reader, "Believe me", name=name)
        assert page.status == 422, name
        assert page.form("write").values["name"] == name
    assert await stored(app.state["db"], site) == []


def test_c19_other_names_are_free() -> None:
    assert [name for name in FREE if is_taken(name, ("The partner post", "Ada"))] == []


def test_c19_the_words_of_the_badge_are_refused_in_every_language() -> None:
    badges = {Pages().word("Moderator", language) for language in LANGUAGES}
    assert [badge for badge in badges if not claims_office(badge) or not claims_office(f"Ada {badge}")] == []


@pytest.mark.case("C19")
async def test_c19_a_badge_in_the_text_is_text(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    await write(reader, '<span class="badge">Moderator</span>', name="Eve")
    (comment,) = await stored(app.state["db"], site)
    await (await moderator.open(f"/admin/comment/{key(comment)}")).form("decide").press(decision="approve")
    shown = await reader.open(alone())
    assert "Moderator" in place(shown, comment)
    assert [one for one in marked(shown, "badge") if text_of(one) == "Moderator"] == []


@pytest.mark.parametrize("sort", ["oldest", "newest"])
async def test_pinned_comments_stand_first_and_once(
    app: App, reader: Browser, moderator: Browser, site: Site, sort: str
) -> None:
    made = await many(app, site, 12)
    for one in (made[5], made[9]):
        assert "stands first" in (await press(moderator, one, "pin", "marks")).text
    rest = [one for one in made if one not in (made[5], made[9])]
    ordered = rest if sort == "oldest" else rest[::-1]
    expected = [f"c-{key(one)}" for one in (made[5], made[9], *ordered)]

    assert places(await reader.open(frame(sort=sort))) == expected
    seen: list[str] = []
    page = await reader.open(alone(sort=sort, n="4"))
    while True:
        seen += places(page)
        if not any("Show" in text_of(one) for one in marked(page, "thread__more")):
            break
        page = await page.link("Show newer" if sort == "oldest" else "Show older").click()
    assert seen == expected
    assert "Pinned" in place(await reader.open(frame()), made[5])
    await press(moderator, made[5], "unpin", "marks")
    assert places(await reader.open(frame()))[0] == f"c-{key(made[9])}"


async def test_a_page_of_one_comment_still_goes_on(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    made = await many(app, site, 4)
    for one in made[:3]:
        await mark_comment(app.state["db"], site.id, 1, one.id, Mark.PIN, now=NOW)
    page = await reader.open(alone(n="1"))
    assert places(page) == [f"c-{key(one)}" for one in made]


async def test_three_are_pinned_at_the_most(app: App, moderator: Browser, site: Site) -> None:
    made = await many(app, site, 4)
    for one in made[:3]:
        await press(moderator, one, "pin", "marks")
    full = await press(moderator, made[3], "pin", "marks")
    assert full.status == 409
    assert "Please unpin one of them first." in full.text
    thread = await moderator.open(f"/admin/thread/{ids.encode(made[0].thread_id)}")
    assert "Pinned comments" in thread.text


async def test_three_even_where_ten_are_pinned_at_once(db: Db, app: App, site: Site) -> None:
    made = await many(app, site, 10)
    results = await asyncio.gather(
        *(mark_comment(app.state["db"], site.id, 1, one.id, Mark.PIN, now=NOW) for one in made), return_exceptions=True
    )
    assert results.count(True) == 3
    assert sum(isinstance(one, TooManyPinned) for one in results) == 7


async def test_only_what_is_seen_and_answers_nothing_is_pinned(app: App, moderator: Browser, site: Site) -> None:
    root = await approved(app, site)
    reply = await approved(app, site, "A reply", parent=root, now=NOW + 1)
    hidden = await a_comment(app.state["db"], site, "Waiting", now=NOW + 2)
    page = await more(moderator, reply)
    assert [button.get("value") for button in page.form("marks").buttons] == ["feature"]
    token = page.form("marks").values["token"]
    sent = await moderator.send("POST", page.url, [("task", "pin"), ("token", token)])
    assert sent.status == 422
    assert "Only a comment that answers no other can be pinned." in sent.text
    waiting = await more(moderator, hidden)
    assert not waiting.has_form("marks")
    token = waiting.form("edit").values["token"]
    assert (await moderator.send("POST", waiting.url, [("task", "feature"), ("token", token)])).status == 409
    assert (
        await moderator.send("POST", waiting.url, [("task", "write"), ("body", "x"), ("token", token)])
    ).status == 409


async def test_a_pinned_comment_that_goes_is_pinned_no_more(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    made = await many(app, site, 3)
    await press(moderator, made[2], "pin", "marks")
    pinned = [one for one in await stored(app.state["db"], site) if one.pinned]
    await withdraw_comment(app.state["db"], pinned[0], now=NOW)
    assert places(await reader.open(frame())) == [f"c-{key(one)}" for one in made[:2]]


async def test_the_editors_pick_is_told_in_words(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    root = await approved(app, site)
    reply = await approved(app, site, "A fine reply", parent=root, now=NOW + 1)
    await press(moderator, reply, "feature", "marks")
    shown = await reader.open(frame())
    assert "Picked by the editors" in place(shown, reply)
    assert [one.tag for one in marked(shown, "notice--ok")] == ["article"]
    await press(moderator, reply, "unfeature", "marks")
    assert "Picked" not in (await reader.open(frame())).text
    assert [action for action, _ in await logged(app.state["db"], site)] == ["feature", "unfeature"]
