"""Importing records of any format: gather, plan, write. Safe to repeat: what is here already stays as it is.

Each chunk of some hundred comments is one transaction, and after each the numbers kept with threads and comments are
right: an import that is killed leaves sound threads behind, only with fewer comments. Nobody is notified.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from widget.comments.comment import LONGEST_NAME, LONGEST_WEBSITE, State
from widget.comments.text import fingerprint, normalise_body, normalise_name
from widget.db.engine import Db, Tx
from widget.markup.links import safe_website
from widget.sites.site import Site
from widget.transfer import store
from widget.transfer.bodies import Body, body_of
from widget.transfer.gathering import gather
from widget.transfer.lineage import NONE
from widget.transfer.matching import Moves, Target
from widget.transfer.planning import Plan, plan_import
from widget.transfer.record import BodyKind, ImportedComment, Record
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool, open_spool

CHUNK = 400
_VERDICT = '{"verdict": "imported", "reasons": []}'
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s\x00-\x1f\x7f<>\"@]+@[^\s\x00-\x1f\x7f<>\"@]+")
_GONE = Body("", "", truncated=False, changed=False)


async def import_comments(db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = ()) -> Report:
    """Import all records into a site; comments that are here already are left alone.

    `moves` maps beginnings of the file's addresses to the site's own. Raises BrokenExport (nothing has been written),
    or what the database raises (whole chunks have been written: run it again).
    """
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now)
        async for _ in write(db, job):
            pass
    return job.report


async def rehearse_import(db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = ()) -> Report:
    """The report of the same import, without writing a row."""
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now)
        for _ in rehearse(job):
            pass
    return job.report


@dataclass(frozen=True, slots=True)
class Import:
    """An import that has been worked out; the spool it stands on must still be open."""

    site: Site
    spool: Spool
    plan: Plan
    report: Report

    def __len__(self) -> int:
        """How many comments will be written."""
        return len(self.plan.order)


async def prepare(db: Db, site: Site, records: Iterable[Record], spool: Spool, *, moves: Moves, now: int) -> Import:
    """Take all records in and work out what to write. Raises BrokenExport."""
    report = Report()
    source = gather(records, spool, report)
    plan = await plan_import(db, site, source, spool, report, moves=moves, now=now)
    return Import(site, spool, plan, report)


async def write(db: Db, job: Import) -> AsyncIterator[int]:
    """Write the chunks; after each, how many comments it held."""
    started: set[int] = set()
    for chunk in _chunks(job):
        async with db.transaction() as tx:
            await _write_chunk(tx, job, chunk, started)
        yield len(chunk)
    async with db.transaction() as tx:
        await store.take_stock(tx)


def rehearse(job: Import) -> Iterator[int]:
    """Go through the chunks without writing them, for the report's sake; after each, how many comments it held."""
    job.report.rehearsed = True
    for chunk in _chunks(job):
        _rows(job, chunk)
        yield len(chunk)


def _chunks(job: Import) -> Iterator[Sequence[int]]:
    for start in range(0, len(job.plan.order), CHUNK):
        yield job.plan.order[start : start + CHUNK]


async def _write_chunk(tx: Tx, job: Import, chunk: Sequence[int], started: set[int]) -> None:
    places = {job.plan.place[number] for number in chunk}
    await _make_threads(tx, job, [job.plan.targets[place] for place in sorted(places - started)])
    started |= places
    rows = _rows(job, chunk)
    await store.add_comments(tx, rows)
    approved = dict.fromkeys((row.thread_id for row in rows), 0)
    for row in rows:
        approved[row.thread_id] += row.state == State.APPROVED
    await store.count_replies(tx, job.site.id, _above(job, chunk))
    await store.count_approved(tx, job.site.id, approved)


async def _make_threads(tx: Tx, job: Import, targets: list[Target]) -> None:
    """A reader may have posted the first comment of an article since the plan was made: then his thread is the one."""
    new = [target for target in targets if target.thread_is_new]
    for alias, thread_id, _ in await store.threads_of(tx, job.site.id, [target.key for target in new]):
        target = next(target for target in new if target.key == alias)
        target.thread_id, target.thread_is_new = thread_id, False
    await store.add_threads(tx, [_thread(job, target) for target in new if target.thread_is_new])
    names = [(alias, _id_of(target)) for target in targets for alias in (target.key, *target.aliases)]
    await store.add_aliases(tx, job.site.id, names)


def _thread(job: Import, target: Target) -> store.ThreadRow:
    return store.ThreadRow(job.site.id, _id_of(target), target.url, target.title, target.born_at, target.closed_at)


def _id_of(target: Target) -> int:
    if target.thread_id is None:
        raise LookupError(target.key)
    return target.thread_id


def _rows(job: Import, chunk: Sequence[int]) -> list[store.CommentRow]:
    comments = job.spool.comments(chunk)
    below = _approved_below(job, chunk)
    return [_row(job, number, comments[number], below[number]) for number in chunk]


def _approved_below(job: Import, chunk: Sequence[int]) -> dict[int, int]:
    """How many approved replies each comment gets within its own chunk. Replies stand behind what they answer."""
    below = dict.fromkeys(chunk, 0)
    for number in reversed(chunk):
        parent = job.plan.tree.parent[number]
        if parent in below:
            below[parent] += below[number] + (job.plan.state_of(number) is State.APPROVED)
    return below


def _above(job: Import, chunk: Sequence[int]) -> dict[int, int]:
    """How many approved replies come below comments that were written before this chunk; by id."""
    below = _approved_below(job, chunk)
    above: dict[int, int] = {}
    for number in chunk:
        parent = job.plan.tree.parent[number]
        more = below[number] + (job.plan.state_of(number) is State.APPROVED)
        if parent != NONE and parent not in below and more:
            id_ = job.plan.tree.id[parent]
            above[id_] = above.get(id_, 0) + more
    return above


def _row(job: Import, number: int, comment: ImportedComment, replies: int) -> store.CommentRow:
    tree, state = job.plan.tree, job.plan.state_of(number)
    is_gone = state is State.DELETED
    body = _GONE if is_gone else _body(job, comment)
    parent = tree.parent[number]
    job.report.comments[state] += 1
    return store.CommentRow(
        site_id=job.site.id,
        id=tree.id[number],
        thread_id=_id_of(job.plan.targets[job.plan.place[number]]),
        parent_id=None if parent == NONE else tree.id[parent],
        root_id=tree.root[number],
        depth=tree.depth[number],
        state=state,
        shown=int(state is State.APPROVED or replies > 0),
        replies=replies,
        author_name="" if is_gone else normalise_name(comment.author_name)[:LONGEST_NAME],
        author_email="" if is_gone else _email(job, comment),
        author_website="" if is_gone else _website(comment.author_website),
        body=body.text,
        body_html=body.html,
        fingerprint=fingerprint(body.text),
        verdict=_VERDICT,
        created_at=tree.created[number],
        edited_at=comment.edited_at,
        source=job.plan.source,
        source_id=comment.source_id,
    )


def _body(job: Import, comment: ImportedComment) -> Body:
    body = body_of(normalise_body(comment.body), BodyKind(comment.body_kind))
    if body.truncated:
        job.report.change("text cut at its end", comment.source_id)
    if body.changed:
        job.report.change("markup that isn't allowed was taken out of the text", comment.source_id)
    return body


def _email(job: Import, comment: ImportedComment) -> str:
    email = comment.author_email.strip()
    if not email or (len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email)):
        return email
    job.report.change("e-mail address that is none, left out", comment.source_id)
    return ""


def _website(typed: str) -> str:
    website = safe_website(typed) if typed else None
    return website if website and len(website) <= LONGEST_WEBSITE else ""
