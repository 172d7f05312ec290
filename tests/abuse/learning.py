"""What a program that attacks learns first: the addresses and forms that pages lead to, as each visitor gets them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import httpx

HERE = "https://here.example"
"""Stands for our own host while addresses are joined."""


@dataclass(frozen=True, slots=True)
class Met:
    """A form on a page: where it goes, and what it would send as it stands, each of its buttons among it."""

    method: str
    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """What two forms of one kind share."""
        return self.action.partition("?")[0], tuple(name for name, _ in self.fields)


@dataclass
class Learnt:
    """What one visitor has seen; `cookie` is his header."""

    cookie: str
    addresses: list[str] = field(default_factory=list)
    forms: list[Met] = field(default_factory=list)

    def meet(self, forms: Iterable[Met]) -> None:
        """Remember forms: what stands on every page, as the one to sign out, but once."""
        known = {one.shape for one in self.forms}
        self.forms += [one for one in forms if one.shape not in known]


async def learn(client: httpx.AsyncClient, cookie: str, addresses: Iterable[str], most: int) -> Learnt:
    """Open these addresses and what their pages link to, so many pages at most."""
    learnt, waiting = Learnt(cookie), list(dict.fromkeys(addresses))
    known = set(waiting)
    for _ in range(most):
        if not waiting:
            break
        address = waiting.pop(0)
        answer = await client.get(address, headers={"cookie": cookie, "sec-fetch-site": "same-origin"})
        if answer.status_code < 400:
            learnt.addresses.append(address)
        further = [one for one in _looked_at(learnt, answer, address) if one not in known]
        known.update(further)
        waiting += further
    return learnt


def _looked_at(learnt: Learnt, answer: httpx.Response, address: str) -> list[str]:
    """Where an answer leads; the forms on it are remembered."""
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return _ours([answer.headers.get("location", address)], address)
    tree = html5lib.parse(answer.text, treebuilder="etree", namespaceHTMLElements=False)
    learnt.meet([_met(one, address) for one in tree.iter("form")])
    return _links(tree, address)


def _links(tree: Element, address: str) -> list[str]:
    return _ours([one.get("href", "") for one in tree.iter("a")], address)


def _ours(links: Iterable[str], address: str) -> list[str]:
    joined = (urlsplit(urldefrag(urljoin(HERE + address, link))[0]) for link in links if "\\" not in link)
    return [one._replace(scheme="", netloc="").geturl() for one in joined if f"{one.scheme}://{one.netloc}" == HERE]


def _met(form: Element, address: str) -> Met:
    action = urlsplit(urljoin(HERE + address, form.get("action") or address))
    fields = tuple((one.get("name", ""), _value(one)) for one in form.iter() if one.get("name"))
    return Met(form.get("method", "get").upper(), action._replace(scheme="", netloc="").geturl(), fields)


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return control.text or ""
    if control.tag == "select":
        return next((one.get("value", "") for one in control.iter("option")), "")
    return control.get("value", "")
