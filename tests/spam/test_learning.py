"""A site's own filter learns from decisions, unlearns what is undone, and forgets nothing on the way."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import WAITS, checks_of, frame, moderate, stored, write
from tests.scene import NOW, a_comment, a_site
from widget.comments import store as comments
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.moderation.deciding import Decision
from widget.sites.site import Site
from widget.spam import bayes_store, learning
from widget.spam.bayes import ACTIVE_AFTER, Counts, is_active, likeness
from widget.spam.features import BUCKETS, features
from widget.spam.learning import learn

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}


async def words_of(db: Db, site: Site) -> dict[int, Counts]:
    """All that a site's filter has counted, without what has gone back to nothing."""
    rows = await db.rows(
        "select word, ham, spam from bayes_word where site_id = :site and ham + spam > 0", site=site.id
    )
    return {row["word"]: Counts(row["ham"], row["spam"]) for row in rows}


async def decided(db: Db, comment: Comment, decision: Decision, now: int = NOW) -> Comment:
    """Decide on a comment and learn; the comment as it stands."""
    await moderate(db, comment, decision, now=now)
    await learn(db, now=now)
    found = await comments.one(db, comment.site_id, comment.id)
    assert found is not None
    return found


@pytest.mark.anyio
async def test_approving_teaches_ham_spam_teaches_spam_and_rejecting_nothing(db: Db) -> None:
    site = await a_site(db, "partner")
    ham, spam, rude = [await a_comment(db, site, body, now=NOW + n) for n, body in enumerate(["Nice", "Buy", "Rude"])]
    await decided(db, ham, Decision.APPROVE)
    await decided(db, spam, Decision.SPAM)
    await decided(db, rude, Decision.REJECT)
    assert await bayes_store.totals_of(db, site.id) == Counts(1, 1)
    words = await words_of(db, site)
    assert {one for one, counts in words.items() if counts.ham} == features("Nice", "Bob", ())
    assert {one for one, counts in words.items() if counts.spam} == features("Buy", "Bob", ())


@pytest.mark.anyio
async def test_a_changed_decision_unlearns_the_first(db: Db) -> None:
    site = await a_site(db, "partner")
    comment = await decided(db, await a_comment(db, site, "Buy pills"), Decision.APPROVE)
    comment = await decided(db, comment, Decision.SPAM)
    assert await bayes_store.totals_of(db, site.id) == Counts(0, 1)
    assert await words_of(db, site) == dict.fromkeys(features("Buy pills", "Bob", ()), Counts(0, 1))
    await decided(db, comment, Decision.REJECT)
    assert await bayes_store.totals_of(db, site.id) == Counts()
    assert await words_of(db, site) == {}


@pytest.mark.anyio
async def test_what_was_learned_is_unlearned_exactly_though_the_text_was_edited(db: Db) -> None:
    site = await a_site(db, "partner")
    comment = await decided(db, await a_comment(db, site, "Old words"), Decision.APPROVE)
    async with db.transaction() as tx:
        edited = await store_writes.rewrite(tx, comment, "New text", "<p>New text</p>", "f", NOW)
    assert edited is not None
    await decided(db, edited, Decision.SPAM)
    assert await words_of(db, site) == dict.fromkeys(features("New text", "Bob", ()), Counts(0, 1))


@pytest.mark.anyio
async def test_undoing_teaches_what_was_believed_before(db: Db) -> None:
    site = await a_site(db, "partner")
    comment = await decided(db, await a_comment(db, site, "Hello"), Decision.APPROVE)
    comment = await decided(db, comment, Decision.SPAM)
    async with db.transaction() as tx:
        await learning.note_undoing(tx, site.id, [comment.id])
    await learn(db, now=NOW)
    assert await bayes_store.totals_of(db, site.id) == Counts(1, 0)


@pytest.mark.anyio
async def test_two_processes_learn_each_decision_once(db: Db) -> None:
    site = await a_site(db, "partner")
    made = [await a_comment(db, site, f"Text {n}", now=NOW + n) for n in range(50)]
    async with db.transaction() as tx:
        await learning.note_decision(tx, site.id, [one.id for one in made], "spam")
    await asyncio.gather(*(learn(db, now=NOW) for _ in range(4)))
    assert await bayes_store.totals_of(db, site.id) == Counts(0, 50)
    assert await learn(db, now=NOW) == 0


@pytest.mark.anyio
async def test_sites_learn_apart(db: Db) -> None:
    one, other = await a_site(db, "one"), await a_site(db, "other")
    await decided(db, await a_comment(db, one, "Hello"), Decision.APPROVE)
    assert await bayes_store.totals_of(db, other.id) == Counts()
    assert await words_of(db, other) == {}


@pytest.mark.anyio
async def test_it_holds_what_looks_like_spam_once_it_has_learned_enough(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    site = await a_site(db, "open", rule="post", limits=LOUD)
    spam = [await _taught(db, site, f"Please subscribe to my channel number {n}", n) for n in range(ACTIVE_AFTER // 2)]
    ham = [await _taught(db, site, f"This song reminds me of summer {n}", n) for n in range(ACTIVE_AFTER // 2 - 1)]
    await _note(db, site, spam, "spam")
    await _note(db, site, ham, "approve")
    looks = "Hi all, please subscribe to my channel"
    assert "is published" in (await write(reader, looks, at=frame("open"))).text
    last = await _taught(db, site, "This song reminds me of winter", 999)
    await _note(db, site, [last], "approve")
    stopped_clock.forward(60_000)
    page = await write(reader, f"{looks}!", at=frame("open"))
    assert WAITS in page.text
    held = (await stored(db, site))[-1]
    assert held.state is State.PENDING
    assert '"bayes"' in await checks_of(db, held)
    assert "spam" not in page.html.partition("<main")[2]
    stopped_clock.forward(60_000)
    assert "is published" in (await write(reader, "This song reminds me of us", at=frame("open"))).text


async def _taught(db: Db, site: Site, body: str, number: int) -> int:
    return (await a_comment(db, site, body, state=State.APPROVED, findings=(), now=NOW + number)).id


async def _note(db: Db, site: Site, comment_ids: list[int], decision: str) -> None:
    async with db.transaction() as tx:
        await learning.note_decision(tx, site.id, comment_ids, decision)
    await learn(db, now=NOW)


@given(st.text(max_size=500), st.text(max_size=60))
def test_features_of_any_text_are_bounded_numbers(body: str, name: str) -> None:
    found = features(body, name, ())
    assert all(0 <= one < BUCKETS for one in found)
    assert len(found) < 900


@given(
    st.dictionaries(st.integers(0, 20), st.tuples(st.integers(0, 300), st.integers(0, 300))),
    st.sets(st.integers(0, 30)),
    st.integers(0, 300),
    st.integers(0, 300),
)
def test_likeness_is_between_nothing_and_one(
    words: dict[int, tuple[int, int]], found: set[int], ham: int, spam: int
) -> None:
    counts = {word: Counts(*pair) for word, pair in words.items()}
    assert 0 <= likeness(found, counts, Counts(ham, spam)) <= 1


def test_it_is_silent_until_it_has_seen_enough_of_both_kinds() -> None:
    assert not is_active(Counts(100, 99))
    assert is_active(Counts(100, 100))
    assert not is_active(Counts(500, 19))
    assert not is_active(Counts(0, 500))
