"""The rows that an import writes, from what its plan says and what came in the file."""

import base64
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import LONGEST_NAME, LONGEST_WEBSITE, State
from widget.comments.text import fingerprint, normalise_body, normalise_name
from widget.markup.links import safe_website
from widget.sites.site import Site
from widget.transfer import store
from widget.transfer.bodies import Body, body_of
from widget.transfer.lineage import NONE
from widget.transfer.matching import Target
from widget.transfer.planning import Plan
from widget.transfer.record import BodyKind, ImportedComment
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool

_VERDICT = '{"verdict": "imported", "reasons": []}'
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s\x00-\x1f\x7f<>\"@]+@[^\s\x00-\x1f\x7f<>\"@]+")
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


def rows_of(job: Import, chunk: Sequence[int]) -> list[store.CommentRow]:
    """The rows of these comments, by their numbers."""
    comments = job.spool.comments(chunk)
    below = _approved_below(job, chunk)
    return [_row(job, number, comments[number], below[number]) for number in chunk]


def originals_of(job: Import, chunk: Sequence[int]) -> list[store.OriginalRow]:
    """The texts of these comments as they came, so that a later version can read them again."""
    return [_original(job, number, comment) for number, comment in job.spool.comments(chunk).items()]


def _original(job: Import, number: int, comment: ImportedComment) -> store.OriginalRow:
    is_kept = job.plan.state_of(number) is not State.DELETED and comment.body_kind != BodyKind.MARKDOWN
    packed = base64.b64encode(zlib.compress(comment.body.encode("utf-8", "replace"))).decode() if is_kept else ""
    return store.OriginalRow(job.site.id, job.plan.tree.id[number], job.run_id, comment.body_kind, packed)


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
        author_name="" if is_gone else normalise_name(comment.author_name)[:LONGEST_NAME],
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
        pinned=int(comment.pinned and parent == NONE and state is State.APPROVED),
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


def thread_of(target: Target) -> int:
    """The id of a thread that the plan has found or given one."""
    if target.thread_id is None:
        raise LookupError(target.key)
    return target.thread_id
