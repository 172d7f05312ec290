"""A full disk: posts get their text back, readers read, moderators delete in the room that is kept for them."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.insisting import BUSY
from tests.faults.load import form_token, post
from tests.faults.small_disk import SmallDisk, on_a_small_disk, reason_against
from tests.readers import alone
from tests.running import UNLIMITED, RealBrowser, answering, browsing, copied, free_port, furnished, until
from tests.scene import PASSWORD

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(bool(reason_against()), reason=reason_against() or "none")]

LONG = " and so on and on" * 250
RESERVE_MB = 3

HEALED = 2.0
"""Seconds after which all is as before."""


@pytest.fixture
async def furnished_file(sqlite_template: Path, tmp_path: Path) -> Path:
    await furnished(copied(sqlite_template, tmp_path), limits=UNLIMITED)
    return tmp_path / "comments.db"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def origin(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture(params=[RESERVE_MB, 0])
def disk(request: pytest.FixtureRequest, furnished_file: Path, tmp_path: Path, port: int) -> Iterator[SmallDisk]:
    with on_a_small_disk(tmp_path, furnished_file, port, size="16m", reserve_mb=request.param) as disk:
        yield disk


@pytest.mark.case("C128")
async def test_posts_are_refused_readers_are_not_and_it_heals_alone(disk: SmallDisk, origin: str) -> None:
    await answering(origin, disk.server)
    token = await form_token(origin)
    async with httpx.AsyncClient(base_url=origin, timeout=30) as client:
        assert (await post(client, token, "Before.")).status_code == 303
        disk.fill()
        refused = await _first_refusal(client, token)
        again = await post(client, token, "Once more" + LONG)
        assert again.status_code == refused.status_code == 503
        for answer in (refused, again):
            assert LONG in answer.text
            assert int(answer.headers["retry-after"]) > 0
        assert "Before." in (await client.get(alone())).text
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200
        disk.empty()
        begun = time.monotonic()
        await until(lambda: _is_taken(client, token, "Once more" + LONG), "it heals")
        assert time.monotonic() - begun < HEALED + BUSY
        assert (await client.get("/readyz")).status_code == 200
    assert disk.reserve in (None, RESERVE_MB * 1_000_000)


@pytest.mark.case("C128")
@pytest.mark.parametrize("disk", [RESERVE_MB], indirect=True)
async def test_a_moderator_signs_in_and_deletes_while_the_disk_is_full(disk: SmallDisk, origin: str) -> None:
    await answering(origin, disk.server)
    token = await form_token(origin)
    async with httpx.AsyncClient(base_url=origin, timeout=30) as client, browsing(origin) as ada:
        for number in range(8):
            assert (await post(client, token, f"Vile text {number}.")).status_code == 303
        disk.fill()
        await _sign_in(ada)  # the first to find the disk full
        assert disk.reserve == 0
        for _ in range(8):
            assert "1 comment deleted." in await _delete_one(ada)
        assert "Vile text" not in (await client.get(alone())).text
        assert (await post(client, token, "In between" + LONG)).status_code == 503
        assert "room" in disk.server.words()


async def _sign_in(ada: RealBrowser) -> None:
    form = (await ada.open("/admin/sign-in")).form("email", "password")
    page = await form.press(email="ada@example.org", password=PASSWORD)
    assert page.path.startswith("/admin/queue"), page.text


async def _delete_one(ada: RealBrowser) -> str:
    form = (await ada.open("/admin/queue?tab=approved")).form("queue")
    button = next(one.get("value", "") for one in form.buttons if one.get("value", "").startswith("delete-"))
    return (await form.press(one=button)).text


async def _first_refusal(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """The write-ahead log may hold some more: one of these finds the disk full."""
    for number in range(2_000):
        answer = await post(client, token, f"Number {number}{LONG}")
        if answer.status_code != 303:
            return answer
    raise AssertionError("the disk never fills up")


async def _is_taken(client: httpx.AsyncClient, token: str, text: str) -> bool:
    return (await post(client, token, text)).status_code == 303
