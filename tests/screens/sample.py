"""A visitors' book in a frame: the smallest pages that behave as the product's do, to prove the engines with."""

import contextlib
import http.server
import threading
import urllib.parse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "sandbox allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
COOKIES = ("plain=1; SameSite=None; Secure", "__Host-kept=1; Secure; HttpOnly; SameSite=None; Partitioned; Path=/")
SCRIPT = "<script>document.querySelector('h1').textContent = 'Script ran'</script>"
STYLE = """<style>
:root { color-scheme: light dark } body { margin: 0 } h1 { margin: 0; height: 60px; background: #0a0 }
@media (prefers-color-scheme: dark) { h1 { background: #00a } }
</style>"""
FORM = """<form method="post" action="/book"><textarea name="body" id="ta"></textarea><button>Sign</button></form>
<p><a href="/more">Read more</a> <a href="/more" target="_blank">In a tab</a></p>
<div style="height:900px"></div><p id="end">The end</p>"""


class Sample:
    """The book's server, on a loopback port."""

    def __init__(self) -> None:
        self.signed: list[str] = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.signed))
        self.port = self._server.server_port
        self.origin = f"http://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def frame(self) -> str:
        """The html that puts the book into an article."""
        return (
            '<p><a href="/second">Go on</a></p><iframe name="cw" title="Book" style="border:0;width:600px;height:300px"'
            f' sandbox="allow-forms allow-same-origin allow-popups" src="{self.origin}/book"></iframe>{SCRIPT}'
            '<div style="height:2000px"></div>'
        )

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(signed: list[str]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            title = "More" if self.path == "/more" else "Book"
            names = "".join(f"<li>{one}</li>" for one in signed)
            said = f"<p>Cookies: {self.headers.get('Cookie', 'none')}</p><ol>{names}</ol>"
            page = f"<!doctype html><title>{title}</title>{STYLE}<h1>{title}</h1>{SCRIPT}{said}{FORM}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # a browser that leaves the page hangs up
                self.wfile.write(page)

        def do_POST(self) -> None:
            form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            signed.append(form.get("body", [""])[0])
            self.send_response(303)
            self.send_header("Location", "/book?signed#ta")
            for cookie in COOKIES:
                self.send_header("Set-Cookie", cookie)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
