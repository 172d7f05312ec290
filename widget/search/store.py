"""Keeping the index: a row for each comment, written in the transaction that writes the comment.

Its state, `waiting` and thread follow the comment by themselves (the triggers of migration 0003); its words don't.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from widget.db.engine import Tx
from widget.search.document import Document

ADD = """
insert into comment_search (site_id, id, state, waiting, words)
values (:site_id, :id, :state, :waiting, :words)
on conflict (site_id, id) do nothing
"""


class WordsRow(NamedTuple):
    """A row of the index: `words` with the marks (document.py)."""

    site_id: int
    id: int
    state: str
    waiting: int
    words: str


async def add(tx: Tx, document: Document) -> None:
    """Let a new comment be found."""
    await tx.run(ADD, **row_of(document))


async def add_many(tx: Tx, documents: Sequence[Document]) -> None:
    """Let new comments be found."""
    await add_rows(tx, [WordsRow(**row_of(document)) for document in documents])


async def add_rows(tx: Tx, rows: Sequence[WordsRow]) -> None:
    """Let new comments be found. FTS5 wants ids to rise: it writes a piece of index to the disk where one doesn't."""
    await tx.run_many(ADD, [row._asdict() for row in sorted(rows, key=lambda one: one.id)])


async def change_words(tx: Tx, document: Document) -> None:
    """A comment's text, author or verdict has changed: let it be found by what stands there now and nothing else."""
    await tx.run(
        "update comment_search set words = :words where site_id = :site_id and id = :id",
        words=document.words,
        site_id=document.site_id,
        id=document.id,
    )


def row_of(document: Document) -> dict[str, Any]:
    """The parameters of ADD."""
    return {
        "site_id": document.site_id,
        "id": document.id,
        "state": document.state,
        "waiting": document.waiting,
        "words": document.words,
    }
