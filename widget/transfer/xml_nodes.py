"""XML records as small trees: the elements of named paths one by one, each with what stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from widget.transfer.opening import Part
from widget.transfer.record import BrokenExport
from widget.transfer.xml_stream import DEEPEST, TooDeep, read_xml

MOST_NODES = 50_000
"""Elements kept at once; a record has a few dozen, and what stands beside records hardly more."""

_LONGEST_TEXT = 1 << 20


@dataclass(slots=True)
class Node:
    """An element with its children; `above` is the one it stands in."""

    name: str
    attributes: dict[str, str]
    above: "Node | None" = None
    content: "list[Node | str]" = field(default_factory=list)
    length: int = 0

    @property
    def children(self) -> "list[Node]":
        """The elements in it."""
        return [one for one in self.content if isinstance(one, Node)]

    @property
    def text(self) -> str:
        """The element's own text, without white space around it."""
        return "".join([one for one in self.content if isinstance(one, str)]).strip()

    @property
    def markup(self) -> str:
        """All that stands in it as HTML, the elements as well; attributes but links are dropped."""
        return "".join(escape(one, quote=False) if isinstance(one, str) else one._tagged() for one in self.content)

    def _tagged(self) -> str:
        href = f' href="{escape(self.attributes["href"])}"' if "href" in self.attributes else ""
        return f"<{self.name}{href}>{self.markup}</{self.name}>"

    def all(self, name: str) -> "Iterator[Node]":
        """The children of that name."""
        return (child for child in self.content if isinstance(child, Node) and child.name == name)

    def get(self, name: str) -> str:
        """The text of the first child of that name that has any."""
        for child in self.content:
            if isinstance(child, Node) and child.name == name and (text := child.text):
                return text
        return ""

    def node(self, name: str) -> "Node":
        """The first child of that name; an empty one where there is none."""
        return next(self.all(name), None) or Node(name, {})


def read_nodes(part: Part, *paths: str) -> Iterator[Node]:
    """The elements at these paths (`disqus/post`), each as soon as it is whole; `*` stands for any name.

    `Node.above` leads to what of the surrounding elements has been read so far. Raises BrokenExport as read_xml does.
    """
    listener = _Listener(part.name, paths)
    for _ in read_xml(part, listener):
        yield from listener.take()


class _Listener:
    """Builds the trees."""

    def __init__(self, name: str, paths: Sequence[str]) -> None:
        self.repairs = 0
        self._name = name
        self._paths = [path.split("/") for path in paths]
        self._depths = {len(path) for path in self._paths}
        self._open: list[Node] = []
        self._found: list[Node] = []
        self._kept = 0

    def take(self) -> list[Node]:
        taken, self._found = self._found, []
        return taken

    def start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes, self._open[-1] if self._open else None)
        if node.above:
            node.above.content.append(node)
        self._open.append(node)
        if len(self._open) > DEEPEST:
            raise TooDeep
        self._kept += 1
        if self._kept > MOST_NODES:
            raise BrokenExport(f"{self._name} holds more than {MOST_NODES:,} elements that belong to no comment.")

    def text(self, piece: str) -> None:
        node = self._open[-1]
        if node.length < _LONGEST_TEXT:
            node.content.append(piece[: _LONGEST_TEXT - node.length])
            node.length += len(piece)

    def end(self, _name: str) -> None:
        node = self._open.pop()
        if len(self._open) + 1 in self._depths and self._is_wanted(node):
            self._found.append(node)
            if node.above:
                node.above.content.pop()
            self._kept = len(self._open)

    def _is_wanted(self, node: Node) -> bool:
        names = [*(one.name for one in self._open), node.name]
        return any(_fits(path, names) for path in self._paths)


def _fits(path: Sequence[str], names: Sequence[str]) -> bool:
    return len(path) == len(names) and all(one in ("*", name) for one, name in zip(path, names, strict=True))
