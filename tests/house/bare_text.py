"""Finds words for people in a template that stand outside {% trans %} and _().

The template is read with Jinja's own lexer. What stays of it is plain html in which each {{ }} is one character of
Unicode's private use area, so the html can be cut into tags and text however its blocks are nested. Words are looked
for in the text, in the attributes that people read, and in the strings that expressions write there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from jinja2 import Environment, nodes

_JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
_GETTEXT = ("_", "gettext", "ngettext", "pgettext", "npgettext")
_FIRST_MARK = 0xE000
_MARK = re.compile("[\ue000-\uf8ff]")
_LETTERS = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&#?\w+;")
_TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^"'>])*>)""")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SWITCH = re.compile(r"\b(autofocus|checked|disabled|hidden|itemscope|multiple|open|readonly|required|selected)\b")
_READ = {"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription"}
_NOT_WORDS = {"code", "kbd", "style"}
"""Elements whose text is for machines: it is the same in every language."""
_SENTENCE = re.compile(r"[A-Z][a-z]|[^\W\d_]\S*\s+\S*[^\W\d_]")
"""What a string for people looks like; names of templates, codes and classes are small letters without a space."""


@dataclass
class _Skeleton:
    """A template without its blocks: html, and the expressions that the marks in it stand for."""

    html: str = ""
    expressions: list[str] = field(default_factory=list)

    def mark(self, expression: str) -> None:
        self.html += chr(_FIRST_MARK + len(self.expressions))
        self.expressions.append(expression)


def bare_text(source: str) -> list[str]:
    """The words in a template that no catalogue can translate, in their order."""
    skeleton = _skeleton(source)
    found = [words for piece in _read_by_people(skeleton.html) for words in _bare(piece, skeleton)]
    strings = [one for one in _strings(_JINJA.parse(source)) if _SENTENCE.search(one)]
    return list(dict.fromkeys([*found, *strings]))


def _skeleton(source: str) -> _Skeleton:
    skeleton, translated = _Skeleton(), False
    tokens = ((kind, text) for _line, kind, text in _JINJA.lex(source))
    for kind, text in tokens:
        if kind == "block_begin":
            words = [text for kind, text in takewhile(lambda one: one[0] != "block_end", tokens) if kind == "name"]
            translated = words[:1] == ["trans"] or (translated and words[:1] != ["endtrans"])
        elif kind == "variable_begin":
            expression = "".join(text for _kind, text in takewhile(lambda one: one[0] != "variable_end", tokens))
            if not translated:
                skeleton.mark(expression)
        elif kind == "data" and not translated:
            skeleton.html += text
    return skeleton


def _read_by_people(html: str) -> Iterator[str]:
    """The text between the tags and in their attributes that are shown or read out."""
    closing = ""
    for piece in _TAG.split(html):
        name = re.match(r"</?([a-z0-9]*)", piece)
        if closing:
            closing = "" if piece == closing else closing
        elif name and piece.endswith(">"):
            yield from _attributes(name[1], piece)
            closing = f"</{name[1]}>" if name[1] in _NOT_WORDS and piece[1] != "/" else ""
        else:
            yield from _attributes("", piece)
            yield _without_attributes(piece)


def _without_attributes(text: str) -> str:
    """Attributes stand outside a tag where a macro or a block writes them into a tag elsewhere."""
    without = _ATTRIBUTE.sub(" ", text)
    return without if without == text else _SWITCH.sub(" ", without)


def _attributes(tag: str, piece: str) -> Iterator[str]:
    values = {name: double or single for name, double, single in _ATTRIBUTE.findall(piece)}
    read = set(_READ)
    if tag == "input" and values.get("type") in ("submit", "button", "reset"):
        read.add("value")
    if tag == "meta" and values.get("name") == "description":
        read.add("content")
    yield from (value for name, value in values.items() if name in read)


def _bare(piece: str, skeleton: _Skeleton) -> Iterator[str]:
    text = _ENTITY.sub("", _MARK.sub(" ", piece))
    if _LETTERS.search(text):
        yield " ".join(text.split())
    for mark in _MARK.findall(piece):
        expression = skeleton.expressions[ord(mark) - _FIRST_MARK]
        output = _JINJA.parse("{{" + expression + "}}").find(nodes.Output)
        assert output is not None
        yield from (one for node in output.nodes for one in _written(node) if _LETTERS.search(one))


def _written(node: nodes.Node) -> Iterator[str]:
    """The strings that an expression can write into the page."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for part in _parts(node):
        yield from _written(part)


def _parts(node: nodes.Node) -> list[nodes.Expr]:
    if isinstance(node, nodes.CondExpr):
        return [one for one in (node.expr1, node.expr2) if one]
    if isinstance(node, nodes.Or | nodes.And | nodes.Add):
        return [node.left, node.right]
    if isinstance(node, nodes.Concat):
        return node.nodes
    if isinstance(node, nodes.Filter):
        return [*([node.node] if node.node else []), *(node.args if node.name in ("default", "d") else [])]
    return []


def _strings(node: nodes.Node) -> Iterator[str]:
    """Every string of a template but those given to gettext."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _GETTEXT:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _strings(child)
