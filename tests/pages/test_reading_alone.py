"""A process that only shows threads stays small: what others than readers need is loaded when they ask for it."""

import subprocess
import sys
from pathlib import Path

_SHOWS_A_THREAD = """
import asyncio, importlib, sys
import httpx
from tests.scene import a_site
from widget.app import build_app
from widget.cli import serving
from widget.settings import Settings
from widget.web import front_desk

async def show(folder):
    app = build_app(Settings(database_url=f"sqlite:///{folder}/comments.db", secret_keys=("k" * 40,)))
    async with app.router.lifespan_context(app) as state:
        await a_site(state["db"], "partner")
        scope = {"state": dict(state)}
        way = httpx.ASGITransport(lambda own, *rest: app({**own, **scope}, *rest))
        async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1:8000") as reader:
            return await reader.get("/embed/partner?url=https://partner.example/a")

folder, *names = sys.argv[1:]
page = asyncio.run(show(folder))
assert page.status_code == 200 and "Write a comment" in page.text, page.text
print("loaded:", *(name for name in names if name in sys.modules))
for name in names:
    importlib.import_module(name)
"""
_FOR_OTHERS = (
    "comrak",
    "nh3",
    "argon2",
    "pyotp",
    "segno",
    "widget.admin_routes",
    "widget.own_routes",
    "widget.privacy.mailing",
    "widget.transfer.reading",
)


def test_who_only_shows_threads_loads_nothing_that_others_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SHOWS_A_THREAD, str(tmp_path), *_FOR_OTHERS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"
