"""A browser without a screen, on httpx: opens pages, reads their forms, fills them in, presses their buttons.

It keeps cookies, follows redirects, and sends what a real browser would send along: where a request comes from
(Sec-Fetch-Site, Origin), and no cookie that its SameSite attribute holds back. Pages need no script, so this is the end
of the line: what it sees is what a reader gets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.cookiejar import Cookie
from typing import Literal, TypeVar
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

import html5lib
import httpx
from starlette.types import ASGIApp

from tests.served import way_to

Site = Literal["none", "same-origin", "same-site", "cross-site"]
Typed = str | bool | Sequence[str]
Found = TypeVar("Found")

_UNSEEN = ("head", "script", "style", "template", "noscript")
_UNTYPED = ("submit", "image", "reset", "button", "file")
_MOST_REDIRECTS = 10
_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "browser-boundary-5fd1a8"


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody chooses in a form."""

    name: str
    content: bytes


class Browser:
    """Somebody at a browser. `frame` is a browser that shows the pages inside another site's article."""

    def __init__(self, app: ASGIApp, origin: str, *, address: str = "203.0.113.7", frame: bool = False) -> None:
        """Open a browser at an address of the network; `origin` is the server's own."""
        transport = way_to(app, address)
        self._client = httpx.AsyncClient(transport=transport, base_url=origin)
        self._frame = frame
        self.origin = origin
        self.language = "en"

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies it holds."""
        return {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}

    def set_cookie(self, name: str, value: str) -> None:
        """Hold this value in place of what the cookie held."""
        for cookie in self._client.cookies.jar:
            if cookie.name == name:
                cookie.value = value

    async def open(self, url: str, *, site: Site | None = None) -> "Page":
        """Open an address as if typed, or as a link on a page of another `site`."""
        return await self.send("GET", url, site=site or ("cross-site" if self._frame else "none"))

    async def send(
        self,
        method: str,
        url: str,
        fields: Sequence[tuple[str, str]] = (),
        *,
        site: Site = "same-origin",
        origin: str | None = None,
    ) -> "Page":
        """Send anything, and follow where it leads. `origin` is another page's that sends the form."""
        address = urljoin(self.origin + "/", url)
        body: bytes | None = urlencode(fields).encode() if method == "POST" else None
        for _ in range(_MOST_REDIRECTS):
            response = await self._ask(method, address, body, site, origin)
            if response.status_code not in (301, 302, 303, 307, 308):
                return Page(self, response, address)
            address = urljoin(address, response.headers["location"])
            method, body = "GET", None
        raise AssertionError(f"{url} leads round in circles")

    async def send_file(self, url: str, fields: Sequence[tuple[str, str]], files: "dict[str, File]") -> "Page":
        """Send a form with files, the way `multipart/form-data` is sent, and follow where it leads."""
        address = urljoin(self.origin + "/", url)
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        response = await self._ask("POST", address, multipart(fields, files), "same-origin", None, kind)
        if response.status_code == 303:
            return await self.send("GET", urljoin(address, response.headers["location"]))
        return Page(self, response, address)

    async def close(self) -> None:
        """Close it; the next one knows no cookies."""
        await self._client.aclose()

    async def _ask(
        self, method: str, address: str, body: bytes | None, site: Site, origin: str | None, kind: str = _FORM
    ) -> httpx.Response:
        headers = {
            "accept-language": self.language,
            "sec-fetch-site": site,
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "iframe" if self._frame else "document",
        }
        if method == "POST":
            headers |= {"origin": origin or self.origin, "content-type": kind}
        request = self._client.build_request(method, urldefrag(address)[0], content=body, headers=headers)
        self._hold_back(request, method, site)
        return await self._client.send(request)

    def _hold_back(self, request: httpx.Request, method: str, site: Site) -> None:
        """Take the cookies out that a browser would not send (RFC 6265bis, 5.5)."""
        sent = request.headers.get("cookie", "")
        held = {cookie.name for cookie in self._client.cookies.jar if not self._goes_along(cookie, method, site)}
        kept = [one for one in sent.split("; ") if one and one.partition("=")[0] not in held]
        if sent:
            del request.headers["cookie"]
        if kept:
            request.headers["cookie"] = "; ".join(kept)

    def _goes_along(self, cookie: Cookie, method: str, site: Site) -> bool:
        restriction = str(cookie.get_nonstandard_attr("SameSite") or "Lax").lower()
        if restriction == "none":
            return True
        if self._frame or (site == "cross-site" and restriction == "strict"):
            return False
        return site != "cross-site" or method == "GET"


class Page:
    """A page as it arrived."""

    def __init__(self, browser: Browser, response: httpx.Response, url: str) -> None:
        self.browser = browser
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.text
        self.url = url
        self.tree: Element = html5lib.parse(response.text, treebuilder="etree", namespaceHTMLElements=False)

    @property
    def path(self) -> str:
        """Path and query of its address."""
        return urlunsplit(("", "", *urlsplit(self.url)[2:4], ""))

    @property
    def title(self) -> str:
        """What stands in the tab."""
        return _flat(self.tree.findtext(".//title") or "")

    @property
    def heading(self) -> str:
        """The text of its h1."""
        return text_of(self._one(self.tree.iter("h1"), "an h1"))

    @property
    def text(self) -> str:
        """All that can be read on it."""
        return text_of(self.tree)

    def find(self, id_: str) -> Element:
        """The element of that id. Raises AssertionError where there is none."""
        return self._one((one for one in self.tree.iter() if one.get("id") == id_), f"#{id_}")

    def has(self, id_: str) -> bool:
        """Whether there is an element of that id."""
        return any(one.get("id") == id_ for one in self.tree.iter())

    def link(self, words: str) -> "Link":
        """The first link whose text holds these words."""
        return Link(self, self._one((one for one in self.tree.iter("a") if words in text_of(one)), f"a link {words!r}"))

    def form(self, *names: str) -> "Form":
        """The form of that id, or the first that has all these fields or buttons."""
        forms = (Form(self, one) for one in self.tree.iter("form"))
        return self._one((one for one in forms if one.is_meant(names)), f"a form {names}")

    def has_form(self, *names: str) -> bool:
        """Whether there is such a form."""
        return any(Form(self, one).is_meant(names) for one in self.tree.iter("form"))

    def _one(self, found: Iterator[Found], what: str) -> Found:
        one = next(found, None)
        assert one is not None, f"{what} is not on {self.url} ({self.status}): {self.text[:500]}"
        return one


class Link:
    """A link on a page."""

    def __init__(self, page: Page, element: Element) -> None:
        self._page = page
        self.href = element.get("href", "")

    async def click(self) -> Page:
        """Follow it."""
        return await self._page.browser.send("GET", urljoin(self._page.url, self.href))


class Form:
    """A form on a page."""

    def __init__(self, page: Page, element: Element) -> None:
        self._page = page
        self._element = element
        self._method = element.get("method", "get").upper()
        self._action = urljoin(page.url, element.get("action") or page.url)

    @property
    def names(self) -> set[str]:
        """The names of its fields and buttons."""
        return {
            one.get("name", "") for one in self._element.iter() if one.tag in ("input", "textarea", "select", "button")
        }

    @property
    def values(self) -> dict[str, str]:
        """What would be sent as it stands, without a button; of a repeated field the last."""
        return dict(self._filled())

    @property
    def buttons(self) -> list[Element]:
        """Its buttons that send it, in their order."""
        return [one for one in self._element.iter() if _sends(one)]

    def is_meant(self, names: Sequence[str]) -> bool:
        """Whether this is its id, or these are among its fields."""
        return names == (self._element.get("id"),) or set(names) <= self.names

    async def press(self, button: str | None = None, /, **fields: "Typed | File") -> Page:
        """Fill in and press a button: by its words, or by its name as one of the fields; else as the Enter key does.

        A checkbox takes True, False or the values to be ticked; an unnamed field stays as it is.
        """
        pressed = self._button(button, fields)
        files = {name: value for name, value in fields.items() if isinstance(value, File)}
        typed = {
            name: value for name, value in fields.items() if name != pressed.get("name") and not isinstance(value, File)
        }
        items = self._filled(typed)
        if pressed.get("name"):
            items.append((pressed.get("name", ""), pressed.get("value", "")))
        if self._method == "GET":
            address = urldefrag(self._action)[0].partition("?")[0]
            return await self._page.browser.send("GET", f"{address}?{urlencode(items)}")
        if self._element.get("enctype") == "multipart/form-data":
            return await self._page.browser.send_file(self._action, items, files)
        return await self._page.browser.send("POST", self._action, items)

    def _button(self, words: str | None, fields: "dict[str, Typed | File]") -> Element:
        if words is None and not any(one.get("name") in fields for one in self.buttons):
            return self.buttons[0]
        for one in self.buttons:
            if words is not None and words in (text_of(one), one.get("value")):
                return one
            if words is None and fields.get(one.get("name", "")) == one.get("value", ""):
                return one
        raise AssertionError(
            f"no button {words or fields} among {[(text_of(one), one.attrib) for one in self.buttons]}"
        )

    def _filled(self, typed: dict[str, Typed] | None = None) -> list[tuple[str, str]]:
        typed = typed or {}
        assert set(typed) <= self.names, f"the form has no field {set(typed) - self.names}, but {self.names}"
        return [
            item for control in self._controls() for item in _successful(control, typed.get(control.get("name", "")))
        ]

    def _controls(self) -> Iterator[Element]:
        for one in self._element.iter():
            if one.tag in ("input", "textarea", "select") and one.get("name") and "disabled" not in one.attrib:
                yield one


def multipart(fields: Sequence[tuple[str, str]], files: dict[str, File]) -> bytes:
    """The body of a form with files (RFC 7578); they come last, as they stand in our forms."""
    parts = [f'name="{name}"\r\n\r\n'.encode() + value.encode() for name, value in fields]
    parts += [
        f'name="{name}"; filename="{one.name}"\r\ncontent-type: application/octet-stream\r\n\r\n'.encode() + one.content
        for name, one in files.items()
    ]
    pieces = [f"--{_BOUNDARY}\r\ncontent-disposition: form-data; ".encode() + part + b"\r\n" for part in parts]
    return b"".join([*pieces, f"--{_BOUNDARY}--\r\n".encode()])


def text_of(element: Element) -> str:
    """The text that can be read in an element, spaces as one."""
    return _flat("".join(_texts(element)))


def _texts(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    if element.tag in ("p", "li", "div", "h1", "h2", "h3", "button", "label", "dt", "dd", "br", "option", "legend"):
        yield " "


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sends(element: Element) -> bool:
    if element.tag == "button":
        return element.get("type", "submit") == "submit" and "disabled" not in element.attrib
    return element.tag == "input" and element.get("type") == "submit" and "disabled" not in element.attrib


def _successful(control: Element, typed: Typed | None) -> list[tuple[str, str]]:
    """What one control adds to the form (HTML, 4.10.21.4)."""
    name, kind = control.get("name", ""), control.get("type", "text")
    if control.tag == "input" and kind in _UNTYPED:
        return []
    if control.tag == "input" and kind in ("checkbox", "radio"):
        return [(name, control.get("value", "on"))] if _ticked(control, typed) else []
    if control.tag == "select":
        return [(name, _chosen(control) if typed is None else str(typed))]
    if control.tag == "textarea":
        text = control.text or "" if typed is None else str(typed)
        return [(name, text.replace("\r\n", "\n").replace("\n", "\r\n"))]
    return [(name, control.get("value", "") if typed is None else str(typed))]


def _ticked(control: Element, typed: Typed | None) -> bool:
    if typed is None:
        return "checked" in control.attrib
    if isinstance(typed, bool):
        return typed
    return control.get("value", "on") in ([typed] if isinstance(typed, str) else typed)


def _chosen(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = [one for one in options if "selected" in one.attrib] or options
    return chosen[0].get("value", text_of(chosen[0])) if chosen else ""
