"""What is not posted comes back: the page says why, and every letter that was typed is still there."""

import dataclasses

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import FORM, WAITS, another_process, bare, frame, key, resettle, stored, write
from tests.scene import a_comment, a_site
from widget.clock import DAY, MINUTE
from widget.comments.comment import LONGEST_BODY, State
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

AWKWARD = "First line\n\n  </textarea><script>alert(1)</script> &amp; &lt; ä \U0001f600\n\tlast"


def faults(page: Page) -> dict[str, str]:
    """Each field that is at fault, with what is said of it beside it and in the summary."""
    said = {}
    for field in page.tree.iter():
        if field.get("aria-invalid") == "true":
            beside = page.find(field.get("aria-describedby", ""))
            links = [one for one in page.tree.iter("a") if one.get("href") == f"#{field.get('id')}"]
            assert [text_of(link) for link in links] == [text_of(beside)]
            said[field.get("name", "")] = text_of(beside)
    return said


async def test_faults_stand_beside_their_fields_and_in_a_summary(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "asking", website_field=True, name_required=True)
    form = (await reader.open(frame("asking"))).form("write")
    page = await form.press(body=" \n ", name="\u200b", website="javascript:alert(1)", remember=True)
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.headers["cache-control"] == "private, no-cache"
    said = faults(page)
    assert set(said) == {"body", "name", "website"}
    assert "3 things" in text_of(next(one for one in page.tree.iter("div") if one.get("role") == "alert"))
    assert page.form("write").values["website"] == "javascript:alert(1)"
    assert page.form("write").values["remember"] == "1"
    assert await stored(app.state["db"], site) == []


async def test_a_text_of_the_longest_length_fits_and_one_more_letter_does_not(
    app: App, reader: Browser, site: Site
) -> None:
    page = await write(reader, "x" * (LONGEST_BODY + 1))
    assert page.status == 422
    assert "5,001 characters" in faults(page)["body"]
    assert page.find("ta").text == "x" * (LONGEST_BODY + 1)
    page = await page.form("write").press(body="\U0001f600" * LONGEST_BODY)
    assert WAITS in page.text
    page = await write(reader, "Fine", name="n" * 61)
    assert "61 characters" in faults(page)["name"]
    assert page.find("ta").text == "Fine"


async def test_what_is_refused_for_its_links_can_be_mended(app: App, reader: Browser, site: Site) -> None:
    page = await write(reader, " ".join(f"https://host{n}.example" for n in range(4)))
    assert page.status == 422
    assert "too many links" in faults(page)["body"]
    assert "https://host0.example" in (page.find("ta").text or "")
    page = await page.form("write").press(body="https://host0.example")
    assert WAITS in page.text


@pytest.mark.case("C40")
async def test_c40_an_old_form_gives_back_every_letter_and_the_second_press_posts(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    typed = (AWKWARD + "\n" * 100 + "x" * 3_990)[:3_990] + "</textarea>."
    stopped_clock.forward(DAY + 2 * MINUTE)
    page = await form.press(body=typed, name='"><b>Ada')
    assert page.status == 409
    assert page.title.startswith("Error:")
    assert "press Post again" in text_of(page.find("notice"))
    assert page.find("ta").text == typed
    assert page.form("write").values["name"] == '"><b>Ada'
    page = await page.form("write").press()
    assert WAITS in page.text
    (comment,) = await stored(app.state["db"], site)
    assert (comment.body, comment.author_name) == (typed, '"><b>Ada')


@pytest.mark.case("C35")
async def test_c35_a_new_key_lets_old_forms_work_and_a_removed_one_gives_the_text_back(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    async with another_process(app, secret_keys=("n" * 40, "k" * 40)) as added:
        browser = added.browser()
        page = await browser.send("POST", "/comments", [("token", token), ("body", "With both keys")])
        assert WAITS in page.text
        await browser.close()
    stopped_clock.forward(1)
    async with another_process(app, secret_keys=("n" * 40,)) as removed:
        browser = removed.browser()
        page = await browser.send("POST", "/comments", [("token", token), ("body", "With the new key")])
        assert (page.status, page.find("ta").text) == (409, "With the new key")
        assert WAITS in (await page.form("write").press()).text
        await browser.close()
    assert [one.body for one in await stored(app.state["db"], site)] == ["With both keys", "With the new key"]


@pytest.mark.case("C44", "C45")
async def test_c44_c45_too_fast_keeps_text_name_and_parent_and_says_when(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    site = await a_site(app.state["db"], "open", rule="post")
    parent = await a_comment(app.state["db"], site, "Parent", state=State.APPROVED)
    for number in range(3):
        page = await write(reader, f"Burst {number}", at=frame("open"))
        assert "published" in page.text
    form = (await reader.open(frame("open", reply=key(parent)))).form("reply")
    page = await form.press(body=AWKWARD, name="Ada")
    assert (page.status, page.headers["retry-after"]) == (429, "15")
    assert "press Post again in 15 seconds" in text_of(page.find("notice"))
    again = page.form("reply")
    assert (again.values["body"].replace("\r\n", "\n"), again.values["name"]) == (AWKWARD, "Ada")
    stopped_clock.forward(14_000)
    early = await again.press()
    assert (early.status, early.headers["retry-after"]) == (429, "1")
    stopped_clock.forward(1_000)
    page = await early.form("reply").press()
    assert page.status == 200
    last = (await stored(app.state["db"], site))[-1]
    assert (last.body, last.parent_id) == (AWKWARD.expandtabs(1).replace(" last", "\tlast"), parent.id)


async def test_a_long_wait_is_told_in_minutes(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    await a_site(app.state["db"], "slow", limits={"limit_post_address": "1/2h"})
    await write(reader, "One", at=frame("slow"))
    stopped_clock.forward(MINUTE)
    page = await write(reader, "Two", at=frame("slow"))
    assert page.headers["retry-after"] == str(119 * 60)
    assert "in 119 minutes" in text_of(page.find("notice"))


async def test_a_closed_thread_takes_nothing_and_keeps_the_text(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    site = await a_site(app.state["db"], "closing", rule="post", close_after_days=1)
    parent = await a_comment(app.state["db"], site, "Parent", state=State.APPROVED)
    stopped_clock.forward(MINUTE)
    forms = [
        (await reader.open(frame("closing"))).form("write"),
        (await reader.open(frame("closing", reply=key(parent)))).form("reply"),
    ]
    stopped_clock.forward(DAY - MINUTE)
    for form in forms:
        page = await form.press(body="Too late\nby a minute", name="Ada")
        assert page.status == 403
        assert "closed" in text_of(page.find("notice"))
        assert page.form("write").values["body"] == "Too late\r\nby a minute"
    stopped_clock.forward(MINUTE)
    shut = await reader.open(frame("closing"))
    assert not shut.has_form("body")
    assert "closed" in shut.text
    assert "Reply" not in shut.text
    assert len(await stored(app.state["db"], site)) == 1


@pytest.mark.case("C120")
async def test_the_text_survives_what_goes_wrong_on_our_side(app: App, reader: Browser, site: Site) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    async with app.state["db"].transaction() as tx:
        await tx.run("update site set rules = 'no rules' where id = :id", id=site.id)
    async with bare(app) as client:
        answer = await client.post(
            "/comments", data={"token": token, "body": AWKWARD}, headers={"sec-fetch-site": "same-origin"}
        )
    page = Page(reader, answer, "/comments")
    assert page.status == 500
    assert page.find("ta").text == AWKWARD
    assert "Traceback" not in page.html
    assert "validation error" not in page.html
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


async def test_the_text_survives_a_database_that_is_gone(app: App, reader: Browser, site: Site) -> None:
    form = (await reader.open(frame())).form("write")
    await app.state["db"].close()
    page = await form.press(body=AWKWARD)
    assert page.status == 503
    assert int(page.headers["retry-after"]) > 0
    assert page.find("ta").text == AWKWARD
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert (await reader.open(frame(page="/not-yet-seen"))).status == 503


async def test_a_form_too_long_to_be_read_is_answered_in_its_frame(app: App, reader: Browser, site: Site) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    page = await reader.send("POST", "/comments", [("token", token), ("body", "x" * 119_000)])
    assert page.status == 422
    assert len(page.find("ta").text or "") == 119_000
    page = await reader.send("POST", "/comments", [("token", token), ("body", "x" * 121_000)])
    assert page.status == 413
    assert "press Back" in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]


@pytest.mark.case("C101")
async def test_a_form_that_no_browser_sends_is_refused_with_its_text(app: App, reader: Browser, site: Site) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    doubled = await reader.send("POST", "/comments", [("token", token), ("body", "One"), ("body", "Two")])
    assert (doubled.status, doubled.find("ta").text) == (422, "One")
    assert doubled.find("notice").get("role") == "alert"
    many = await reader.send("POST", "/comments", [("token", token), *((f"f{n}", "x") for n in range(1_001))])
    assert many.status == 422
    async with bare(app) as client:
        file = await client.post("/comments", files={"body": b"text", "token": (None, token)})
        assert file.status_code == 422
        one = "--x\r\ncontent-disposition: form-data; name={}\r\n\r\n{}\r\n"
        body = one.format("token", token) + one.format("body", "Half a pair: +2AA-.") + "--x--\r\n"
        sent = await client.post(
            "/comments", content=body, headers={"content-type": "multipart/form-data; boundary=x; charset=utf-7"}
        )
        assert sent.status_code == 422
        assert "Half a pair: ?." in sent.text
        plain = await client.post("/comments", content="body=x", headers={"content-type": "text/plain"})
        assert plain.status_code == 415
    assert await stored(app.state["db"], site) == []


async def test_a_site_or_an_origin_that_has_gone_since_gives_the_text_back(
    app: App, reader: Browser, site: Site
) -> None:
    form = (await reader.open(frame())).form("write")
    await resettle(app.state["db"], dataclasses.replace(site, origins=("https://moved.example",)))
    page = await form.press(body=AWKWARD)
    assert page.status == 409
    assert page.find("ta").text == AWKWARD
    async with app.state["db"].transaction() as tx:
        await tx.run("delete from site where id = :id", id=site.id)
    page = await form.press(body=AWKWARD)
    assert page.status == 409
    assert page.find("ta").text == AWKWARD


@pytest.mark.case("C23", "C28")
async def test_c23_c28_without_a_token_that_is_ours_nothing_is_stored(app: App, reader: Browser, site: Site) -> None:
    for token in (None, "", "..", "x" * 1_025, "x" * 100_000, "ä.ö", "\ud800".encode("utf-8", "replace").decode()):
        fields = [("body", AWKWARD)] if token is None else [("token", token), ("body", AWKWARD)]
        page = await reader.send("POST", "/comments", fields)
        assert page.status == 409
        assert page.find("ta").text == AWKWARD
    async with bare(app) as client:
        answer = await client.post("/comments", content=b"token=%ED%A0%80.%00&body=x", headers=FORM)
        assert answer.status_code == 409
    assert await stored(app.state["db"], site) == []
