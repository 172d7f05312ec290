"""The same words find the same comments on both engines, and the index follows whatever happens to a comment."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import postgres_database
from tests.corpora import naughty_strings
from tests.postgres import Cluster
from tests.scene import NOW, a_comment, a_site
from widget.clock import HOUR, MINUTE
from widget.comments import store_writes
from widget.comments.comment import State
from widget.comments.store import one
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.search import postgres, sqlite
from widget.search.filling import fill_gaps
from widget.search.finding import find
from widget.search.wanted import Wanted
from widget.search.words import terms_of, words_of
from widget.sites.site import Site
from widget.spam.verdict import Finding

pytestmark = pytest.mark.anyio


async def ids_of(db: Db, site: Site, text: str = "", **more: Any) -> list[int]:
    """The ids of the site's waiting comments that a text finds."""
    wanted = {"site_ids": (site.id,), "waiting": True, "terms": terms_of(text), **more}
    return [id_ for _, id_ in await find(db, Wanted(**wanted), 100)]


async def test_all_of_it_must_hold(db: Db) -> None:
    site, other = await a_site(db, "one"), await a_site(db, "other")
    first = await a_comment(db, site, "The harbour is safe.", person=5, page="/a")
    second = await a_comment(
        db, site, "The harbour is closed.", page="/b", now=NOW + 1, findings=(Finding("links", 3),)
    )
    await a_comment(db, other, "The harbour is far.")
    assert await ids_of(db, site, "harbour") == [first.id, second.id]
    assert await ids_of(db, site, "harbour SAFE") == [first.id]
    assert await ids_of(db, site, "harb* bob") == [first.id, second.id]
    assert await ids_of(db, site, "far") == []
    assert await ids_of(db, site, "harbour", thread_id=second.thread_id) == [second.id]
    assert await ids_of(db, site, person_id=5) == [first.id]
    assert await ids_of(db, site, check="links") == [second.id]
    assert await ids_of(db, site, "harbour", over=first.id) == [second.id]
    assert await ids_of(db, site, "harbour", under=second.id) == [first.id]
    both = Wanted(site_ids=(site.id, other.id), waiting=True, terms=terms_of("harbour"), newest=True)
    assert len(await find(db, both, 100)) == 3
    assert [id_ for _, id_ in await find(db, both, 1)] == [max(id_ for _, id_ in await find(db, both, 100))]


async def test_the_index_follows_a_comment(db: Db) -> None:
    site = await a_site(db, "one")
    comment = await a_comment(db, site, "First words.")
    approved: dict[str, Any] = {"waiting": False, "state": "approved"}
    async with db.transaction() as tx:
        moved = await store_writes.change_state(tx, comment, State.APPROVED)
    assert moved is not None
    assert await ids_of(db, site, "first") == []
    assert await ids_of(db, site, "first", **approved) == [comment.id]
    async with db.transaction() as tx:
        await store_writes.let_wait(tx, site.id, comment.id)
    assert await ids_of(db, site, "first") == [comment.id]
    assert await ids_of(db, site, "first", **approved) == [comment.id]
    async with db.transaction() as tx:
        await store_writes.settle_waiting(tx, site.id, comment.id)
        rewritten = await store_writes.rewrite(tx, moved, "Second words.", "<p>Second words.</p>", "f", NOW)
        assert rewritten is not None
        await store_writes.keep_verdict(tx, rewritten, '{"verdict": "hold", "reasons": [{"check": "links"}]}')
    assert await ids_of(db, site, "second") == []
    assert await ids_of(db, site, "first", **approved) == []
    assert await ids_of(db, site, "second words", **approved) == [comment.id]
    assert await ids_of(db, site, check="links", **approved) == [comment.id]
    assert await ids_of(db, site, check="first", **approved) == []


async def test_moving_many_times_in_one_transaction_leaves_the_last_state(db: Db) -> None:
    site = await a_site(db, "one")
    comment = await a_comment(db, site, "Here and there.")
    async with db.transaction() as tx:
        for state in (State.APPROVED, State.SPAM, State.PENDING, State.REJECTED):
            moved = await store_writes.change_state(tx, comment, state)
            assert moved is not None
            comment = moved
    found = {state: await ids_of(db, site, "here", waiting=False, state=state.value) == [comment.id] for state in State}
    assert [state for state in State if found[state]] == [State.REJECTED]
    assert await ids_of(db, site, "here") == []


async def test_what_was_undone_is_not_found(db: Db) -> None:
    site = await a_site(db, "one")
    comment = await a_comment(db, site, "Here.")
    with pytest.raises(LookupError):
        async with db.transaction() as tx:
            await store_writes.change_state(tx, comment, State.SPAM)
            raise LookupError
    assert await ids_of(db, site, "here") == [comment.id]
    assert await ids_of(db, site, "here", waiting=False, state="spam") == []


@pytest.mark.case("C69")
async def test_a_comment_that_is_gone_leaves_no_word_behind(db: Db) -> None:
    site = await a_site(db, "one")
    comment = await a_comment(db, site, "A secret.")
    kept = await a_comment(db, site, "No secret.", now=NOW + MINUTE)
    async with db.transaction() as tx:
        await tx.run("delete from comment where site_id = :site and id = :id", site=site.id, id=comment.id)
    assert await ids_of(db, site, "secret") == [kept.id]
    if db.name == "sqlite":
        rows = await db.rows("""select rowid as id from comment_word where comment_word match '"a"'""")
        assert rows == []


async def test_a_merged_thread_is_found_by_its_new_one(db: Db) -> None:
    site = await a_site(db, "one")
    here, there = await a_comment(db, site, page="/here"), await a_comment(db, site, page="/there", now=NOW + 1)
    async with db.transaction() as tx:
        await tx.run(
            "update comment set thread_id = :there where site_id = :site and id = :id",
            there=there.thread_id,
            site=site.id,
            id=here.id,
        )
    assert await ids_of(db, site, thread_id=there.thread_id) == [here.id, there.id]
    assert await ids_of(db, site, thread_id=here.thread_id) == []


async def test_comments_from_before_the_index_are_filled_in(db: Db) -> None:
    site, other = await a_site(db, "one"), await a_site(db, "other")
    comments = [await a_comment(db, site, f"Old number {n}.", now=NOW + n) for n in range(4)]
    await a_comment(db, other, "Theirs, old.")
    async with db.transaction() as tx:
        await tx.run("delete from comment_search")
        await tx.run(
            "insert into search_gap (site_id, done, last) select site_id, -1, max(id) from comment group by site_id"
        )
    fresh = await a_comment(db, site, "A new one.", now=NOW + 9)
    async with db.transaction() as tx:
        await store_writes.change_state(tx, comments[0], State.APPROVED)
        await store_writes.let_wait(tx, site.id, comments[0].id)
    assert await ids_of(db, site, "old") == []
    assert await fill_gaps(db) == 5
    assert await fill_gaps(db) == 0
    assert await ids_of(db, site, "old") == [comment.id for comment in comments]
    assert await ids_of(db, site, "new") == [fresh.id]
    assert await ids_of(db, site, "number 0", waiting=False, state="approved") == [comments[0].id]


async def test_common_and_rare_take_different_ways_to_the_same_comments(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From hours to ten years apart: every length of span holds something, too much, or nothing for once."""
    site, other = await a_site(db, "one"), await a_site(db, "other")
    for n in range(30):
        words = f"all {'half' if n % 2 else 'rest'} {'first' if n < 3 else ''} {'last' if n > 26 else ''} n{n}"
        await a_comment(db, (site, other)[n % 3 == 0], words, now=NOW + n * n * n * 3 * HOUR)
    answers = []
    for looked_at, in_span, joined, checked in ((1, 2, 1, 2), (1, 2, 9, 9), (5, 400, 5_000, 4_000), (1_000, 1, 1, 1)):
        monkeypatch.setattr(postgres, "MOST_IN_SPAN", in_span)
        monkeypatch.setattr(postgres, "MOST_JOINED", joined)
        monkeypatch.setattr(postgres, "_HITS", checked)
        for module in (sqlite, postgres):
            monkeypatch.setattr(module, "LOOKED_AT", looked_at)
            monkeypatch.setattr(module, "MOST_CHECKED", checked)
        answers.append(
            [
                await find(db, Wanted((site.id, other.id), waiting=True, terms=terms_of(text), newest=newest), limit)
                for text in SEARCHES
                for newest in (True, False)
                for limit in (1, 3, 100)
            ]
        )
    assert answers[0] == answers[1] == answers[2] == answers[3]
    found = dict(zip(SEARCHES, (len(answers[0][number]) for number in range(2, len(answers[0]), 6)), strict=True))
    assert found == SEARCHES


SEARCHES = {
    "all": 30, "half": 15, "first*": 3, "last": 3, "las*": 3, "n29": 1, "nothing": 0, "all fir*": 3, "all rest": 15,
    "all* n29": 1, "all* half": 15, "hal* last": 2, "fir* last": 0, "all* nothing": 0, "fir* all*": 3,
    "las* all* rest": 1,
}  # fmt: skip
"""What to look for, and how many comments of those thirty hold it."""


ALPHABET = st.sampled_from("aAbB éÉßſ 1२ 日本-_'\"\\*§&|!():<>%\u0301\u0000\ufb01İı")
TEXTS = st.one_of(st.text(ALPHABET, max_size=30), st.text(max_size=30), st.sampled_from(naughty_strings()))


class Twins:
    """The same comments on both engines."""

    def __init__(self, urls: tuple[str, str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._dbs = [self._loop.run_until_complete(open_db(url)) for url in urls]
        self._sites = [self._loop.run_until_complete(a_site(db, "one")) for db in self._dbs]
        self._number = 0

    def close(self) -> None:
        for db in self._dbs:
            self._loop.run_until_complete(db.close())
        self._loop.close()

    def write(self, texts: list[str]) -> dict[str, list[str]]:
        """One comment for each text; their words, by their names."""
        return self._loop.run_until_complete(self._write(texts))

    def found(self, query: str) -> list[list[str]]:
        """What each engine finds: the names of comments."""
        return [self._loop.run_until_complete(self._found(n, query)) for n in range(len(self._dbs))]

    async def _write(self, texts: list[str]) -> dict[str, list[str]]:
        for db, site in zip(self._dbs, self._sites, strict=True):
            async with db.transaction() as tx:
                await tx.run("delete from comment where site_id = :site", site=site.id)
                await tx.run("delete from comment_place where site_id = :site", site=site.id)
        for text in texts:
            self._number += 1
            for db, site in zip(self._dbs, self._sites, strict=True):
                await a_comment(db, site, _storable(text), name=f"name{self._number}", now=NOW + self._number)
        first = self._number - len(texts) + 1
        return {f"name{first + n}": words_of(f"name{first + n}\n{_storable(text)}") for n, text in enumerate(texts)}

    async def _found(self, n: int, query: str) -> list[str]:
        db, site = self._dbs[n], self._sites[n]
        keys = await find(db, replace(Wanted((site.id,), waiting=True), terms=terms_of(query)), 100)
        comments = [await one(db, site.id, id_) for _, id_ in keys]
        return [comment.author_name for comment in comments if comment]


def _storable(text: str) -> str:
    """What normalising a body would leave: PostgreSQL holds no NUL, and no encoding holds half a pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


@pytest.fixture(scope="module")
def twins(
    cluster: Cluster, postgres_template: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Twins]:
    file = tmp_path_factory.mktemp("twins") / "comments.db"
    copyfile(sqlite_template, file)
    database = postgres_database(cluster, postgres_template)
    with ThreadPoolExecutor(1) as thread:
        made = thread.submit(Twins, (f"sqlite:///{file}", next(database))).result()
        yield made
        thread.submit(made.close).result()
    next(database, None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), queries=st.lists(TEXTS, max_size=3), stem=st.text(max_size=6))
def test_the_same_words_find_the_same_comments_on_both_engines(
    twins: Twins, texts: list[str], queries: list[str], stem: str
) -> None:
    with ThreadPoolExecutor(1) as thread:
        words = thread.submit(twins.write, texts).result()
        for query in (*queries, f"{stem}*", *(f"{text}*" for text in texts)):
            terms = terms_of(_storable(query))
            one_engine, other = thread.submit(twins.found, _storable(query)).result()
            assert one_engine == other
            if terms:
                expected = [name for name, own in words.items() if all(_holds(own, term) for term in terms)]
                assert one_engine == expected


def _holds(words: list[str], term: object) -> bool:
    word, is_stem = term.word, term.is_stem  # type: ignore[attr-defined]
    return any(own.startswith(word) if is_stem else own == word for own in words)
