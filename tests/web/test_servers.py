"""The product on each server that it promises to run on: its own front desk, plain uvicorn, granian."""

import sys
from pathlib import Path

import httpx
import pytest

from tests.readers import alone, frame, words, write
from tests.running import SERVE, answering, browsing, copied, free_port, furnished, running, settings_for
from tests.scene import PASSWORD

pytestmark = pytest.mark.anyio

APP = "widget.cli.serving:app"
HERE = ("--host", "127.0.0.1")
SERVERS = {
    "front desk": SERVE,
    "uvicorn": (sys.executable, "-m", "uvicorn", "--factory", APP, *HERE, "--no-proxy-headers", "--no-server-header"),
    "granian": (sys.executable, "-m", "granian", "--interface", "asgi", "--factory", APP, *HERE),
}


@pytest.mark.parametrize("name", SERVERS)
async def test_the_main_path_on_every_server(name: str, sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url, rule="first")
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    command = (*SERVERS[name], "--port", str(port))
    with running(command, tmp_path, settings_for(url, origin)) as server:
        await answering(origin, server)
        await answering(origin, server, "/readyz")
        await walk(origin)
        server.stop()
        assert await server.ended() in (0, -15)  # uvicorn by itself ends with the signal that it got
        assert "Traceback" not in server.words()


async def walk(origin: str) -> None:
    """A reader posts and edits in his own view, unseen; a moderator approves; everybody sees it; a blank is refused."""
    async with browsing(origin) as reader, browsing(origin) as moderator, browsing(origin) as stranger:
        own = await write(reader, "Hello from a real socket.", name="Bob", remember=True)
        assert own.status == 200
        assert "mine=" in own.path
        assert own.headers["cache-control"] == "private, no-cache"
        assert words(own) == ["Hello from a real socket."]
        assert reader.cookies
        assert words(await stranger.open(frame())) == []
        edited = await (await own.link("Edit (15").click()).form("edit").press("save", body="Hello from *two* sockets.")
        assert words(edited) == ["Hello from two sockets."]

        form = (await moderator.open("/admin/sign-in")).form("email", "password")
        queue = await form.press(email="ada@example.org", password=PASSWORD)
        assert queue.path.startswith("/admin/queue")
        assert queue.headers["cache-control"] == "no-store"
        assert "sockets." in queue.text
        await queue.form("comment", "decision").press(comment=True, decision="approve")
        for address in (frame(), alone()):
            assert words(await stranger.open(address)) == ["Hello from two sockets."]
        refused = await write(stranger, " ", name="Eve")
        assert (refused.status, refused.form("write").values["name"]) == (422, "Eve")
    await unchanged(origin)


async def unchanged(origin: str) -> None:
    """Who has the page is told so; heads have no body; what is refused ends the connection with words."""
    async with httpx.AsyncClient(base_url=origin) as client:
        page = await client.get(frame())
        assert page.headers["content-encoding"] == "br"
        assert page.headers["cache-control"].startswith("public")
        again = await client.get(frame(), headers={"if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == page.headers["etag"]
        zipped = await client.get(frame(), headers={"accept-encoding": "gzip"})
        assert (zipped.headers["content-encoding"], zipped.text) == ("gzip", page.text)
        head = await client.head(frame())
        assert (head.status_code, head.content) == (200, b"")
        assert (await client.get("/nothing-here")).status_code == 404
        refused = await client.post("/comments", content=b"x" * 200_000, headers={"content-type": "text/plain"})
        assert refused.status_code == 415
