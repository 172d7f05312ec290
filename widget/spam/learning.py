"""Teaching a site's own filter: what moderators decide is noted with the decision and learned a little later.

1. In the transaction of a decision only the wish is noted, for any number of comments by one statement per 1,000: an
   approval says ham, spam says spam, everything else takes back what was said. Undoing says what was said before.
2. `learn` works wishes off in small transactions: what was learned of a comment is taken back exactly, from the text of
   that revision, and then what it is now is added. A crash between two of them loses nothing.
3. The totals' row is locked first, so of two processes one learns and the other finds nothing left.

Rejected: counting words in the decision's own transaction (10,000 decisions touch some 100,000 rows, and posters wait),
and learning from the checks' own verdicts (the filter would confirm itself).
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence

import structlog

from widget import clock
from widget.db.engine import DatabaseUnavailable, Db, Tx
from widget.markup.links import links_in
from widget.spam import bayes_store, hosts_store
from widget.spam.bayes import Counts
from widget.spam.bayes_store import Lesson
from widget.spam.features import features
from widget.spam.hosts import hosts_of

_AT_ONCE = 20
_EVERY = 5.0
_LABELS = {"approve": "ham", "spam": "spam"}

_log = structlog.get_logger("spam")

Change = tuple[str, frozenset[int], int]
"""A label, features, and whether they come (1) or go (-1)."""


async def note_decision(tx: Tx, site_id: int, comment_ids: Sequence[int], decision: str) -> None:
    """A moderator has decided alike on these comments; to be called in the decision's transaction."""
    await bayes_store.want(tx, site_id, comment_ids, _LABELS.get(decision, ""))


async def note_undoing(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    """The last decisions on these comments are undone; to be called in the same transaction."""
    await bayes_store.want_as_before(tx, site_id, comment_ids)


async def learn_always(db: Db) -> None:
    """Learn whatever is noted, every few seconds, until cancelled."""
    while True:
        await asyncio.sleep(_EVERY)
        try:
            await learn(db, now=clock.now())
        except DatabaseUnavailable as fault:
            _log.warning("the spam filter learns later", why=str(fault))


async def learn(db: Db, *, now: int) -> int:
    """Learn all that is noted on every site; how many comments those were."""
    learned = 0
    for site_id in await bayes_store.sites_with_lessons(db):
        while count := await _learn_some(db, site_id, now):
            learned += count
    return learned


async def _learn_some(db: Db, site_id: int, now: int) -> int:
    async with db.transaction() as tx:
        lessons = await bayes_store.take_lessons(tx, site_id, _AT_ONCE)
        words, total = _sum([change for lesson in lessons for change in _changes(lesson)])
        await bayes_store.add(tx, site_id, words, total)
        await bayes_store.keep_learned(tx, site_id, lessons)
        await hosts_store.know(tx, site_id, _hosts(lessons, "ham"), now)
        await hosts_store.unknow(tx, site_id, _hosts(lessons, "spam"))
    return len(lessons)


def _changes(lesson: Lesson) -> Iterable[Change]:
    if lesson.learned:
        links = links_in(lesson.learned_body_html)
        yield lesson.learned, features(lesson.learned_body, lesson.learned_name, links), -1
    if lesson.wanted:
        yield lesson.wanted, features(lesson.body, lesson.author_name, links_in(lesson.body_html)), 1


def _sum(changes: Sequence[Change]) -> tuple[dict[int, Counts], Counts]:
    by_label: dict[str, Counter[int]] = {"ham": Counter(), "spam": Counter()}
    totals: Counter[str] = Counter()
    for label, found, step in changes:
        totals[label] += step
        for word in found:
            by_label[label][word] += step
    ham, spam = by_label["ham"], by_label["spam"]
    words = {word: Counts(ham[word], spam[word]) for word in ham.keys() | spam.keys()}
    return {word: change for word, change in words.items() if change != Counts()}, Counts(totals["ham"], totals["spam"])


def _hosts(lessons: Sequence[Lesson], label: str) -> list[str]:
    return [host for one in lessons if one.wanted == label for host in hosts_of(links_in(one.body_html))]
