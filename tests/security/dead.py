"""What makes a page dead: no element, attribute or scheme that the same page with harmless words doesn't have."""

from xml.etree.ElementTree import Element

from tests.browser import Page
from tests.markup.allowed import TAGS, assert_allowed_element

Shape = tuple[str, frozenset[str]]

_ADDRESSES = ("href", "src", "action", "formaction", "cite", "data", "poster", "background", "ping", "srcset")
_HARMLESS = ("/", "#", "?", "https://", "http://", "mailto:", "data:image/svg+xml", "data:image/png")
_OF_TEXTS = {(tag, frozenset[str]()) for tag in TAGS} | {("ol", frozenset({"start"}))}
_OF_TEXTS |= {("a", frozenset({"href", "rel", "target"}))}


def shapes(page: Page) -> set[Shape]:
    """Every kind of element on a page: its tag with the names of its attributes."""
    return {(str(one.tag), frozenset(one.attrib)) for one in page.tree.iter()}


def assert_dead(page: Page, harmless: set[Shape]) -> None:
    """Nothing on it that isn't on the harmless page, but for the few marks that a text may have."""
    more = shapes(page) - harmless - _OF_TEXTS
    assert not more, (page.url, more)
    for one in page.tree.iter():
        _assert_harmless(one, page.url)


def _assert_harmless(one: Element, where: str) -> None:
    assert one.tag != "script", where
    for name, value in one.attrib.items():
        assert not name.startswith("on"), (where, name, value)
        assert name not in _ADDRESSES or value == "" or value.startswith(_HARMLESS), (where, name, value)


def assert_texts_allowed(page: Page) -> int:
    """Each comment on the page holds what is allowed and nothing else; how many there are."""
    texts = [one for one in page.tree.iter("div") if "words" in one.get("class", "").split()]
    for text in texts:
        for element in list(text.iter())[1:]:
            assert_allowed_element(element, page.url)
    return len(texts)


def shown_on(page: Page) -> str:
    """All that can be read on a page, in its fields and attributes too."""
    values = [value for one in page.tree.iter() for value in one.attrib.values()]
    return "\n".join([page.text, page.title, *values])
