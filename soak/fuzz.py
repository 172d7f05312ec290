"""C113: twenty thousand random requests along every page and form of a server of its own, signed in and not."""

from pathlib import Path

import httpx

from bench.report import Report
from soak.scenes import a_file
from tests.abuse.fuzzing import Fuzzed, Fuzzer, fuzz
from tests.abuse.learning import Learnt, learn
from tests.faults.load import form_token
from tests.people.roles import ALLOWED
from tests.readers import FORM, alone, frame, resettle
from tests.running import PATIENCE, SERVE, answering, browsing, free_port, running, settings_for
from tests.scene import PASSWORD, a_moderator
from widget.db.opening import open_db
from widget.people.person import Role

_AFRESH = 1_000
"""After so many requests the pages are looked at again: forms grow stale, and what they named may have gone."""

_PAGES = 150
_POSTS = 30
_OWNER = "owner@example.org"


async def measure(report: Report, folder: Path, requests: int) -> None:
    """Send so many; after each hundred the server must be alive."""
    report.head(f"{requests:,} random requests, SQLite")
    url, site = await a_file(folder)
    db = await open_db(url)
    await a_moderator(db, _OWNER, "Owner", site, role=Role.OWNER)
    port, seen = free_port(), Fuzzed()
    origin = f"http://127.0.0.1:{port}"
    with running((*SERVE, "--port", str(port)), folder, settings_for(url, origin)) as server:
        await answering(origin, server)
        cookie = await _signed_in(origin)
        async with httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client:
            for begun in range(0, requests, _AFRESH):
                await resettle(db, site)  # the owner's forms have settled other rules
                visitors = await _visitors(client, origin, cookie)
                await fuzz(client, Fuzzer(begun, visitors), min(_AFRESH, requests - begun), seen)
            inside = (await client.get("/admin/account", headers={"cookie": cookie})).status_code
    await db.close()
    _print(report, seen, inside)


async def _signed_in(origin: str) -> str:
    """The cookie of the owner."""
    async with browsing(origin) as browser:
        form = (await browser.open("/admin/sign-in")).form("email", "password")
        await form.press(email=_OWNER, password=PASSWORD)
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def _visitors(client: httpx.AsyncClient, origin: str, cookie: str) -> list[Learnt]:
    """A reader and the owner, after some posts of today."""
    token = await form_token(origin)
    for number in range(_POSTS):
        await client.post("/comments", data={"token": token, "body": f"Post {number}", "name": "Ann"}, headers=FORM)
    inside = [path.format_map(_Known()) for method, path in ALLOWED if method == "GET"]
    return [
        await learn(client, "", [frame(), alone(), "/privacy/partner", "/demo/", "/healthz", "/robots.txt"], _PAGES),
        await learn(client, cookie, ["/admin/queue?tab=approved", *inside], _PAGES),
    ]


class _Known(dict[str, str]):
    """What stands for the parts of an address before any page has named one."""

    def __missing__(self, name: str) -> str:
        return {"slug": "partner", "kind": "csv"}.get(name, "0123456789abc")


def _print(report: Report, seen: Fuzzed, inside: int) -> None:
    answers = sorted(seen.answers.items())
    report.line("answers", ", ".join(f"{status}: {number:,}" for status, number in answers))
    report.most("answers of 500 and more", len(seen.faults), 0, "")
    report.least("the owner is still signed in", inside == 200, 1, "")
    for fault in seen.faults[:5]:
        report.line("fault", fault)
