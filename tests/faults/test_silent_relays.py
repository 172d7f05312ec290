"""A mail server that hangs slows no post."""

import select
from pathlib import Path

import pytest

from tests.faults.insisting import Insisting, insisting
from tests.privacy.test_proving import ASK, imported
from tests.running import (
    SERVE,
    UNLIMITED,
    a_listener,
    answering,
    browsing,
    copied,
    free_port,
    furnished,
    running,
    settings_for,
    until,
)
from tests.scene import NOW
from widget.db.opening import open_db

pytestmark = pytest.mark.anyio

ALLOWED = 0.3
"""Seconds by which a post may be slower than without the fault."""


@pytest.mark.case("C133")
async def test_posting_goes_on_while_mails_hang(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    site = await furnished(url, limits=UNLIMITED)
    db = await open_db(url)
    for number in range(3):
        await imported(db, site, f"Old words {number}", f"bob{number}@example.org", now=NOW + number)
    await db.close()
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with a_listener() as relay:  # the kernel takes connections, nobody ever answers
        address = f"smtp://127.0.0.1:{relay.getsockname()[1]}"
        settings = settings_for(url, origin, smtp_url=address, mail_from="comments@example.org")
        with running((*SERVE, "--port", str(port)), tmp_path, settings) as server:
            await answering(origin, server)
            before = await _posts(origin)
            async with browsing(origin) as bob:
                for number in range(3):
                    await (await bob.open(ASK)).form("ask").press(email=f"bob{number}@example.org")
            await until(lambda: select.select([relay], [], [], 0)[0], "a mail is under way")
            meanwhile = await _posts(origin)
    assert set(meanwhile.answers) == {303}
    assert meanwhile.slow(0.5) < before.slow(0.5) + ALLOWED


async def _posts(origin: str) -> Insisting:
    async with insisting(origin, 4) as seen:
        await seen.more(120)
    return seen
