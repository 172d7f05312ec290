"""The discussion (discussion.py) as every system would export it, and what each format can say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.transfer import exports_light, exports_platforms, exports_servers
from tests.transfer.discussion import DELETED, PENDING, REJECTED, REPLY, ROOT, SPAM, STATES


@dataclass(frozen=True, slots=True)
class Case:
    """A format: how the discussion is written in it, which comments it can hold, and what else it can say."""

    name: str
    write: Callable[[Path], Path]
    who: tuple[str, ...] = (ROOT, REPLY)
    likes: int = 0
    dislikes: int = 0
    says: frozenset[str] = frozenset()
    """Of `threads`, `titles`, `emails`, `websites`, `edits`, `pins`, `closed`."""
    lost: str = ""
    """What of theirs doesn't come along, and why; for docs/importing.md."""


_ALL = frozenset({"threads", "titles", "emails", "websites"})
_NO_MAIL = _ALL - {"emails"}
CASES = (
    Case(
        "jsonl",
        exports_platforms.own,
        tuple(STATES),
        3,
        1,
        _NO_MAIL | {"edits", "pins", "closed"},
        lost="e-mail addresses, people, log, reports: never in the file ([fields](formats.md))",
    ),
    Case("wordpress", exports_servers.wordpress, (ROOT, REPLY, PENDING, SPAM), says=_ALL | {"closed"}),
    Case(
        "disqus",
        exports_servers.disqus,
        (ROOT, REPLY, SPAM, DELETED),
        says=_ALL - {"websites"} | {"closed"},
        lost="votes: not in the file",
    ),
    Case("isso", exports_servers.isso, (ROOT, REPLY, PENDING, DELETED), 3, 1, _ALL | {"edits"}),
    Case("isso", exports_servers.isso_json, says=_ALL - {"threads"}, lost="threading, states: not in its JSON"),
    Case(
        "remark42",
        exports_servers.remark42,
        (ROOT, REPLY, DELETED),
        3,
        1,
        frozenset({"threads", "titles", "edits", "pins", "closed"}),
        lost="texts of deleted comments: already gone there",
    ),
    Case(
        "commento",
        exports_servers.commento,
        (ROOT, REPLY, PENDING, SPAM, DELETED),
        3,
        0,
        frozenset({"threads", "emails"}),
        lost="titles: not in the file; votes against are summed with those for",
    ),
    Case(
        "comentario",
        exports_servers.comentario,
        (ROOT, REPLY, PENDING, REJECTED, DELETED),
        3,
        0,
        _ALL | {"edits", "pins", "closed"},
        lost="votes against are summed with those for",
    ),
    Case(
        "artalk",
        exports_light.artalk,
        (ROOT, REPLY, PENDING),
        3,
        1,
        _ALL | {"pins", "closed"},
        lost="badges: here they say who moderates",
    ),
    Case(
        "waline",
        exports_light.waline,
        (ROOT, REPLY, PENDING, SPAM),
        3,
        0,
        _ALL - {"titles"} | {"pins"},
        lost="passwords: refused",
    ),
    Case("valine", exports_light.valine, says=_ALL - {"titles"}, lost="titles: not in the file"),
    Case(
        "twikoo",
        exports_light.twikoo,
        (ROOT, REPLY, SPAM),
        3,
        0,
        _ALL - {"titles"} | {"pins"},
        lost="titles: not in the file",
    ),
    Case(
        "cusdis", exports_light.cusdis, (ROOT, REPLY, PENDING, DELETED), says=frozenset({"threads", "titles", "emails"})
    ),
    Case(
        "coral",
        exports_platforms.coral,
        (ROOT, REPLY, PENDING, REJECTED),
        says=frozenset({"threads", "titles", "emails", "closed"}),
        lost="reactions: another collection, not votes",
    ),
    Case(
        "coral", exports_platforms.coral_csv, (ROOT, REPLY, REJECTED), says=frozenset({"threads", "titles", "emails"})
    ),
    Case(
        "discourse",
        exports_platforms.discourse,
        (ROOT, REPLY),
        3,
        0,
        frozenset({"threads", "titles", "closed"}),
        lost="whispers, staff notes: skipped",
    ),
    Case(
        "hashover",
        exports_light.hashover,
        (ROOT, REPLY, PENDING),
        3,
        1,
        _NO_MAIL,
        lost="e-mail addresses: encrypted there",
    ),
    Case(
        "staticman",
        exports_light.staticman,
        says=_NO_MAIL - {"titles"},
        lost="e-mail addresses: only their MD5 is there",
    ),
    Case("blogger", exports_platforms.blogger, says=_NO_MAIL, lost="e-mail addresses: never in the file"),
    Case(
        "ghost",
        exports_platforms.ghost,
        (ROOT, REPLY, REJECTED),
        says=frozenset({"threads", "titles", "emails", "edits"}),
    ),
    Case(
        "intensedebate",
        exports_platforms.intensedebate,
        (ROOT, REPLY),
        3,
        0,
        _ALL,
        lost="what wasn't public: not in the file",
    ),
)
