"""The servers that are measured over real HTTP: ours as an operator starts it, and nginx with a static file beside it.

Both listen on a loopback port, run as the current user, and are ended by their own process id.
"""

import contextlib
import getpass
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"

_PATIENCE = 20.0
_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
{user}
events {{ worker_connections 2048; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 10000000;
  open_file_cache max=10;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ }}
  default_type "text/html; charset=utf-8";
  server {{
    listen {host}:{port};
    root {folder}/files;
    add_header Content-Encoding br;
    add_header Vary Accept-Encoding;
  }}
}}
"""


class NotStarted(Exception):
    """A server didn't answer; the message holds its log."""


def settings(folder: Path, port: int, database_url: str = "") -> dict[str, str]:
    """The environment of our server: a database here or at a URL, nothing of the operator's own settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    return own | {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "WIDGET_DATABASE_URL": database_url or f"sqlite:///{folder}/comments.db",
        "WIDGET_SECRET_KEYS": secrets.token_urlsafe(48),
        "WIDGET_BASE_URL": f"http://{HOST}:{port}",
    }


@contextlib.contextmanager
def our_server(folder: Path, database_url: str = "") -> Iterator[int]:
    """`comment-widget serve` on the database in this folder, or at a URL; gives its port. Raises NotStarted."""
    with watched_server(folder, database_url=database_url) as (port, _):
        yield port


@contextlib.contextmanager
def watched_server(
    folder: Path, path: str = "/healthz", *, database_url: str = "", **more: str
) -> Iterator[tuple[int, int]]:
    """The same; gives its port and process id once this path is answered with 200. `more` are further settings."""
    port = free_port()
    command = [sys.executable, "-m", "widget", "serve", "--host", HOST, "--port", str(port)]
    environment = settings(folder, port, database_url) | {
        f"WIDGET_{name.upper()}": value for name, value in more.items()
    }
    with _started(command, folder, environment, port, path) as pid:
        yield port, pid


@contextlib.contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[int]:
    """nginx with one worker and this (compressed) page as its only file; gives its port. Raises NotStarted."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NotStarted("nginx is not installed")
    port = free_port()
    (folder / "files").mkdir()
    (folder / "files" / "page").write_bytes(page)
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, host=HOST, port=port, user=user))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    with _started(command, folder, dict(os.environ), port, "/page"):
        yield port


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def _started(command: list[str], folder: Path, environment: Mapping[str, str], port: int, path: str) -> Iterator[int]:
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait(server, port, path, folder / "server.log")
        yield server.pid
    finally:
        _end(server)


def _wait(server: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            if get(port, path)[0] == 200:
                return
        time.sleep(0.01)
    raise NotStarted(log.read_text(errors="replace")[-1_000:])


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: status, headers by lower-case name, body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


def fetched(port: int, path: str, encoding: str = "identity") -> Fetched:
    """Ask once."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers={"accept-encoding": encoding})
        answer = connection.getresponse()
        return Fetched(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def get(port: int, path: str, encoding: str = "identity") -> tuple[int, bytes]:
    """Ask once: status and body."""
    answer = fetched(port, path, encoding)
    return answer.status, answer.body


def memory_of(pid: int) -> dict[str, float]:
    """Megabytes of a process: all that is resident (`VmRSS`), and of it what is its own (`RssAnon`)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "RssAnon")}
