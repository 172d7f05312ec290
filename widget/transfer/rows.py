"""The rows that an import writes, from what its plan says and what came in the file."""

import base64
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import LONGEST_WEBSITE, State
from widget.comments.text import fingerprint, normalise_body
from widget.markup.links import safe_website
from widget.sites.site import Site
from widget.spam.verdict import Outcome, Verdict
from widget.transfer import store
from widget.transfer.bodies import Body, body_of
from widget.transfer.lineage import NONE
from widget.transfer.matching import Target
from widget.transfer.own import OwnComment
from widget.transfer.planning import Plan
from widget.transfer.recognising import digest_of
from widget.transfer.record import BodyKind, ImportedComment
from widget.transfer.report import Report
from widget.transfer.rows_own import body_of_own, name_of, packed_of, revisions_of
from widget.transfer.store_own import RevisionRow
from widget.transfer.store_spool import Spool

_VERDICT = Verdict(Outcome.IMPORTED, ()).as_json()
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s\x00-\x1f\x7f<>\"@]+@[^\s\x00-\x1f\x7f<>\"@]+")
_FOREIGN = OwnComment(0)
_GONE = Body("", "", truncated=False, changed=False)


@dataclass(frozen=True, slots=True)
class Import:
    """An import that has been worked out; the spool it stands on must still be open."""

    site: Site
    spool: Spool
    plan: Plan
    report: Report
    run_id: int

    def __len__(self) -> int:
        """How many comments will be written."""
        return len(self.plan.order)

    def bare_threads(self) -> list[Target]:
        """The threads of our own export that are made without a comment."""
        return [one for one in self.plan.targets if one.thread_is_new and not one.has_comments]


def rows_of(job: Import, chunk: Sequence[int]) -> list[store.CommentRow]:
    """The rows of these comments, by their numbers."""
    comments = job.spool.comments(chunk)
    below = _approved_below(job, chunk)
    return [_row(job, number, comments[number], below[number]) for number in chunk]


def originals_of(job: Import, chunk: Sequence[int]) -> list[store.OriginalRow]:
    """The texts of these comments as they came, so that a later version can read them again."""
    return [_original(job, number, comment) for number, comment in job.spool.comments(chunk).items()]


def earlier_of(job: Import, chunk: Sequence[int]) -> list[RevisionRow]:
    """What our own comments said before they were edited."""
    found = job.spool.comments(chunk) if job.plan.is_own else {}
    return [
        row
        for number, one in found.items()
        if one.own
        for row in revisions_of(one, one.own, job.site.id, job.plan.tree.id[number])
    ]


def _original(job: Import, number: int, comment: ImportedComment) -> store.OriginalRow:
    id_, digest = job.plan.tree.id[number], digest_of(comment)
    if comment.own:
        kind, packed = packed_of(comment, comment.own)
        born = job.plan.born[number]
        moved = born if born not in (0, id_) else None
        return store.OriginalRow(job.site.id, id_, job.run_id, kind, packed, digest, moved)
    is_kept = job.plan.state_of(number) is not State.DELETED and comment.body_kind != BodyKind.MARKDOWN
    packed = base64.b64encode(zlib.compress(comment.body.encode("utf-8", "replace"))).decode() if is_kept else ""
    return store.OriginalRow(job.site.id, id_, job.run_id, comment.body_kind, packed, digest)


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


def _row(job: Import, number: int, comment: ImportedComment, replies: int) -> store.CommentRow:
    tree, state = job.plan.tree, job.plan.state_of(number)
    is_gone = state is State.DELETED
    body = _GONE if is_gone else _body(job, comment)
    parent = tree.parent[number]
    job.report.comments[state] += 1
    source, source_id = _known_by(job, number, comment)
    own = comment.own or _FOREIGN
    job.report.staff += own.staff
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
        author_name="" if is_gone else name_of(comment.author_name),
        author_email="" if is_gone else _email(job, comment),
        author_website="" if is_gone else _website(comment.author_website),
        body=body.text,
        body_html=body.html,
        fingerprint=fingerprint(body.text),
        verdict=_VERDICT,
        created_at=tree.created[number],
        edited_at=comment.edited_at,
        likes=comment.likes,
        dislikes=comment.dislikes,
        pinned=int(comment.pinned and parent == NONE and state is State.APPROVED and number not in job.plan.unpinned),
        source=source,
        source_id=source_id,
        featured=int(own.featured),
        staff=int(own.staff),
        amended=int(own.amended),
        revision=own.revision,
        withdrawn_at=own.withdrawn_at,
    )


def _known_by(job: Import, number: int, comment: ImportedComment) -> tuple[str | None, str | None]:
    """Source and source id; our own comments have one only if they came from elsewhere, or lost their id to another."""
    if comment.own is None:
        return job.plan.source, comment.source_id
    origin = (comment.own.origin, comment.own.origin_id) if comment.own.origin else (None, None)
    return job.plan.keys.get(number, origin)


def _body(job: Import, comment: ImportedComment) -> Body:
    own = comment.own
    body = body_of_own(comment, own) if own else body_of(normalise_body(comment.body), BodyKind(comment.body_kind))
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


def thread_of(target: Target) -> int:
    """The id of a thread that the plan has found or given one."""
    if target.thread_id is None:
        raise LookupError(target.key)
    return target.thread_id
