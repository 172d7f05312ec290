"""Every format by its name, and which one a file holds, told by its content and never by its name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from widget.transfer.decoded import encoding_of
from widget.transfer.formats.artalk import read_artalk
from widget.transfer.formats.blogger import read_blogger
from widget.transfer.formats.commento import read_commento
from widget.transfer.formats.coral import read_coral
from widget.transfer.formats.cusdis import read_cusdis
from widget.transfer.formats.discourse import read_discourse
from widget.transfer.formats.disqus import read_disqus
from widget.transfer.formats.ghost import read_ghost
from widget.transfer.formats.hashover import read_hashover
from widget.transfer.formats.intensedebate import read_intensedebate
from widget.transfer.formats.isso import read_isso
from widget.transfer.formats.own import read_own
from widget.transfer.formats.remark42 import read_remark42
from widget.transfer.formats.staticman import read_staticman
from widget.transfer.formats.twikoo import read_twikoo
from widget.transfer.formats.waline import read_waline
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import TEXT, Meter, open_export
from widget.transfer.record import BrokenExport, Record
from widget.transfer.store_foreign import is_sqlite, tables_in

Reader = Callable[[Iterable[Path], Meter], Iterator[Record]]
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Format:
    """How a system's export is read. `marks`: each line names words that its beginning holds, all of them."""

    name: str
    title: str
    read: Reader
    marks: tuple[tuple[str, ...], ...] = ()


FORMATS = (
    Format("jsonl", "Comment Widget", read_own, (('"format":"comment-widget"',),)),
    Format("wordpress", "WordPress", read_wordpress, (("wordpress.org/export/",),)),
    Format("disqus", "Disqus", read_disqus, (("<disqus", "disqus.com"),)),
    Format("blogger", "Blogger", read_blogger, (("<feed", "schemas.google.com/blogger"), ("<feed", "blogger.com"))),
    Format("intensedebate", "IntenseDebate", read_intensedebate, (("<output", "<blogpost"),)),
    Format("isso", "Isso", read_isso, (('"comments"', '"remote_addr"'),)),
    Format("remark42", "Remark42", read_remark42, (('"locator"',), ('"version"', '"users"', '"posts"'))),
    Format("commento", "Commento", read_commento, (('"commentHex"',), ('"version"', '"commenterHex"'))),
    Format("comentario", "Comentario", read_commento, (('"domainId"',), ('"pageId"', '"isApproved"'))),
    Format("artalk", "Artalk", read_artalk, (('"page_key"',), ("page_key:", "rid:"))),
    Format("valine", "Valine", read_waline, (('"results"', '"nick"'),)),
    Format("waline", "Waline", read_waline, (('"type"', '"waline"'), ('"insertedAt"', '"nick"'))),
    Format("twikoo", "Twikoo", read_twikoo, (('"nick"', '"mailMd5"'), ('"nick"', '"href"'))),
    Format("discourse", "Discourse", read_discourse, (('"post_stream"',),)),
    Format("coral", "Coral", read_coral, (('"storyID"',), ("author_id", "story_id"), ('"tenantID"',))),
    Format("cusdis", "Cusdis", read_cusdis, (("by_nickname",), ("projectId", "slug"))),
    Format(
        "ghost", "Ghost", read_ghost, (("subscribed_to_emails",), ('"post_id"', '"member_id"'), ("email,name,note",))
    ),
    Format("hashover", "HashOver", read_hashover, (("<comment>", "<body>"), ('"body"', '"login_id"'))),
    Format("staticman", "Staticman", read_staticman, (("message:", "date:"), ('"message"', '"_id"'))),
)
BY_NAME = {one.name: one for one in FORMATS}
AUTO = "auto"
_TABLES = {"threads": "isso", "Comment": "cusdis", "pages": "cusdis"}


def chosen(name: str, paths: Sequence[Path]) -> Format:
    """The format of that name; for `auto` the one that the files hold. Raises BrokenExport where they hold none."""
    return detected(paths) if name == AUTO else BY_NAME[name]


class UnknownFormat(BrokenExport):
    """The file fits none of the formats."""


def detected(paths: Sequence[Path]) -> Format:
    """The format of an export. Raises BrokenExport where it fits none, or several files are of several."""
    found = [_detected(path) for path in paths]
    if len({one.name for one in found}) > 1:
        names = " and ".join(dict.fromkeys(one.title for one in found))
        raise BrokenExport(f"The files come from {names}: import one after the other.")
    return found[0]


def _detected(path: Path) -> Format:
    name = _by_tables(path) if path.is_file() and is_sqlite(path) else _by_words(path)
    if name is None:
        raise UnknownFormat(
            f"{path.name} fits none of the formats we know: name yours, as in `comment-widget import disqus FILE`."
        )
    return BY_NAME[name]


def _by_words(path: Path) -> str | None:
    head = _head(path)
    fits = (one.name for one in FORMATS for words in one.marks if all(word in head for word in words))
    return next(fits, None)


def _head(path: Path) -> str:
    """The beginning of the export: of a folder or archive that of its first files."""
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        return "\n".join(_text(one.read_bytes()[:_HEAD]) for one in files[:5])
    meter = Meter(path.stat().st_size)
    return "\n".join(_text(next(part.chunks, b"")[:_HEAD]) for part in islice(open_export(path, meter, TEXT), 5))


def _text(start: bytes) -> str:
    return start.decode(encoding_of(start), "replace")


def _by_tables(path: Path) -> str | None:
    names = tables_in(path)
    return next((name for table, name in _TABLES.items() if table in names), None)
