"""The shipped nginx configuration on loopback: as it stands, but for ports, paths and the certificate."""

import asyncio
import contextlib
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import trustme

from tests.browser import Browser
from tests.running import (
    CHECKOUT,
    PATIENCE,
    SERVE,
    Running,
    a_listener,
    answering,
    copied,
    free_port,
    furnished,
    is_free,
    origin_of,
    running,
    settings_for,
    until,
)

SHIPPED = CHECKOUT / "deploy" / "nginx.conf"
NGINX = "/usr/sbin/nginx"
HOST = "comments.example.com"
ORIGIN = f"https://{HOST}"

_FRAME = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/comment-widget.conf;
}}
"""
_FOR_READERS = "add_header Cache-Control $comments_for_readers always;"


@dataclass(frozen=True)
class Front:
    """A running nginx in front of the program at `program_port`."""

    folder: Path
    http_port: int
    https_port: int
    within_port: int
    program_port: int
    trust: ssl.SSLContext

    @property
    def cache(self) -> Path:
        """Where it keeps pages."""
        return self.folder / "cache"

    def client(self, host: str = HOST, *, port: int | None = None) -> httpx.AsyncClient:
        """Somebody who reaches it by its name, with nothing said about himself."""
        transport = _Named(httpx.AsyncHTTPTransport(verify=self.trust), host, port or self.https_port)
        client = httpx.AsyncClient(transport=transport, base_url=f"https://{host}", timeout=PATIENCE)
        client.headers = httpx.Headers()
        return client


class _Named(httpx.AsyncBaseTransport):
    """Sends to loopback what is meant for a name, and says the name where a browser does."""

    def __init__(self, inner: httpx.AsyncHTTPTransport, host: str, port: int) -> None:
        self._inner, self._host, self._port = inner, host, port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        here = request.url.copy_with(host="127.0.0.1", port=self._port)
        named = {**request.extensions, "sni_hostname": self._host}
        sent = httpx.Request(request.method, here, headers=request.headers, stream=request.stream, extensions=named)
        return await self._inner.handle_async_request(sent)

    async def aclose(self) -> None:
        await self._inner.aclose()


class BrowserBehind(Browser):
    """A browser that reaches the program through nginx; `claims` are headers that it sends along with everything."""

    def __init__(self, front: Front, claims: Mapping[str, str] | None = None) -> None:
        self._client = front.client()
        self._client.headers = httpx.Headers(claims)
        self._frame = False
        self.origin = ORIGIN
        self.language = "en"


@contextlib.contextmanager
def in_front(template: Path, folder: Path, **rules: object) -> Iterator[tuple[Front, Running]]:
    """The program on a database of its own with a partner of these rules, and nginx in front of it."""
    url = copied(template, folder)
    with a_listener() as listener, ThreadPoolExecutor(1) as thread:
        settings = settings_for(url, ORIGIN, trusted_proxies="127.0.0.1", log_level="info")
        front = written(folder, listener.getsockname()[1])
        command = (*SERVE, "--fd", str(listener.fileno()))
        with running(command, folder, settings, sockets=[listener]) as program, _nginx(front) as nginx:

            async def begin() -> None:
                await furnished(url, **rules)
                await answering(origin_of(listener), program)
                await until(lambda: not is_free(front.https_port), f"nginx listens: {nginx.words()}")

            # Not in the test's own event loop: a fixture for a whole module has none.
            thread.submit(asyncio.run, begin()).result()
            yield front, program


def written(folder: Path, program_port: int) -> Front:
    """The configuration in that folder, with a certificate of our own."""
    authority = trustme.CA()
    issued = authority.issue_cert(HOST)
    issued.private_key_pem.write_to_path(folder / "privkey.pem")
    for part in issued.cert_chain_pems:
        part.write_to_path(folder / "fullchain.pem", append=True)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    front = Front(folder, free_port(), free_port(), free_port(), program_port, trust)
    (folder / "comment-widget.conf").write_text(_moved(SHIPPED.read_text("utf-8"), front))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_FRAME.format(folder=folder, user=user))
    return front


@contextlib.contextmanager
def _nginx(front: Front) -> Iterator[Running]:
    command = (NGINX, "-p", str(front.folder), "-c", str(front.folder / "nginx.conf"), "-g", "daemon off;")
    with running(command, front.folder, {}) as nginx:
        yield nginx


def _moved(text: str, front: Front) -> str:
    """Ports, paths and certificate are ours; and each answer of the cache says how it came about (X-Cache)."""
    for shipped, ours in (
        (r"listen \[::\]:80\b", f"listen [::1]:{front.http_port}"),
        (r"listen \[::\]:443\b", f"listen [::1]:{front.https_port}"),
        (r"listen 80\b", f"listen 127.0.0.1:{front.http_port}"),
        (r"listen 443\b", f"listen 127.0.0.1:{front.https_port}"),
        (r"127\.0\.0\.1:8001\b", f"127.0.0.1:{front.within_port}"),
        (r"127\.0\.0\.1:8000\b", f"127.0.0.1:{front.program_port}"),
        (r"/var/lib/nginx/comment-widget\b", str(front.cache)),
        (rf"/etc/letsencrypt/live/{re.escape(HOST)}/", f"{front.folder}/"),
        (r"/var/www/html\b", str(front.folder)),
        (re.escape(_FOR_READERS), f"{_FOR_READERS} add_header X-Cache $upstream_cache_status always;"),
    ):
        text, found = re.subn(shipped, ours.replace("\\", ""), text)
        assert found, f"{shipped} is not in the shipped file any more"
    return text
