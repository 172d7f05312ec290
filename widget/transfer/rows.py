"""The rows that an import writes, from what its plan says and what came in the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from widget.comments.comment import State
from widget.sites.site import Site
from widget.spam.verdict import Outcome, Verdict
from widget.transfer import store
from widget.transfer.content import Content, is_email
from widget.transfer.lineage import NONE
from widget.transfer.matching import Target
from widget.transfer.own import OwnComment
from widget.transfer.plan import Plan
from widget.transfer.report import Report
from widget.transfer.store_own import RevisionRow
from widget.transfer.store_spool import Spool

_VERDICT = Verdict(Outcome.IMPORTED, ()).as_json()
_FOREIGN = OwnComment(0)

Marked = Callable[[str], str]
"""What is kept of an e-mail address: its keyed hash."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import that has been worked out; the spool it stands on must still be open."""

    site: Site
    spool: Spool
    plan: Plan
    report: Report
    run_id: int
    marked: Marked | None = None
    """None: nothing is kept of e-mail addresses."""
    moved: dict[int, int] = field(default_factory=dict)
    """Threads that somebody else has made since the plan: the id that was planned, and the one that is."""

    def __len__(self) -> int:
        """How many comments will be written."""
        return len(self.plan.order)

    def bare_threads(self) -> list[Target]:
        """The threads of our own export that are made without a comment."""
        return [one for one in self.plan.targets if one.thread_is_new and not one.has_comments]


def rows_of(job: Import, chunk: Sequence[int], contents: Sequence[Content]) -> list[store.CommentRow]:
    """The rows of these comments, by their numbers."""
    below = _approved_below(job, chunk)
    return [_row(job, number, content, below[number]) for number, content in zip(chunk, contents, strict=True)]


def originals_of(job: Import, chunk: Sequence[int], contents: Sequence[Content]) -> list[store.OriginalRow]:
    """The texts of these comments as they came, so that a later version can read them again."""
    return [_original(job, number, content) for number, content in zip(chunk, contents, strict=True)]


def earlier_of(job: Import, chunk: Sequence[int], contents: Sequence[Content]) -> list[RevisionRow]:
    """What our own comments said before they were edited."""
    return [
        RevisionRow(job.site.id, job.plan.tree.id[number], *one)
        for number, content in zip(chunk, contents, strict=True)
        for one in content.earlier
    ]


def _original(job: Import, number: int, content: Content) -> store.OriginalRow:
    id_ = job.plan.tree.id[number]
    born = job.plan.born[number] if content.own else 0
    return store.OriginalRow(
        site_id=job.site.id,
        comment_id=id_,
        run_id=job.run_id,
        kind=content.kind,
        packed=content.packed,
        digest=content.digest,
        born_id=born if born not in (0, id_) else None,
        email_mark=_mark(job, job.plan.state_of(number), content),
    )


def _approved_below(job: Import, chunk: Sequence[int]) -> dict[int, int]:
    """How many approved replies each comment gets within its own chunk. Replies stand behind what they answer."""
    below = dict.fromkeys(chunk, 0)
    for number in reversed(chunk):
        parent = job.plan.tree.parent[number]
        if parent in below:
            below[parent] += below[number] + (job.plan.state_of(number) is State.APPROVED)
    return below


def approved_above(job: Import, chunk: Sequence[int]) -> dict[int, int]:
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


def _row(job: Import, number: int, content: Content, replies: int) -> store.CommentRow:
    tree, state = job.plan.tree, job.plan.state_of(number)
    parent = tree.parent[number]
    _tell(job, state, content)
    source, source_id = _known_by(job, number, content)
    own = content.own or _FOREIGN
    is_pinned = content.pinned and parent == NONE and state is State.APPROVED and number not in job.plan.unpinned
    return store.CommentRow(
        site_id=job.site.id,
        id=tree.id[number],
        thread_id=thread_of(job.plan.targets[job.plan.place[number]]),
        parent_id=None if parent == NONE else tree.id[parent],
        root_id=tree.root[number],
        depth=tree.depth[number],
        state=state,
        shown=int(state is State.APPROVED or replies > 0),
        replies=replies,
        author_name=content.name,
        author_email="",
        author_website=content.website,
        body=content.text,
        body_html=content.html,
        fingerprint=content.fingerprint,
        verdict=_VERDICT,
        created_at=tree.created[number],
        edited_at=content.edited_at,
        likes=content.likes,
        dislikes=content.dislikes,
        pinned=int(is_pinned),
        source=source,
        source_id=source_id,
        featured=int(own.featured),
        staff=int(own.staff),
        amended=int(own.amended),
        revision=own.revision,
        withdrawn_at=own.withdrawn_at,
        words=content.words,
    )


def _tell(job: Import, state: State, content: Content) -> None:
    report = job.report
    report.comments[state] += 1
    report.staff += content.own.staff if content.own else 0
    if content.truncated:
        report.change("text cut at its end", content.source_id)
    if content.changed:
        report.change("markup that isn't allowed was taken out of the text", content.source_id)
    if content.email:
        _tell_email(job, state, content)


def _tell_email(job: Import, state: State, content: Content) -> None:
    if _mark(job, state, content):
        job.report.emails_hashed += 1
    elif job.marked is None or is_email(content.email):
        job.report.emails_dropped += 1
    else:
        job.report.change("e-mail address that is none, left out", content.source_id)


def _known_by(job: Import, number: int, content: Content) -> tuple[str | None, str | None]:
    """Source and source id; our own comments have one only if they came from elsewhere, or lost their id to another."""
    if content.own is None:
        return job.plan.source, content.source_id
    origin = (content.own.origin, content.own.origin_id) if content.own.origin else (None, None)
    return job.plan.keys.get(number, origin)


def _mark(job: Import, state: State, content: Content) -> str:
    """What is kept of the author's address: nothing, or where it was asked for its keyed hash."""
    if job.marked is None or state is State.DELETED or not is_email(content.email):
        return ""
    return job.marked(content.email)


def thread_of(target: Target) -> int:
    """The id of a thread that the plan has found or given one."""
    if target.thread_id is None:
        raise LookupError(target.key)
    return target.thread_id
