"""A form's token: nothing of it can be changed, it fits its own place and time, and it tells nothing."""

import base64
import dataclasses
import json
import time

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import FORM, WAITS, bare, frame, key, stored, write
from tests.scene import NOW, a_comment, a_site
from widget.clock import DAY, MINUTE, SECOND
from widget.comments.comment import State
from widget.errors import StaleForm
from widget.sites.keys import Keys
from widget.sites.site import Site
from widget.threads.address import LONGEST as LONGEST_ADDRESS
from widget.web.signing import FORM_LIVES, LONGEST, FormSigner, Purpose, peek

FORMS = FormSigner(Keys([b"k" * 40]))
PAYLOAD = {"s": 7, "v": "embed", "q": {"url": "https://partner.example/ä"}, "p": "", "n": "0" * 32}


def opened(token: str, purpose: Purpose = Purpose.POST, now: int = NOW, forms: FormSigner = FORMS) -> dict[str, object]:
    return forms.open(purpose, token, now, FORM_LIVES)


def bits(token: str) -> list[str]:
    """The token with each of its decoded bytes changed in turn."""
    changed = []
    parts = token.split(".")
    for place, part in enumerate(parts):
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for at in range(len(raw)):
            other = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            text = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
            changed.append(".".join([*parts[:place], text, *parts[place + 1 :]]))
    return changed


@pytest.mark.case("C24")
def test_c24_every_changed_byte_is_refused() -> None:
    token = FORMS.sign(Purpose.POST, PAYLOAD, NOW)
    assert opened(token) == {**PAYLOAD, "t": NOW}
    forged = bits(token)
    assert len(forged) > 150
    for one in forged:
        with pytest.raises(StaleForm):
            opened(one)


@pytest.mark.case("C25", "C26")
def test_c25_c26_another_purpose_another_key_and_no_key_are_refused() -> None:
    token = FORMS.sign(Purpose.POST, PAYLOAD, NOW)
    stranger = FormSigner(Keys([b"z" * 40]))
    for purpose in set(Purpose) - {Purpose.POST}:
        with pytest.raises(StaleForm):
            opened(token, purpose)
    for forged in (stranger.sign(Purpose.POST, PAYLOAD, NOW), token.partition(".")[0], token.partition(".")[0] + "."):
        with pytest.raises(StaleForm):
            opened(forged)


@pytest.mark.case("C27")
def test_c27_a_clock_may_be_ahead_by_a_minute_and_no_more() -> None:
    for ahead in (0, 30 * SECOND, MINUTE):
        assert opened(FORMS.sign(Purpose.POST, PAYLOAD, NOW + ahead))["t"] == NOW + ahead
    assert opened(FORMS.sign(Purpose.POST, PAYLOAD, NOW - DAY))["t"] == NOW - DAY
    for wrong in (NOW + MINUTE + 1, NOW + 10 * MINUTE, NOW - DAY - 1):
        with pytest.raises(StaleForm):
            opened(FORMS.sign(Purpose.POST, PAYLOAD, wrong))


@pytest.mark.case("C28")
@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a",
        "=",
        "\ud800",
        "ä.ö",
        "\x00",
        "x" * 1_025,
        "x" * (LONGEST + 1),
        "x." * 500_000,
        "e30.e30",
        "bnVsbA.x",
    ],
    ids=lambda token: f"{len(token)} characters",
)
def test_c28_whatever_is_no_token_is_refused_at_once(token: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(StaleForm):
        opened(token)
    peek(token)
    assert time.perf_counter() - begun < 0.02


@pytest.mark.case("C28")
def test_c28_a_signed_text_that_says_nothing_of_its_time_is_refused() -> None:
    signer = FORMS._signers[Purpose.POST]
    for text in ("null", "[]", "{}", '{"t":"1"}', '{"t":true}', "[" * 1_000, '{"t":1e999}', "nothing"):
        token = signer.sign(base64.urlsafe_b64encode(text.encode()).rstrip(b"=")).decode()
        with pytest.raises(StaleForm):
            opened(token)


@pytest.mark.case("C28")
def test_c28_a_token_of_our_own_may_be_just_so_long_and_no_longer() -> None:
    made = [FORMS.sign(Purpose.POST, {"n": "x" * length}, NOW) for length in range(LONGEST * 3 // 4 - 70, LONGEST)]
    longest = next(one for one in made if len(one) == LONGEST)
    longer = next(one for one in made if len(one) > LONGEST)
    assert opened(longest)["t"] == NOW
    claimed = peek(longest)
    assert claimed is not None
    assert claimed["t"] == NOW
    with pytest.raises(StaleForm):
        opened(longer)
    assert peek(longer) is None


def test_words_of_any_script_take_no_more_room_than_they_need() -> None:
    assert len(FORMS.sign(Purpose.POST, {"q": "д" * 300}, NOW)) < 900


def test_a_new_key_signs_and_the_old_one_still_opens() -> None:
    old, new = b"k" * 40, b"n" * 40
    both, only_new = FormSigner(Keys([new, old])), FormSigner(Keys([new]))
    earlier = FORMS.sign(Purpose.POST, PAYLOAD, NOW)
    assert opened(earlier, forms=both)["n"] == PAYLOAD["n"]
    assert opened(both.sign(Purpose.POST, PAYLOAD, NOW), forms=only_new)["n"] == PAYLOAD["n"]
    with pytest.raises(StaleForm):
        opened(earlier, forms=only_new)


@pytest.mark.case("C29")
@pytest.mark.anyio
async def test_c29_another_spelling_of_a_token_is_the_same_post(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = [token[:-1] + letters[letters.index(token[-1]) ^ bit] for bit in (1, 2, 3)]
    for spelling in (token, token + "=", token + "==", *spare):
        page = await reader.send("POST", "/comments", [("token", spelling), ("body", "Once")])
        assert page.status in (200, 409)
    assert [one.body for one in await stored(app.state["db"], site)] == ["Once"]


@pytest.mark.case("C30")
@pytest.mark.anyio
async def test_c30_a_token_tells_ids_times_and_the_pages_own_address(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    parent = await a_comment(app.state["db"], site, "Parent", name="Patricia", state=State.APPROVED)
    shared = (await reader.open(frame(reply=key(parent), title="Title"))).form("reply").values["token"]
    page = await write(reader, "My words", name="Ada", remember=True)
    own = page.form("write").values["token"]
    edit = (await page.link("Edit (").click()).form("edit").values["token"]
    assert set(peek(shared) or {}) == {"s", "v", "q", "p", "n", "t"}
    assert set(peek(own) or {}) == {"s", "v", "q", "p", "n", "t", "w"}
    assert set(peek(edit) or {}) == {"c", "r", "v", "q", "t"}
    for token in (shared, own, edit):
        told = json.dumps(peek(token))
        secrets = [*reader.cookies.values(), page.path.partition("mine=")[2].partition("-")[2][:26]]
        assert not [one for one in ("Ada", "Patricia", "My words", "Parent", "203.0.113", *secrets) if one in told]


@pytest.mark.case("C25")
@pytest.mark.anyio
async def test_c25_a_token_posts_where_it_was_made_for_and_nowhere_else(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    """Site, page and parent are inside the signature: no other field of the form says where a comment goes."""
    other = await a_site(app.state["db"], "other")
    theirs = await a_comment(app.state["db"], other, "Theirs", state=State.APPROVED)
    ours = await a_comment(app.state["db"], site, "Ours", page="/b", state=State.APPROVED)
    token = (await reader.open(frame())).form("write").values["token"]
    extra = [
        ("s", str(other.id)),
        ("parent", key(ours)),
        ("p", key(theirs)),
        ("state", "approved"),
        ("reply", key(ours)),
    ]
    await reader.send("POST", f"/comments?reply={key(ours)}", [("token", token), ("body", "Where?"), *extra])
    (comment,) = [one for one in await stored(app.state["db"], site) if one.body == "Where?"]
    assert (comment.parent_id, comment.state) == (None, State.PENDING)
    assert comment.thread_id != ours.thread_id
    assert len(await stored(app.state["db"], other)) == 1


@pytest.mark.case("C25")
@pytest.mark.anyio
async def test_c25_a_parent_of_another_thread_or_site_is_not_answered(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    """Even a token that we had signed ourselves for such a pair."""
    other = await a_site(app.state["db"], "other")
    theirs = await a_comment(app.state["db"], other, "Theirs", state=State.APPROVED)
    elsewhere = await a_comment(app.state["db"], site, "Elsewhere", page="/b", state=State.APPROVED)
    for parent in (theirs, elsewhere):
        assert not (await reader.open(frame(reply=key(parent)))).has("reply")
        payload = peek((await reader.open(frame())).form("write").values["token"]) or {}
        token = app.state["forms"].sign(Purpose.POST, {**payload, "p": key(parent)}, stopped_clock.now)
        page = await reader.send("POST", "/comments", [("token", token), ("body", "Crossed")])
        assert page.status == 404
        assert page.form("write").values["body"] == "Crossed"
    assert [one.body for one in await stored(app.state["db"], site)] == ["Elsewhere"]


@pytest.mark.anyio
async def test_the_longest_address_title_and_id_leave_a_form_that_can_be_sent(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "long")
    start = f"{site.origins[0]}/"
    for url in (start + "a" * (LONGEST_ADDRESS - len(start)), start + "%22" * 600):
        longest = {"id": "\U0001f600" * 1_000, "title": '"' * 1_000, "lang": "x" * 5_000, "sig": "y" * 9_000}
        page = await reader.open(frame("long", url=url, **longest))
        assert page.status == 200
        posted = await page.form("write").press(body=f"To {url[-1]}")
        assert WAITS in posted.text
    assert len(await stored(app.state["db"], site)) == 2


@pytest.mark.anyio
async def test_a_forged_token_shows_only_what_its_address_would_show(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await a_site(app.state["db"], "strict", strict=True)
    claims = [
        {"s": site.id, "v": "embed", "q": {"url": "https://evil.example/"}},
        {"s": site.id, "v": "admin", "q": {"url": "https://partner.example/"}},
        {"s": 2**63, "v": "embed", "q": {}},
        {"s": True, "v": "embed", "q": {}},
        {"s": site.id, "v": ["embed"], "q": {"url": "https://partner.example/"}},
        {"s": site.id, "v": "embed", "q": [1]},
        {"s": site.id, "v": "embed", "q": {"url": 7, "id": None}},
        {"s": site.id, "v": "embed", "q": {"url": "https://partner.example/"}, "p": 7, "w": 1},
    ]
    for claim in claims:
        forged = base64.urlsafe_b64encode(json.dumps({**claim, "t": NOW}).encode()).decode().rstrip("=") + ".x"
        page = await reader.send("POST", "/comments", [("token", forged), ("body", "Kept")])
        assert (page.status, page.find("ta").text) == (409, "Kept")
    async with bare(app) as client:
        answer = await client.post("/comments", content=b"token=&body=%ff%fe%c3", headers=FORM)
        assert answer.status_code == 409
    assert await stored(app.state["db"], dataclasses.replace(site)) == []
