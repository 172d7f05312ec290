"""The reference for triage: pages with one button, from a server that does nothing. What they take is the browser's."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = (
    "<!doctype html><title>Triage</title><h1>{place}</h1>"
    '<form method="post" action="/"><button autofocus name="decision" value="approve">Approve</button></form>'
)


@contextlib.contextmanager
def blank_triage(count: int) -> Iterator[str]:
    """The address of so many pages, each a press of Enter behind the one before."""
    at = 1

    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            place = f"Comment {at} of {count}" if at <= count else "Nothing is left"
            self._answer(200, _PAGE.format(place=place).encode())

        def do_POST(self) -> None:
            nonlocal at
            at += 1
            self.rfile.read(int(self.headers["content-length"]))
            self._answer(303, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("location", f"/?at={at}")
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
