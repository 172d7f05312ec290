"""PostgreSQL hangs, cuts the line or has no session left: a quick refusal with the text, and then all is as before."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest

from tests.faults.insisting import BUSY, assert_nothing_lost, compared, insisting
from tests.faults.load import form_token, post
from tests.faults.proxy import FaultProxy, proxied
from tests.postgres import Cluster
from tests.readers import alone
from tests.running import SERVE, UNLIMITED, answering, free_port, furnished, running, settings_for
from widget.db.postgres_sessions import FOR_VISITORS
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["postgres"])]

QUICK = 3.0
"""Seconds in which a visitor is told that it can't be done now."""

HEALED = 2.0
"""Seconds after which all is as before."""

CUT = "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'comment-widget%'"


@dataclass(frozen=True)
class Scene:
    """A server of ours behind a line to PostgreSQL that can be spoiled."""

    origin: str
    line: FaultProxy
    site: Site
    db_url: str


@pytest.fixture
async def scene(db_url: str, cluster: Cluster, tmp_path: Path) -> AsyncIterator[Scene]:
    site = await furnished(db_url, limits=UNLIMITED)
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    async with proxied(cluster.folder / ".s.PGSQL.5432") as (line, folder):
        spoiled = db_url.replace(str(cluster.folder), str(folder))
        with running((*SERVE, "--port", str(port)), tmp_path, settings_for(spoiled, origin)) as server:
            await answering(origin, server)
            yield Scene(origin, line, site, db_url)


@pytest.mark.case("C132")
async def test_cut_at_any_byte_nothing_is_lost_or_doubled(scene: Scene) -> None:
    async with insisting(scene.origin, 4) as seen:
        for _ in range(15):
            await seen.more(5)
            scene.line.cut_after = random.randrange(1, 4_000)
            await asyncio.sleep(0.1)
            scene.line.cut_after = None
            begun = time.monotonic()
            await seen.more(1)
            assert time.monotonic() - begun < HEALED + BUSY
    assert seen.answers[503] > 0
    assert set(seen.answers) == {303, 503}
    assert seen.slowest_refusal < QUICK + BUSY
    assert_nothing_lost(await compared(scene.db_url, scene.site.id, seen.kept), seen)


@pytest.mark.case("C132")
async def test_every_session_ended_at_once(scene: Scene, cluster: Cluster) -> None:
    async with insisting(scene.origin, 4) as seen:
        for _ in range(3):
            await seen.more(10)
            await asyncio.to_thread(cluster.run, CUT)
            begun = time.monotonic()
            await seen.more(1)
            assert time.monotonic() - begun < HEALED + BUSY
    assert set(seen.answers) <= {303, 503}
    assert seen.slowest_refusal < QUICK + BUSY
    assert_nothing_lost(await compared(scene.db_url, scene.site.id, seen.kept), seen)


@pytest.mark.case("C132")
async def test_a_session_and_a_lock_are_waited_for_no_longer_than_promised(engine: str) -> None:
    assert FOR_VISITORS.lock is not None
    assert FOR_VISITORS.session + FOR_VISITORS.lock < QUICK


@asynccontextmanager
async def comments_locked(db_url: str) -> AsyncIterator[None]:
    """Writers wait, readers don't."""
    session = await asyncpg.connect(db_url)
    try:
        async with session.transaction():
            await session.execute("lock table comment in share row exclusive mode")
            yield
    finally:
        await session.close()


@pytest.mark.case("C132")
async def test_a_lock_that_is_held_and_no_session_left(scene: Scene) -> None:
    token = await form_token(scene.origin)
    async with httpx.AsyncClient(base_url=scene.origin, timeout=60) as client:
        assert (await post(client, token, "Before.")).status_code == 303
        async with comments_locked(scene.db_url):
            begun = time.monotonic()
            answers = await asyncio.gather(*(post(client, token, f"Text {n} that waits.") for n in range(20)))
            assert time.monotonic() - begun < QUICK + BUSY
            assert (await client.get(alone())).status_code == 200
        assert [answer.status_code for answer in answers] == [503] * 20
        assert all(f"Text {n} that waits." in answer.text for n, answer in enumerate(answers))
        begun = time.monotonic()
        again = await asyncio.gather(*(post(client, token, f"Text {n} that waits.") for n in range(20)))
        assert [answer.status_code for answer in again] == [303] * 20
        assert time.monotonic() - begun < HEALED + BUSY


@pytest.mark.case("C132")
async def test_a_server_that_takes_everything_and_says_nothing(scene: Scene) -> None:
    token = await form_token(scene.origin)
    assert FOR_VISITORS.reading is not None
    async with httpx.AsyncClient(base_url=scene.origin, timeout=60) as client:
        assert (await post(client, token, "Before.")).status_code == 303
        scene.line.swallows = True
        begun = time.monotonic()
        hung = await post(client, token, "Into the void.")
        assert time.monotonic() - begun < FOR_VISITORS.reading + BUSY
        assert (hung.status_code, "Into the void." in hung.text) == (503, True)
        begun = time.monotonic()
        assert (await post(client, token, "Into the void.")).status_code == 503
        assert time.monotonic() - begun < QUICK + BUSY
        scene.line.swallows = False
        begun = time.monotonic()
        assert (await post(client, token, "Into the void.")).status_code == 303
        assert time.monotonic() - begun < HEALED + BUSY


@pytest.mark.case("C132")
async def test_a_long_way_to_the_server_is_only_slow(scene: Scene) -> None:
    scene.line.latency = 0.005
    async with insisting(scene.origin, 4) as seen:
        await seen.more(8)
    assert set(seen.answers) == {303}
    assert_nothing_lost(await compared(scene.db_url, scene.site.id, seen.kept), seen)
