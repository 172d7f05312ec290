"""A million comments as a newsroom has them: sites, threads, people, states, reasons, and words of every frequency.

They are written past the program (COPY, executemany without triggers), and the indexes are built at the end: what is
measured is asking, not writing.
"""

import contextlib
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.newsroom_log import ENTRY, HEAD, Entries
from widget import ids
from widget.clock import DAY
from widget.search.document import Document
from widget.search.words import words_of

SITES = ("daily", "weekly", "monthly")
_SITE_SHARES = (80, 15, 5)
_DAYS = 1_000
_VOCABULARY = 40_000
_POOL = 4_000
_WAITING_FROM = 0.6
"""What waits is among the newest two fifths: nobody leaves a comment for years."""

COMMON, MIDDLE, RARE, SPAMMY, OLD = "common", "middling", "rarely", "casino", "olympia"
"""In nine of ten comments; in one of a hundred; in ten of all; in most spam and nowhere else; in old comments alone."""

_COMMENT = (
    "site_id", "id", "thread_id", "parent_id", "root_id", "depth", "state", "shown", "replies", "person_id",
    "author_name", "author_email", "author_website", "body", "body_html", "fingerprint", "verdict", "revision",
    "created_at", "waiting",
)  # fmt: skip
_PLACE = ("id", "site_id", "thread_id")
_SEARCH = ("site_id", "id", "state", "waiting", "words")
_PERSON = ("site_id", "id", "name", "website", "created_at")
_THREAD = ("site_id", "id", "url", "title", "version", "approved", "created_at")
_CHUNK = 20_000

Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What there is: how many comments, the site's ids, threads by size, and an author who wrote much."""

    count: int
    now: int
    site_ids: tuple[int, ...]
    threads: tuple[Values, ...]
    people: tuple[Values, ...]

    @property
    def busiest_thread(self) -> int:
        """The thread with the most comments."""
        return int(str(self.threads[0][1]))

    @property
    def quiet_thread(self) -> int:
        """A thread with few."""
        return int(str(self.threads[-1][1]))

    @property
    def busiest_author(self) -> int:
        """Who wrote most."""
        return int(str(self.people[0][1]))

    @property
    def quiet_author(self) -> int:
        """Who wrote little."""
        return int(str(self.people[-1][1]))


def newsroom(count: int, site_ids: Sequence[int], now: int) -> Newsroom:
    """The threads and people of so many comments."""
    chance = random.Random(1)
    born = now - _DAYS * DAY
    sites = chance.choices(site_ids, _SITE_SHARES, k=max(count // 300, 3))
    threads = tuple(
        (site_id, ids.first_id(born) + n, f"https://{n}.example/", f"Page {n}", 1, 0, born)
        for n, site_id in enumerate(sites)
    )
    people = tuple(
        (chance.choices(site_ids, _SITE_SHARES)[0], ids.first_id(born) + n, f"Reader {n}", "", born)
        for n in range(max(count // 10, 3))
    )
    return Newsroom(count, now, tuple(site_ids), threads, people)


def fill_sqlite(path: Path, room: Newsroom) -> None:
    """Into a migrated file, while nobody has it open."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for pragma in ("synchronous = off", "cache_size = -200000", "temp_store = memory"):
            connection.execute(f"pragma {pragma}")
        (trigger,) = connection.execute("select sql from sqlite_master where name = 'comment_search_added'").fetchone()
        connection.execute("drop trigger comment_search_added")
        for table, columns, rows in _tables(room):
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"insert into {table} ({', '.join(columns)}) values ({marks})", rows)
        connection.execute(trigger)
        connection.execute("insert into comment_word (comment_word) values ('rebuild')")
        connection.commit()
        connection.execute("analyze")
        connection.commit()


async def fill_postgres(url: str, room: Newsroom) -> None:
    """Into a migrated database."""
    session = await asyncpg.connect(url)
    try:
        definition = await session.fetchval("select pg_get_indexdef('comment_search_words'::regclass)")
        await session.execute("drop index comment_search_words")
        for table, columns, rows in _tables(room):
            if table == "comment_search":
                await _copy_words(session, rows)
            else:
                await session.copy_records_to_table(table, columns=columns, records=rows)
        await session.execute("set maintenance_work_mem = '512MB'")
        await session.execute(definition)
        await session.execute("vacuum analyze")
    finally:
        await session.close()


async def _copy_words(session: asyncpg.Connection, rows: Iterator[Values]) -> None:
    """COPY speaks binary, and asyncpg knows no binary tsvector."""
    await session.execute(
        "create temporary table words (site_id bigint, id bigint, state text, waiting bigint, words text)"
    )
    await session.copy_records_to_table("words", columns=_SEARCH, records=rows)
    await session.execute(
        """
        insert into comment_search (site_id, id, state, waiting, words)
        select site_id, id, state, waiting, cast(words as tsvector) from words
        """
    )
    await session.execute("drop table words")


def _tables(room: Newsroom) -> Iterator[tuple[str, tuple[str, ...], Iterator[Values]]]:
    yield "thread", _THREAD, iter(room.threads)
    yield "person", _PERSON, iter(room.people)
    made, entries = _comments(room), Entries()
    while some := list(islice(made, _CHUNK)):
        entries.note([one.comment for one in some], room.now)
        yield "comment", _COMMENT, (one.comment for one in some)
        yield "comment_place", _PLACE, ((one.comment[1], one.comment[0], one.comment[2]) for one in some)
        yield "comment_search", _SEARCH, (one.search for one in some)
    yield "log_entry", ENTRY, entries.rows()
    yield "log_head", HEAD, iter(entries.heads)


@dataclass(frozen=True, slots=True)
class _Made:
    comment: Values
    search: Values


def _comments(room: Newsroom) -> Iterator[_Made]:
    chance = random.Random(2)
    pool = _texts(chance)
    weights = list(accumulate(1 / (n + 1) for n in range(len(room.threads))))
    authors = list(accumulate(1 / (n + 3) ** 0.7 for n in range(len(room.people))))
    gap = _DAYS * DAY // (room.count + 1)
    for number in range(room.count):
        at = room.now - _DAYS * DAY + (number + 1) * gap
        thread = chance.choices(room.threads, cum_weights=weights)[0]
        person = chance.choices(room.people, cum_weights=authors)[0] if chance.random() < 0.9 else None
        body, words = chance.choice(pool)
        age = number / room.count
        state, checks = _fate(chance, age)
        extra = _extra(chance, number, room.count, state, age)
        yield _made(at, thread, person, state, checks, f"{body} {extra}", f"{words} {extra}")


def _texts(chance: random.Random) -> list[tuple[str, str]]:
    """Bodies of 5 to 120 words, and those words as the index holds them; a few words are in most, most in few."""
    vocabulary = [f"{chance.choice('abcdefghijklmnoprstuvw')}{n:x}o" for n in range(_VOCABULARY)]
    weights = list(accumulate(1 / (n + 2) for n in range(_VOCABULARY)))
    texts = []
    for number in range(_POOL):
        words = chance.choices(vocabulary, cum_weights=weights, k=chance.choice((5, 12, 20, 35, 60, 120)))
        words += [COMMON] * (number % 10 != 0) + [MIDDLE] * (number % 100 == 7)
        texts.append((" ".join(words), " ".join(words_of(" ".join(words)))))
    return texts


def _fate(chance: random.Random, age: float) -> tuple[str, tuple[str, ...]]:
    """State and the checks that doubted it: of a million 50,000 wait, 60,000 are spam, 40,000 rejected or deleted."""
    dice = chance.random()
    if age >= _WAITING_FROM and dice < 0.05 / (1 - _WAITING_FROM):
        return "pending", chance.choices((("first",), ("links",), ("first", "hold-word")), (80, 15, 5))[0]
    if dice > 0.94:
        return "spam", chance.choice((("trap",), ("links", "spam-word"), ("repeat",)))
    if dice > 0.91:
        return "rejected", ("first",)
    if dice > 0.90:
        return "deleted", ()
    return "approved", chance.choices(((), ("first",), ("links",), ("hold-word",)), (70, 24, 5, 1))[0]


def _extra(chance: random.Random, number: int, count: int, state: str, age: float) -> str:
    """Words that follow the state or the time, and one that stands in this comment alone."""
    words = [f"nr{number}"]
    if number % max(count // 10, 1) == 5:
        words.append(RARE)
    if state == "spam" and chance.random() < 0.8:
        words.append(SPAMMY)
    if age < 0.2 and state == "approved" and chance.random() < 0.5:
        words.append(OLD)
    return " ".join(words)


def _made(
    at: int, thread: Values, person: Values | None, state: str, checks: tuple[str, ...], body: str, words: str
) -> _Made:
    id_, site_id, thread_id = ids.first_id(at) + 7, int(str(thread[0])), int(str(thread[1]))
    own = person if person and person[0] == site_id else None
    name = str(own[2]) if own else "Ada"
    verdict = f'{{"verdict": "hold", "reasons": [{", ".join(_reason(check) for check in checks)}]}}'
    waiting, shown = int(state == "pending"), int(state == "approved")
    person_id = int(str(own[1])) if own else None
    marks = Document(site_id, id_, thread_id, person_id, state, name, "", verdict, waiting)
    comment = (
        site_id, id_, thread_id, None, id_, 0, state, shown, 0, person_id, name, "", "", body, f"<p>{body}</p>",
        f"f{id_}", verdict, 0, at, waiting,
    )  # fmt: skip
    return _Made(comment, (site_id, id_, state, waiting, f" {words}{marks.words}"))


def _reason(check: str) -> str:
    return f'{{"check": "{check}", "score": 3, "detail": "2"}}'
