"""Which comments of a file are here already, and which only have the same id as another comment.

1. A comment is known by its source and its id there; one of our own exports by the id it was born with, else by where
   it had been imported from.
2. Two databases of the same system count from one alike, so an id alone proves nothing. The same comment is one that
   agrees in its moment and in its author or its text, or in both of these: whoever edits his text there, or whose
   clock was mended here, stays himself. What is deleted in the file is compared by its moment alone.
3. What only has the same id gets one of its own, made of its digest, so that the next run knows it again.

The digest is short (32 bits each for author and text): enough to tell two comments of one id apart, too little to
find out from it who wrote. It is made of the file's text, so nothing that moderators or readers do here changes it.
"""

from collections.abc import Mapping
from hashlib import blake2b

from widget.comments.comment import State
from widget.db.engine import Reader
from widget.sites.site import Site
from widget.transfer import own, store_known
from widget.transfer.plan import Key
from widget.transfer.record import ImportedComment
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool
from widget.transfer.times import is_in_future

_HALF = 8
_CLASH = "another comment here has the same id: imported beside it"


def digest_of(comment: ImportedComment) -> str:
    """Of author and text as they came; empty where both are gone."""
    if comment.state is State.DELETED:
        return ""
    return _short(comment.author_name) + _short(comment.body)


async def recognise_foreign(
    db: Reader, site: Site, source: str, some: Mapping[int, str], spool: Spool, report: Report, now: int
) -> dict[int, store_known.Kept]:
    """Those of these comments (number and source id) that are here, by number. Others of the same id are renamed."""
    found = await _look_up(db, site, {number: (source, id_) for number, id_ in some.items()})
    comments = spool.comments(list(found))
    same = {number: kept for number, kept in found.items() if _is_same(kept, comments[number], now)}
    clashing = {number: comments[number] for number in found if number not in same}
    renamed = {number: _own_name(one.source_id, one) for number, one in clashing.items()}
    for number, id_ in renamed.items():
        report.change(_CLASH, clashing[number].source_id)
        spool.rename(number, id_)
    return same | await _look_up(db, site, {number: (source, id_) for number, id_ in renamed.items()})


async def recognise_own(
    db: Reader, site: Site, some: Mapping[int, tuple[int, Key | None]], spool: Spool, report: Report, now: int
) -> tuple[dict[int, store_known.Kept], dict[int, Key], set[int]]:
    """Those of our own comments (number, id and origin) that are here; what others are to be known by; who lost his id.

    A comment without an origin is known by its id alone.
    """
    ids = {id_: number for number, (id_, _) in some.items()}
    found = {ids[born]: kept for born, kept in (await store_known.born_of(db, site.id, list(ids))).items()}
    comments = spool.comments(list(found))
    here = {number: kept for number, kept in found.items() if _is_same(kept, comments[number], now)}
    lost = set(found) - set(here)
    keys = {number: key for number, (_, key) in some.items() if key and number not in here}
    keys |= {one: (own.FORMAT, _own_name(comments[one].source_id, comments[one])) for one in lost if one not in keys}
    found = await _look_up(db, site, keys)
    comments = spool.comments(list(found))
    for number, kept in found.items():
        if _is_same(kept, comments[number], now):
            here[number] = kept
        else:
            keys[number] = (keys[number][0], _own_name(keys[number][1], comments[number]))
    beside = {number: keys[number] for number in found if number not in here}
    here |= await _look_up(db, site, beside)
    for number in (lost | set(beside)) - set(here):
        report.change(_CLASH, spool.comments([number])[number].source_id)
    return here, keys, lost


async def _look_up(db: Reader, site: Site, keys: Mapping[int, Key]) -> dict[int, store_known.Kept]:
    numbers = {key: number for number, key in keys.items()}
    found: dict[int, store_known.Kept] = {}
    for source in {source for source, _ in numbers}:
        ids = [id_ for one, id_ in numbers if one == source]
        for kept in await store_known.kept_of(db, site.id, source, ids):
            found[numbers[source, kept.source_id]] = kept
    return found


def _is_same(kept: store_known.Kept, comment: ImportedComment, now: int) -> bool:
    moment = comment.created_at
    is_then = moment is None or is_in_future(moment, now) or moment == kept.created_at
    digest = digest_of(comment)
    if not digest or not kept.digest:
        return is_then
    author, text = digest[:_HALF] == kept.digest[:_HALF], digest[_HALF:] == kept.digest[_HALF:]
    return (author and text) or (is_then and (author or text))


def _own_name(source_id: str, comment: ImportedComment) -> str:
    return f"{source_id[:360]}#{comment.created_at or 0}-{digest_of(comment)}"


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_HALF // 2).hexdigest()
