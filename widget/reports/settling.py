"""Answering what is open on a comment: the decision on the comment is the answer, in its own transaction."""

from collections.abc import Iterator, Mapping, Sequence

from widget.db.engine import Reader, Tx
from widget.reports import store, store_appeals, store_notices
from widget.reports.report import Answer, Asked, Ground, Outcome

_AT_ONCE = 500


async def settle(
    tx: Tx,
    site_id: int,
    entries: Mapping[int, int],
    *,
    approved: bool,
    answer: str,
    now: int,
    ground: Ground = Ground.RULES,
) -> None:
    """Let decisions answer the reports, notices and appeals on their comments.

    `entries` says which log entry decided on which comment, `approved` whether the comments may be seen now, `answer`
    is the reason that was given. Costs one query where nothing is open, whatever the number of comments.
    """
    waiting = await store_appeals.waiting_on(tx, site_id)
    concerned = {comment_id: entry_id for comment_id, entry_id in entries.items() if comment_id in waiting}
    if not concerned:
        return
    outcome = Outcome.KEPT if approved else Outcome.REMOVED
    await store.settle(tx, site_id, concerned, outcome, ground=ground, answer=answer, now=now)
    appeal = Answer.REVERSED if approved else Answer.UPHELD
    await store_appeals.settle(tx, site_id, concerned, appeal, answer, now)


async def reopen(tx: Tx, site_id: int, entry_ids: Sequence[int]) -> None:
    """Let everything that these decisions have answered wait again."""
    for some in _in_parts(entry_ids):
        await store.reopen(tx, site_id, some)
        await store_appeals.reopen(tx, site_id, some)


async def asked_about(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> dict[int, Asked]:
    """What waits for an answer on these comments of these sites; comments without anything are missing.

    Costs one query where nothing is open, whatever the number of sites.
    """
    waiting = await store_appeals.waiting_among(db, site_ids, comment_ids) if comment_ids else {}
    found: dict[int, Asked] = {}
    for site_id, concerned in waiting.items():
        found |= await _asked_about(db, site_id, concerned)
    return found


async def is_asked(db: Reader, site_id: int, comment_id: int) -> bool:
    """Whether anything is open on a comment."""
    return bool(await asked_about(db, [site_id], [comment_id]))


async def _asked_about(db: Reader, site_id: int, concerned: Sequence[int]) -> dict[int, Asked]:
    reports = await store.open_reports(db, site_id, concerned)
    notices = await store_notices.notices_on(db, site_id, concerned)
    appeals = await store_appeals.on_comments(db, site_id, concerned)
    asked = {
        id_: Asked(
            reports=tuple(reports.get(id_, ())),
            notices=tuple(one for one in notices.get(id_, ()) if one.settled_at is None),
            appeal=next((one for one in appeals.get(id_, ()) if one.settled_at is None), None),
        )
        for id_ in {*reports, *notices, *appeals}
    }
    return {id_: one for id_, one in asked.items() if one.reports or one.notices or one.appeal}


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
