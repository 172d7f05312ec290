"""From stored HTML back to Markdown: what a moderator edits when the comment came as HTML from another system.

Rendered again it gives the same elements with the same words; how white space stood between them may differ.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

_MARKS = {"em": "*", "strong": "**", "del": "~~"}
_BLOCKS = frozenset({"p", "pre", "blockquote", "ul", "ol", "li"})
_MEANS_SOMETHING = re.compile(r"([\\`*_~\[\]]|<(?=[a-zA-Z/!?])|&(?=#?\w{1,32};))")
_MEANS_AT_START = re.compile(r"^([^\S\n]*)(?:(\d{1,9})([.)])|([>+-]))", re.MULTILINE)
_TOKEN = re.compile(r"<(/?)([a-z]+)([^<>]*)>|([^<>]+)")
_ATTRIBUTE = re.compile(r"""(?<![a-z])([a-z]+)=["']([^"']*)["']""")
_TICKS = re.compile(r"`+")
_URL_MARKS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"})


def as_markdown(body_html: str) -> str:
    """The Markdown for HTML that our allow-list has let through."""
    return _blocks(_tree(body_html)).strip("\n")


def lines_as_markdown(lines: Iterable[str]) -> str:
    """The Markdown for one paragraph of lines that hold no markup; it says no more than they do."""
    return _settled("\n".join(map(_escaped, lines)))


@dataclass(slots=True)
class _Node:
    """An element; its children are elements and texts."""

    name: str
    href: str = ""
    start: int = 1
    children: "list[_Node | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)


def _tree(body_html: str) -> _Node:
    """The elements; what the allow-list has let through is well-formed, so each end fits the last start."""
    root = _Node("")
    standing = [root]
    for is_end, name, attributes, text in _TOKEN.findall(body_html):
        if text:
            standing[-1].children.append(unescape(text))
        elif is_end:
            standing = standing[:-1] or [root]
        else:
            node = _element(name, attributes)
            standing[-1].children.append(node)
            standing += [] if name == "br" else [node]
    return root


def _element(name: str, attributes: str) -> _Node:
    found = {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}
    start = found.get("start", "1")
    return _Node(name, found.get("href", ""), int(start) if start.isdigit() else 1)


def _blocks(node: _Node, between: str = "\n\n") -> str:
    """The children as blocks; inline ones that stand beside each other are one paragraph."""
    done: list[str] = []
    run: list[_Node | str] = []
    last = ""
    for child in node.children:
        if isinstance(child, str) or child.name not in _BLOCKS:
            run.append(child)
            continue
        done += [_paragraph(run), _block(child, is_second=child.name == last and not _paragraph(run))]
        run, last = [], "" if child.name == last else child.name
    return between.join(filter(None, [*done, _paragraph(run)]))


def _block(node: _Node, *, is_second: bool) -> str:
    """`is_second`: one of the same kind stands right before, so a list needs other marks to be another list."""
    if node.name == "pre":
        return _fenced(node.text)
    if node.name == "blockquote":
        return _prefixed(_blocks(node), "> ", "> ")
    if node.name in ("ul", "ol"):
        return _list(node, ("{}) ", "* ") if is_second else ("{}. ", "- "))
    return _blocks(node)


def _list(node: _Node, forms: tuple[str, str]) -> str:
    items = [one for one in node.children if isinstance(one, _Node)]
    form = forms[0] if node.name == "ol" else forms[1]
    marks = (form.format(node.start + at) for at in range(len(items)))
    is_loose = any(isinstance(child, _Node) and child.name == "p" for item in items for child in item.children)
    between = "\n\n" if is_loose else "\n"
    return between.join(
        _prefixed(_blocks(item, between), mark, " " * len(mark)) for item, mark in zip(items, marks, strict=True)
    )


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        ((first if not number else rest) + line).rstrip() if line or not number else rest.rstrip()
        for number, line in enumerate(lines)
    )


def _fenced(code: str) -> str:
    fence = "`" * max(3, 1 + max((len(found) for found in _TICKS.findall(code)), default=0))
    return f"{fence}\n{code.removesuffix(chr(10))}\n{fence}"


def _paragraph(run: list[_Node | str]) -> str:
    return _settled("".join(_inline(one) for one in run))


def _settled(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    return _MEANS_AT_START.sub(r"\1\2\\\3\4", "\n".join(lines).strip()) if text.strip() else ""


def _inline(node: _Node | str) -> str:
    if isinstance(node, str):
        return _escaped(node)
    if node.name == "br":
        return "\n"
    if node.name == "code":
        return _code(node.text)
    inner = "".join(_inline(one) for one in node.children)
    if node.name == "a":
        return _link(node, inner)
    mark = _MARKS.get(node.name, "")
    words = inner.strip()
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}" if words else inner


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", text.replace("\n", " "))


def _code(text: str) -> str:
    ticks = "`" * (1 + max((len(found) for found in _TICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _link(node: _Node, inner: str) -> str:
    if node.text == node.href:
        return node.href
    return f"[{inner}]({node.href.translate(_URL_MARKS)})"
