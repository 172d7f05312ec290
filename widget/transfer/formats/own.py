"""Reading our own export (JSON lines, docs/formats.md): exact where other readers are kind, and trusted no more.

- A file that was cut off or changed on its way is told by its counts and its SHA-256 before anything is written.
- Who has changed it on purpose takes `sha256` out of the header; the counts still have to fit.
- Texts are settled and HTML is cleaned like everybody else's when they become rows (rows_own.py).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from widget import ids
from widget.comments.comment import State
from widget.transfer.json_stream import LONGEST_VALUE
from widget.transfer.opening import JSON, Meter, Part, open_export
from widget.transfer.own import COUNTED, FORMAT, VERSION, OwnComment, OwnThread, Revision
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.times import read_time
from widget.transfer.values import flag_of, inside, rows_of, text_of, whole_of

_Fields = dict[str, Any]
_MOST = (1 << 31) - 1


def read_own(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of one or several exports. Raises BrokenExport, with the line."""
    yield ImportedSource(FORMAT)
    for path in paths:
        for part in open_export(path, meter, JSON):
            yield from _File(part).records()


class _File:
    """One file while it is read: what it promised, and what has come so far."""

    def __init__(self, part: Part) -> None:
        self._name = part.name
        self._lines = _lines(part)
        self._number = 0
        self._digest = sha256()
        self._found: Counter[str] = Counter()

    def records(self) -> Iterator[Record]:
        head = self._head()
        for line in self._lines:
            self._number += 1
            self._digest.update(line)
            if not line.strip():
                continue
            fields = self._fields(line)
            match fields.get("type"):
                case "thread":
                    yield self._thread(fields)
                case "comment":
                    yield self._comment(fields)
                case _:
                    self._refuse("it is neither a thread nor a comment")
        self._compare(head)

    def _head(self) -> _Fields:
        self._number = 1
        head = self._fields(next(self._lines, b"{}"))
        version = head.get("version")
        if head.get("format") != FORMAT or not isinstance(version, int):
            raise BrokenExport(f"{self._name} is no export of ours: make one with `comment-widget export --site SLUG`.")
        if version > VERSION:
            raise BrokenExport(
                f"{self._name} was written by a newer version of this program (format {version}, here {VERSION}): "
                "update this one and import again."
            )
        if version < VERSION:
            raise BrokenExport(
                f"{self._name} is in format {version}, which lacks what an import needs: export the site once more."
            )
        return head

    def _compare(self, head: _Fields) -> None:
        for name in COUNTED:
            if head.get(name) != self._found[name]:
                raise BrokenExport(
                    f"{self._name} holds {self._found[name]:,} {name} where its first line says {head.get(name)}: "
                    "it is not whole, or was changed; copy it again. Nothing was imported."
                )
        digest = head.get("sha256")
        if digest is not None and digest != self._digest.hexdigest():
            raise BrokenExport(
                f"{self._name} has changed since it was written (its checksum doesn't fit): copy it again. If you "
                'changed it yourself, take "sha256" out of its first line. Nothing was imported.'
            )

    def _fields(self, line: bytes) -> _Fields:
        try:
            fields = json.loads(line.decode(), parse_constant=_no_constant)
        except UnicodeDecodeError:
            self._refuse("it isn't UTF-8")
        except (ValueError, RecursionError):
            self._refuse("it is no JSON, or only a part of a line")
        if not isinstance(fields, dict):
            self._refuse("it is no JSON object")
        return fields

    def _refuse(self, what: str) -> NoReturn:
        raise BrokenExport(f"{self._name}, line {self._number}: {what}; copy the file again (nothing was imported).")

    def _id(self, fields: _Fields, name: str) -> int:
        id_ = ids.decode(_text(fields, name))
        if not id_:
            self._refuse(f"`{name}` is missing or no id of ours")
        return id_

    def _thread(self, fields: _Fields) -> ImportedPage:
        id_ = self._id(fields, "id")
        listed = fields.get("aliases")
        aliases = tuple(_settled(one) for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
        self._found += Counter(threads=1, aliases=len(aliases))
        own = OwnThread(
            id=id_,
            aliases=aliases,
            closed_at=_time(fields, "closed_at"),
            closed_reason=_text(fields, "closed_reason"),
            reopened_at=_time(fields, "reopened_at"),
            replies_only=flag_of(fields, "replies_only"),
            announcement=_text(fields, "announcement"),
        )
        created_at = _time(fields, "created_at")
        return ImportedPage(
            ids.encode(id_), _text(fields, "url"), _text(fields, "title"), created_at=created_at, own=own
        )

    def _comment(self, fields: _Fields) -> ImportedComment:
        id_ = self._id(fields, "id")
        try:
            state = State(_text(fields, "state"))
        except ValueError:
            self._refuse("`state` is none of ours")
        own = self._own(id_, fields)
        likes, dislikes = whole_of(fields, "likes"), whole_of(fields, "dislikes")
        self._found += Counter(comments=1, revisions=len(own.history), originals=int("original" in fields))
        self._found["likes"] += likes
        self._found["dislikes"] += dislikes
        return ImportedComment(
            source_id=ids.encode(id_),
            page=ids.encode(self._id(fields, "thread")),
            state=state,
            body=_text(fields, "body"),
            body_kind=BodyKind.MARKDOWN,
            parent_source_id=ids.encode(self._id(fields, "parent")) if fields.get("parent") is not None else "",
            author_name=_text(fields, "name"),
            author_website=_text(fields, "website"),
            created_at=_time(fields, "created_at"),
            edited_at=_time(fields, "edited_at"),
            likes=min(max(likes, 0), _MOST),
            dislikes=min(max(dislikes, 0), _MOST),
            pinned=flag_of(fields, "pinned"),
            own=own,
        )

    def _own(self, id_: int, fields: _Fields) -> OwnComment:
        origin, original = inside(fields, "origin"), inside(fields, "original")
        return OwnComment(
            id=id_,
            html=_text(fields, "html") if "html" in fields else None,
            staff=flag_of(fields, "staff"),
            amended=flag_of(fields, "amended"),
            featured=flag_of(fields, "featured"),
            revision=min(max(whole_of(fields, "revision"), 0), _MOST),
            withdrawn_at=_time(fields, "withdrawn_at"),
            origin=_text(origin, "source")[:200],
            origin_id=_text(origin, "id")[:400],
            original_kind=_text(original, "kind"),
            original=_text(original, "text"),
            history=tuple(self._revision(one) for one in rows_of(fields, "history")),
        )

    def _revision(self, fields: _Fields) -> Revision:
        written_at = _time(fields, "written_at")
        if written_at is None:
            self._refuse("`written_at` of an earlier text is missing or no time")
        return Revision(
            revision=min(max(whole_of(fields, "revision"), 0), _MOST),
            name=_text(fields, "name"),
            body=_text(fields, "body"),
            html=_text(fields, "html") if "html" in fields else None,
            written_at=written_at,
        )


def _lines(part: Part) -> Iterator[bytes]:
    """The lines, each with its newline. Raises BrokenExport for one without end."""
    rest: list[bytes] = []
    length = 0
    for chunk in part.chunks:
        *whole, last = chunk.split(b"\n")
        for piece in whole:
            yield b"".join([*rest, piece, b"\n"])
            rest, length = [], 0
        rest.append(last)
        length += len(last)
        if length > 4 * LONGEST_VALUE:
            raise BrokenExport(f"{part.name} holds a line of more than {4 * LONGEST_VALUE >> 20} megabytes.")
    if length:
        yield b"".join(rest)


def _text(fields: _Fields, name: str) -> str:
    return _settled(text_of(fields, name))


def _settled(text: str) -> str:
    """What a database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _time(fields: _Fields, name: str) -> int | None:
    return read_time(text_of(fields, name))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
