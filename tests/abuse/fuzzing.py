"""Random requests along everything that pages lead to: spoiled addresses, forms, tokens, cookies and headers (C113).

What is sent follows from the number it began with alone, and from the pages: so a finding can be had again.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import httpx

from tests.abuse.learning import Learnt, Met
from tests.corpora import corpora, naughty_strings, xss_strings

_ODD: tuple[str, ...] = (
    "",
    "0",
    "-1",
    "1e3",
    "٣",
    "9" * 40,
    "true",
    "null",
    "partner",
    "0123456789abc",
    "\0",
    "\ud800",
    "a\r\nb: c",
)
_ODD += ("%", "%%%", "..", "{{7*7}}", "' or 1=1 --", "2026-02-30", "*" * 500, "A" * 5_000, "\u202e", "x@y", "a" * 32)
_METHODS = ("GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "__class__")
_NAMES: tuple[str, ...] = (
    "url",
    "id",
    "n",
    "after",
    "before",
    "reply",
    "focus",
    "mine",
    "lang",
    "sort",
    "q",
    "tab",
    "site",
    "x",
    "next",
)
_NAMES += ("comment", "author", "edit", "told", "page", "into", "token", "from", "age", "reason", "how", "illegal")
_RAW = ("%ff%fe", "%00", "..%2f..%2f", "%2e%2e", ";", "%0d%0aX:1", "%ed%a0%80", "+", "%", "~", "//")
_KINDS: tuple[str, ...] = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "text/plain",
    "",
)
_KINDS += ("multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=")
_HEADERS: tuple[str, ...] = (
    "accept-language",
    "accept-encoding",
    "range",
    "if-none-match",
    "referer",
    "origin",
    "x-forwarded-for",
)
_HEADERS += ("sec-fetch-site", "content-encoding", "forwarded", "user-agent", "if-modified-since", "accept")
_LAST = ("/sign-out", "/sessions", "/password", "/danger", "/two-factor", "/team/", "/erase")
"""Forms that would end the game: whose token is always spoiled."""

_MOST_ADDRESS = 9_000
_MOST_BODY = 100_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A request."""

    method: str
    address: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Fuzzed:
    """How the requests were answered; `faults` are those of ours, each with what was asked."""

    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Fuzzer:
    """Makes requests from a number and from what visitors have learnt."""

    def __init__(self, seed: int, visitors: Sequence[Learnt]) -> None:
        self._chance = random.Random(seed)
        self._visitors = visitors
        self._words: list[str] = [*_ODD, *(naughty_strings() + xss_strings() if corpora() else ())]

    def request(self) -> Sent:
        """The next one."""
        visitor = self._chance.choice(self._visitors)
        headers = {"cookie": visitor.cookie, "sec-fetch-site": "same-origin", **self._headers()}
        if self._chance.random() < 0.05:
            headers["cookie"] = _as_header(self._spoiled(visitor.cookie))
        if visitor.forms and self._chance.random() < 0.6:
            return self._form(self._chance.choice(visitor.forms), headers)
        method, address = self._chance.choice(_METHODS), self._address(self._chance.choice(visitor.addresses))
        body = b"" if method in ("GET", "HEAD") else self._body([(name, self._word()) for name in self._some_names()])
        return Sent(method, address, {**headers, "content-type": self._chance.choice(_KINDS)}, body)

    def _form(self, form: Met, headers: dict[str, str]) -> Sent:
        last = any(one in form.action for one in _LAST)
        items = self._items(form, last)
        if form.method == "GET":
            address = f"{form.action.partition('?')[0]}?{_encoded(items)}"
            return Sent("GET", address[:_MOST_ADDRESS], headers)
        action = self._address(form.action) if self._chance.random() < 0.1 else form.action
        if self._chance.random() < 0.1:
            return Sent("POST", action, {**headers, "content-type": self._chance.choice(_KINDS)}, self._body(items))
        if self._chance.random() < 0.2:
            kind, body = "multipart/form-data; boundary=b", self._parts(items)
        else:
            kind, body = _KINDS[0], self._body(items)
        return Sent("POST", action, {**headers, "content-type": kind}, body)

    def _items(self, form: Met, last: bool) -> list[tuple[str, str]]:
        """The form's fields: none, one or some spoiled, left out, doubled or added."""
        spoiled = self._chance.choice((0.0, 0.1, 0.3))
        items = [
            (name, self._spoiled(value) if self._chance.random() < spoiled else value)
            for name, value in form.fields
            if self._chance.random() > spoiled / 2
        ]
        if last:
            items = [
                (name, "x" + value[: self._chance.randrange(40)] if name == "token" else value) for name, value in items
            ]
        if items and self._chance.random() < spoiled:
            items.append(self._chance.choice(items))
        if self._chance.random() < spoiled:
            items += [(name, self._word()) for name in self._some_names()]
        return items

    def _address(self, address: str) -> str:
        path, _, query = address.partition("?")
        parts = path.split("/")
        if self._chance.random() < 0.4:
            at = self._chance.randrange(1, len(parts)) if len(parts) > 1 else 0
            parts[at] = self._chance.choice((quote(_whole(self._spoiled(parts[at]))), *_RAW))[:2_000]
        pairs = [one.partition("=") for one in query.split("&") if one]
        told = [
            f"{name}={quote(_whole(self._word())) if self._chance.random() < 0.4 else value}"
            for name, _, value in pairs
        ]
        if self._chance.random() < 0.5:
            told += [f"{name}={quote(_whole(self._word()))}" for name in self._some_names()]
        return ("/".join(parts) + ("?" + "&".join(told) if told else ""))[:_MOST_ADDRESS]

    def _headers(self) -> dict[str, str]:
        if self._chance.random() > 0.2:
            return {}
        return {self._chance.choice(_HEADERS): _as_header(self._word())}

    def _body(self, items: Sequence[tuple[str, str]]) -> bytes:
        body = _encoded(items).encode()[:_MOST_BODY]
        if self._chance.random() < 0.05:
            body += self._chance.choice((b"&%", b"&=%ff", b";a=b", b"&token", b"\0", b"&" * 2_000))
        return body

    def _parts(self, items: Sequence[tuple[str, str]]) -> bytes:
        name = self._chance.choice((b"", b'; filename="a.json"', b'; filename=""', b"; filename*=utf-8''%ff"))
        parts = [
            b'--b\r\ncontent-disposition: form-data; name="' + _bytes(one).replace(b'"', b"%22") + b'"'
            + (name if self._chance.random() < 0.2 else b"") + b"\r\n\r\n" + _bytes(value) + b"\r\n"
            for one, value in items
        ]  # fmt: skip
        return b"".join([*parts, self._chance.choice((b"--b--\r\n", b"--b--", b"--b\r\n", b""))])[:_MOST_BODY]

    def _some_names(self) -> list[str]:
        return self._chance.sample(_NAMES, self._chance.randint(1, 3))

    def _word(self) -> str:
        return self._chance.choice(self._words)

    def _spoiled(self, text: str) -> str:
        """Another text that looks like it, or none that does."""
        at = self._chance.randrange(len(text) + 1)
        other = chr(self._chance.choice((self._chance.randrange(32, 127), self._chance.randrange(1, 0x3000))))
        spoiled = (text[:at] + other + text[at + 1 :], text[:at], text[at:], text * 2, text[::-1], text.swapcase())
        return self._chance.choice((*spoiled, text + self._word(), self._word(), self._word()))


async def fuzz(client: httpx.AsyncClient, fuzzer: Fuzzer, requests: int, seen: Fuzzed) -> None:
    """Send so many requests; after each hundred the server must be alive."""
    for number in range(requests):
        sent = fuzzer.request()
        answer = await client.send(_built(client, sent))
        seen.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            seen.faults.append(f"{answer.status_code} {sent}"[:3_000])
        if number % 100 == 99:
            assert (await client.get("/healthz")).status_code == 200, f"dead after {sent}"


def _built(client: httpx.AsyncClient, sent: Sent) -> httpx.Request:
    """A request for exactly this address, which no client tidies up."""
    request = client.build_request(sent.method, "/", headers=sent.headers, content=sent.body)
    request.url = request.url.copy_with(raw_path=_bytes(quote(_whole(sent.address), safe="/?&=%:;+,~@!$'()*[]")))
    return request


def _encoded(items: Sequence[tuple[str, str]]) -> str:
    return urlencode([(_bytes(name), _bytes(value)) for name, value in items])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _whole(text: str) -> str:
    """Without lone surrogates, which no address can hold."""
    return text.encode("utf-8", "replace").decode()


def _as_header(text: str) -> str:
    """What a client lets into a header."""
    return "".join(one for one in text if 32 <= ord(one) < 127)[:4_000].strip()
