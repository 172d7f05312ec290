"""C105, C106: 1,400 connections that only cost, for a minute, against a server with nothing in front."""

import asyncio
import contextlib
import resource
import socket
import time
from pathlib import Path

import httpx

from bench.report import Report
from soak.scenes import a_file
from tests.abuse.hostile import besieged, read_meanwhile
from tests.faults.load import form_token
from tests.readers import FORM, alone, frame
from tests.running import SERVE, answering, free_port, running, settings_for

MOST_P95 = 500
"""Milliseconds; the aim is 100."""

MOST_BORNE = 15
"""Seconds."""

IDLE = 2_000
_POSTS = 50


async def measure(report: Report, folder: Path, connections: int, seconds: float) -> None:
    """So many hostile connections, five silent ones to one slow head and one slow body, for so long."""
    slow = connections // 7
    report.head(f"{connections - 2 * slow:,} silent, {slow} slow heads, {slow} slow bodies for {seconds:g} s, SQLite")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    url, _ = await a_file(folder)
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with running((*SERVE, "--port", str(port)), folder, settings_for(url, origin)) as server:
        await answering(origin, server)
        await _some_posts(origin)
        pages = (frame(), alone(), frame(page="/other"))
        usual = await read_meanwhile(origin, pages, min(5, seconds))
        async with besieged(port, silent=connections - 2 * slow, slow_heads=slow, slow_bodies=slow) as seen:
            reader = await read_meanwhile(origin, pages, seconds)
        report.line("readers without them, p95", f"{usual.slow(0.95) * 1_000:.0f} ms")
        report.most("readers meanwhile, p95", reader.slow(0.95) * 1_000, MOST_P95, " ms")
        report.most("readers who got no page", len(reader.failed), 0, "")
        for kind, longest in seen.longest.items():
            report.most(f"{kind}: borne at most", longest, MOST_BORNE, " s", f"of {seen.opened[kind]:,}")
        await _one_more(report, origin, port)


async def _some_posts(origin: str) -> None:
    token = await form_token(origin)
    async with httpx.AsyncClient(base_url=origin, timeout=30) as client:
        for number in range(_POSTS):
            await client.post("/comments", data={"token": token, "body": f"Post {number}", "name": "Ann"}, headers=FORM)


async def _one_more(report: Report, origin: str, port: int) -> None:
    """A reader who comes while so many connections idle."""
    with contextlib.ExitStack() as idle:
        for _ in range(IDLE):
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))
        await asyncio.sleep(0.5)
        begun = time.perf_counter()
        async with httpx.AsyncClient() as client:
            answer = await client.get(origin + frame())
        report.most(f"a page while {IDLE:,} connections idle", (time.perf_counter() - begun) * 1_000, 1_000, " ms")
        report.line("its status", str(answer.status_code))
