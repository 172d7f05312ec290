"""Reading WordPress's export (WXR 1.0 to 1.2): one XML file, one gzip, or a ZIP or list of several of the same blog.

What the format leaves to its reader (found in exports of the wild):
- `comment_date_gmt` counts; where it is `0000-00-00 00:00:00` or missing, the local date with the blog's offset, which
  the entries before it tell. Without either the comment has no time and `reading.py` takes its neighbour's.
- A comment's text is HTML in which newlines are breaks. E-mail addresses end in newlines. Any element may be CDATA.
- Ping- and trackbacks, and what plug-ins keep as comments (order notes of a shop), are not comments: skipped, counted.
- Comments of articles that aren't public (password, private, draft, trash) must not be published by an import.
- Plug-ins that export for other comment services add `dsq:thread_identifier`: a further name of the page.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from widget.comments.comment import State
from widget.threads.address import WORDPRESS_KEEP
from widget.transfer.formats.wordpress_words import (
    COMMENT_TYPES,
    ENTERED,
    HIDDEN,
    NAMESPACE,
    NONE,
    NOWHERE,
    STATES,
    TIMES,
    WANTED,
)
from widget.transfer.opening import Meter, Part, open_export
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
    Skipped,
)
from widget.transfer.times import offset_between, read_gmt
from widget.transfer.xml_stream import DEEPEST, TooDeep, read_xml

_LONGEST_TEXT = 1 << 20
_AS_UTC = "time without GMT: its local date taken for UTC"
_WITH_OFFSET = "time without GMT: its local date and the blog's offset"
_Fields = dict[str, str]


def read_wordpress(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of a blog's export, in the order of the files. `meter` follows the reading.

    Raises BrokenExport where a file isn't a WordPress export or isn't well-formed, with line and column.
    """
    number = 0
    for path in paths:
        for part in open_export(path, meter):
            number += 1
            yield from _read(part, f"{number}")


def _read(part: Part, number: str) -> Iterator[Record]:
    listener = _Listener(part.name, number)
    for _ in read_xml(part, listener):
        yield from listener.take()
    if listener.repairs:
        yield Noticed(part.name, "bytes that XML or the encoding forbids were replaced", listener.repairs)


class _Listener:
    """Gathers the fields of the element being read and, at its end, its record."""

    def __init__(self, name: str, number: str) -> None:
        self.repairs = 0
        self._name = name
        self._number = number
        self._prefix = "wp:"
        self._records: list[Record] = []
        self._standing = [""]
        self._wanted = NONE
        self._fields: dict[str, _Fields] = {name: {} for name in WANTED}
        self._pieces: list[str] | None = None
        self._gathered = 0
        self._items = 0
        self._named = False
        self._offset: int | None = None

    def take(self) -> list[Record]:
        """What has been gathered since the last time."""
        taken, self._records = self._records, []
        return taken

    def start(self, name: str, attributes: dict[str, str]) -> None:
        standing = self._standing
        if len(standing) == 1:
            self._read_root(attributes)
        name = self._canonical(name)
        if name in self._wanted:
            self._pieces, self._gathered = [], 0
            place = NOWHERE
        else:
            place = ENTERED.get((standing[-1], name), NOWHERE)
        standing.append(place)
        self._wanted = WANTED.get(place, NONE)
        if place == "item":
            self._items += 1
        if len(standing) > DEEPEST + 1:
            raise TooDeep

    def text(self, piece: str) -> None:
        if self._pieces is not None and self._gathered < _LONGEST_TEXT:
            self._pieces.append(piece[: _LONGEST_TEXT - self._gathered])
            self._gathered += len(piece)

    def end(self, name: str) -> None:
        ended = self._standing.pop()
        place = self._standing[-1]
        self._wanted = WANTED.get(place, NONE)
        if ended == "wp:comment":
            self._records.append(self._comment(self._taken(ended)))
        elif ended == "item":
            self._end_item(self._taken(ended))
        elif self._pieces is not None and (name := self._canonical(name)) in self._wanted:
            self._fields[place][name] = "".join(self._pieces).strip()
            self._pieces = None
            if name in TIMES:
                self._learn_offset(name, self._fields[place])

    def _read_root(self, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if name.startswith("xmlns:") and value.startswith(NAMESPACE) and not value.endswith("excerpt/"):
                self._prefix = name.removeprefix("xmlns:") + ":"
                return
        raise BrokenExport(
            f"{self._name} is no WordPress export (its root declares no {NAMESPACE}...): "
            "make one in WordPress under Tools, Export, All content."
        )

    def _canonical(self, name: str) -> str:
        if self._prefix != "wp:" and name.startswith(self._prefix):
            return f"wp:{name[len(self._prefix) :]}"
        return name

    def _taken(self, element: str) -> _Fields:
        fields, self._fields[element] = self._fields[element], {}
        return fields

    def _learn_offset(self, name: str, fields: _Fields) -> None:
        """A local date beside its GMT tells how far the blog's clock is from UTC at that time of the year."""
        local = name.removesuffix("_gmt")
        offset = offset_between(fields.get(local, ""), fields.get(f"{local}_gmt", ""))
        self._offset = self._offset if offset is None else offset

    def _page(self) -> str:
        return f"{self._number}.{self._items}"

    def _end_item(self, fields: _Fields) -> None:
        url = fields.get("link", "")
        if not self._named:
            self._named = True
            channel = self._fields["channel"]
            blog = channel.get("wp:base_blog_url") or channel.get("link")
            self._records.append(_source(blog or re.sub(r"(//[^/?#]*).*", r"\1", url, flags=re.DOTALL)))
        post_id, thread = fields.get("wp:post_id", ""), fields.get("dsq:thread_identifier", "")
        self._records.append(
            ImportedPage(
                source_id=self._page(),
                url=url,
                title=fields.get("title", ""),
                partner_ids=tuple(dict.fromkeys(one for one in (post_id, thread) if one)),
                closed=fields.get("wp:comment_status") == "closed",
                hidden=_hidden(fields),
                created_at=self._time(fields, "wp:post_date"),
            )
        )

    def _comment(self, fields: _Fields) -> Record:
        source_id = fields.get("wp:comment_id") or _own_id(fields)
        kind = fields.get("wp:comment_type", "").lower()
        if kind not in COMMENT_TYPES:
            return Skipped(source_id, f"not a comment but a {kind[:40]}")
        parent = fields.get("wp:comment_parent", "")
        return ImportedComment(
            source_id=source_id,
            page=self._page(),
            parent_source_id="" if parent == "0" else parent,
            state=self._state(source_id, fields.get("wp:comment_approved", "")),
            body=fields.get("wp:comment_content", ""),
            body_kind=BodyKind.BROKEN_LINES,
            author_name=fields.get("wp:comment_author", ""),
            author_email=fields.get("wp:comment_author_email", ""),
            author_website=fields.get("wp:comment_author_url", ""),
            created_at=self._comment_time(source_id, fields),
        )

    def _state(self, source_id: str, approved: str) -> State:
        if approved not in STATES:
            self._records.append(Noticed(source_id, f"unknown state {approved[:20]!r}, held as pending"))
        return STATES.get(approved, State.PENDING)

    def _comment_time(self, source_id: str, fields: _Fields) -> int | None:
        if read_gmt(fields.get("wp:comment_date_gmt", "")) is None and read_gmt(fields.get("wp:comment_date", "")):
            self._records.append(Noticed(source_id, _AS_UTC if self._offset is None else _WITH_OFFSET))
        return self._time(fields, "wp:comment_date")

    def _time(self, fields: _Fields, local: str) -> int | None:
        moment = read_gmt(fields.get(f"{local}_gmt", ""))
        if moment is not None:
            return moment
        guess = read_gmt(fields.get(local, ""))
        return None if guess is None else guess - (self._offset or 0)


def _hidden(fields: _Fields) -> str:
    if fields.get("wp:post_password"):
        return "the article is behind a password"
    return HIDDEN.get(fields.get("wp:status", ""), "")


def _source(blog_url: str) -> ImportedSource:
    """Ids are unique per blog, and blogs of one network differ by path: scheme and `www.` don't matter."""
    parts = urlsplit(re.sub(r"[\x00-\x20\[\]]", "", blog_url))
    host = parts.netloc.lower().rpartition("@")[2].removeprefix("www.")
    return ImportedSource(f"wordpress:{host}{parts.path.rstrip('/')}"[:200], WORDPRESS_KEEP)


def _own_id(fields: _Fields) -> str:
    """For a comment without an id: one made of all that it is, so that a second run knows it again."""
    text = "\0".join(f"{name}\0{fields[name]}" for name in sorted(fields))
    return "made-" + blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()
