"""Which thread a page of an export belongs to: by the canonical key of its address, never by its title.

A page whose thread exists under the same key is matched. One whose partner id (`id:18`) already finds a thread is
matched only if that thread's own address has the same key: two blogs number their articles alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from widget.db.engine import Reader
from widget.errors import MalformedAddress
from widget.sites.site import Site
from widget.threads.address import canonical, page_key
from widget.threads.thread import one_line
from widget.transfer import store
from widget.transfer.own import OwnThread
from widget.transfer.record import ImportedPage
from widget.transfer.report import Report

LONGEST_TITLE = 200
_LONGEST_PARTNER_ID = 200
_MALFORMED = "the article's address is no http(s) address"

Moves = Sequence[tuple[str, str]]
"""Beginnings of addresses with what stands there now, for a site that has moved."""


@dataclass(slots=True)
class Target:
    """A thread that comments go to; `thread_id` is None where there is none and none is needed."""

    key: str
    url: str
    title: str
    aliases: list[str]
    closed: bool
    created_at: int | None
    thread_id: int | None = None
    thread_is_new: bool = False
    has_comments: bool = False
    """Whether any comment is new for it."""
    born_at: int = 0
    closed_at: int | None = None
    own: OwnThread | None = None
    """A thread of our own export: it is made with or without comments, as it was there."""

    @property
    def names(self) -> list[str]:
        """All that will find the thread."""
        return self.aliases if self.own else [self.key, *self.aliases]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why the comments of a page go nowhere."""

    reason: str


async def match_pages(
    db: Reader, site: Site, pages: Iterable[ImportedPage], keep_query: Sequence[str], moves: Moves
) -> tuple[list[Target], dict[str, int], dict[str, Unmatched]]:
    """The threads, each page's thread by number, and the pages without one. Pages are named by their source ids."""
    targets: dict[str, Target] = {}
    places: dict[str, int] = {}
    numbers: dict[str, int] = {}
    unmatched: dict[str, Unmatched] = {}
    keep = tuple({*site.rules.keep_query, *keep_query})
    for page in pages:
        found = target_of(site, page, keep, moves)
        if isinstance(found, Unmatched):
            unmatched[page.source_id] = found
            continue
        numbers.setdefault(found.key, len(numbers))
        places[page.source_id] = numbers[found.key]
        _merge(targets, found)
    await _find_threads(db, site, targets, keep)
    return list(targets.values()), places, unmatched


def note_hidden_addresses(site: Site, targets: Iterable[Target], report: Report) -> None:
    """Tell of threads whose key holds a query parameter that the site's rules drop: their address won't find them."""
    for target in targets:
        query = target.key.partition("?")[2]
        if query and page_key(target.url, site.rules.keep_query) != target.key:
            names = ",".join(part.partition("=")[0] for part in query.split("&"))
            report.change(f"addresses found only after `site set {site.slug} keep_query={names}`", target.url)


def target_of(site: Site, page: ImportedPage, keep: tuple[str, ...], moves: Moves) -> Target | Unmatched:
    """The thread that a page's address alone stands for, or why it stands for none."""
    if page.hidden:
        return Unmatched(page.hidden)
    try:
        address = canonical(_whole(site, _moved(page.url, moves)))
        key = page_key(address.url, keep)
    except MalformedAddress:
        return Unmatched(_MALFORMED)
    origin = _own_origin(site, address.origin)
    if origin is None:
        own = site.origins[0] if site.origins else "https://your.example"
        return Unmatched(
            f"{address.origin} is not an origin of {site.slug}: add `--map {address.origin}={own}` if it has moved here"
        )
    ids = (one_line(one)[:_LONGEST_PARTNER_ID] for one in page.partner_ids)
    return Target(
        key=key,
        url=origin + address.url.removeprefix(address.origin),
        title=one_line(page.title)[:LONGEST_TITLE],
        aliases=[f"id:{one}" for one in ids if one],
        closed=page.closed,
        created_at=page.created_at,
    )


def _whole(site: Site, url: str) -> str:
    """A path alone belongs to the site's first origin."""
    is_path = url.startswith("/") and not url.startswith("//")
    return f"{site.origins[0]}{url}" if is_path and site.origins else url


def _moved(url: str, moves: Moves) -> str:
    """The longest beginning that fits counts; it ends where a host, a folder or the address ends."""
    for old, new in sorted(moves, key=lambda move: -len(move[0])):
        rest = url.removeprefix(old)
        if len(rest) < len(url) and (not rest or old.endswith("/") or rest[0] in "/?#"):
            return new + rest
    return url


def _own_origin(site: Site, origin: str) -> str | None:
    """The site's origin of that host and port: many exports still say http."""
    host = urlsplit(origin).netloc
    same = [own for own in site.origins if urlsplit(own).netloc == host]
    return origin if origin in same else same[0] if same else None


def _merge(targets: dict[str, Target], page: Target) -> None:
    known = targets.setdefault(page.key, page)
    if known is page:
        return
    known.aliases += [alias for alias in page.aliases if alias not in known.aliases]
    known.title = known.title or page.title
    known.closed = known.closed and page.closed


async def _find_threads(db: Reader, site: Site, targets: dict[str, Target], keep: tuple[str, ...]) -> None:
    wanted = [alias for target in targets.values() for alias in (target.key, *target.aliases)]
    found = {alias: (id_, url) for alias, id_, url in await store.threads_of(db, site.id, wanted)}
    for target in targets.values():
        if target.key in found:
            target.thread_id = found[target.key][0]
            continue
        same = (found[alias] for alias in target.aliases if alias in found)
        target.thread_id = next((id_ for id_, url in same if _key_or_none(url, keep) == target.key), None)


def _key_or_none(url: str, keep: tuple[str, ...]) -> str | None:
    try:
        return page_key(url, keep)
    except MalformedAddress:
        return None
