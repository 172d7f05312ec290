"""The servers around a browser test: the product as its own process, and a partner's site with articles."""

import contextlib
import http.server
import os
import secrets
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.screens.engines import ended, started, wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
SNIPPET_WIDGET = "https://comments.example"
SNIPPET_SITE = "https://site.example"
START = 20.0
"""Seconds that the product may take to start on a busy machine; its own promise is one."""


class DidNotStart(Exception):
    """The product ended or stayed silent; the text is what it wrote."""


class CommandFailed(Exception):
    """A command of the product ended with a fault; the text is what it wrote."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on that loopback port."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


class Product:
    """The real product in a folder of its own: first commands (`site add ...`), then `serve`, then `stop`."""

    def __init__(self, folder: Path, base_url: str | None = None) -> None:
        """Prepare one that will listen on a free loopback port. `base_url` is `http://localhost:PORT` unless given."""
        self.folder = folder
        self.port = free_port()
        self.base_url = base_url or f"http://localhost:{self.port}"
        self._env = _environment(folder, self.base_url)
        self._log = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def key(self) -> bytes:
        """The secret that its forms and cookies are signed with."""
        return self._env["WIDGET_SECRET_KEYS"].encode()

    def command(self, *words: str, typed: str = "") -> str:
        """Run `comment-widget WORDS` with `typed` on its standard input; what it printed. Raises CommandFailed."""
        run = subprocess.run(
            _command(*words), env=self._env, cwd=self.folder, input=typed, capture_output=True, text=True, timeout=60
        )
        if run.returncode:
            raise CommandFailed(f"{' '.join(words)}: {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    def serve(self) -> None:
        """Start it and wait until it answers. Raises DidNotStart."""
        command = _command("serve", "--host", "127.0.0.1", "--port", str(self.port))
        self._process = started(command, self._env, self._log, self.folder)
        try:
            wait_until(self._answers, "the product answers", START)
        except AssertionError:
            self.stop()
            raise DidNotStart(self.log()) from None

    def log(self) -> str:
        """What the server has written so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def stop(self) -> None:
        """End the server, if it runs."""
        if self._process:
            ended(self._process)
        self._process = None

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            self._process = None
            raise DidNotStart(self.log())
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False


class ArticleServer:
    """A partner's site: plain pages under paths that a test has set, on a loopback port."""

    def __init__(self, origin: str | None = None) -> None:
        """Start one. `origin` is how browsers reach it: `http://127.0.0.1:PORT` unless given."""
        self.pages: dict[str, str] = {}
        pages = self.pages

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                body = (page or "<!doctype html><title>Nothing here</title>").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a browser that leaves the page hangs up
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.origin = origin or f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def publish(self, path: str, snippet: str, *, paragraphs: int = 3) -> str:
        """Publish an article of so many paragraphs with that html below it; its address."""
        text = "<p>Once upon a time there was an article, and it had something to say. " * paragraphs
        self.pages[path] = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An article</title>'
            '<meta name="viewport" content="width=device-width"></head>'
            f"<body><main><h1>An article</h1>{text}{snippet}</main></body></html>"
        )
        return self.origin + path

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def embed_snippet() -> str:
    """What a partner pastes, exactly as it is published."""
    return (CHECKOUT / "embed-snippet.html").read_text(encoding="utf-8")


def snippet_for(base_url: str, article: str) -> str:
    """The published snippet with its two addresses changed as a partner changes them (the site is `news`)."""
    theirs = urllib.parse.quote(f"{SNIPPET_SITE}/article", safe="")
    ours = urllib.parse.quote(article, safe="")
    return embed_snippet().replace(SNIPPET_WIDGET, base_url).replace(theirs, ours)


def add_site(product: Product, origins: Sequence[str], slug: str = "news", rule: str = "post") -> None:
    """Register a partner's site."""
    named = [word for origin in origins for word in ("--origin", origin)]
    product.command("site", "add", slug, *named, "--rule", rule)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "widget", *words]


def _environment(folder: Path, base_url: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    return ours | {
        "PYTHONPATH": str(CHECKOUT),
        "WIDGET_DATABASE_URL": f"sqlite:///{folder}/comments.db",
        "WIDGET_BASE_URL": base_url,
        "WIDGET_SECRET_KEYS": secrets.token_urlsafe(48),
    }
