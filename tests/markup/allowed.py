"""What may stand in a comment's HTML, as a parser sees it: written down here once more, apart from the product."""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

TAGS = {"p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
REL = "ugc nofollow noopener noreferrer"


def parsed(body_html: str) -> list[Element]:
    """Every element that a browser would make of it."""
    fragment = html5lib.parseFragment(body_html, treebuilder="etree", namespaceHTMLElements=False)
    return list(fragment.iter())[1:]


def visible_text(body_html: str) -> str:
    """The characters that a browser would show."""
    fragment = html5lib.parseFragment(body_html, treebuilder="etree", namespaceHTMLElements=False)
    return "".join(fragment.itertext())


def assert_allowed(body_html: str) -> None:
    """Nothing but the allow-list is in it."""
    for element in parsed(body_html):
        assert_allowed_element(element, body_html)


def assert_allowed_element(element: Element, where: str) -> None:
    """It is on the allow-list, with all of its attributes."""
    assert element.tag in TAGS, (element.tag, where)
    _assert_attributes(element, where)


def _assert_attributes(element: Element, body_html: str) -> None:
    if element.tag == "a":
        assert set(element.attrib) == {"href", "rel", "target"}, body_html
        assert (element.get("rel"), element.get("target")) == (REL, "_blank")
        _assert_target(element.get("href") or "")
    elif element.tag == "ol":
        assert set(element.attrib) <= {"start"}, body_html
        assert (element.get("start") or "1").isdecimal()
    else:
        assert not element.attrib, body_html


def _assert_target(target: str) -> None:
    parts = urlsplit(target)
    assert parts.scheme in {"http", "https", "mailto"}, target
    assert parts.geturl() == target or target.endswith(("?", "#")), target
    assert (parts.scheme == "mailto") != bool(parts.hostname), target
    assert target.isascii(), target
    assert not set(target) & set(" \t\n\"'<>\\`"), target
