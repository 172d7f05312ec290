"""After an erase: on SQLite the words that were taken out of the index leave its pages, a little at a time.

FTS5 notes that a word has gone, and drops it when it next joins the pieces of the index; that may be never. Joining all
of them ("merge" with a negative number, then with positive ones until nothing moves) does it in steps that other
writers hardly wait for. PostgreSQL's index is cleaned by its autovacuum.
"""

from widget.db.engine import Db

PAGES = 200
"""Pages of the index that one step writes: 800 kB."""


async def merge_words(db: Db, *, pages: int = PAGES) -> None:
    """Join all pieces of the index into one."""
    if db.name != "sqlite":
        return
    step = -pages
    while await _merged(db, step):
        step = pages


async def _merged(db: Db, pages: int) -> bool:
    """One step; False when nothing was left to do (SQLite's own way to know: fewer than two changes)."""
    async with db.transaction() as tx:
        before = await tx.row("select total_changes() as number")
        await tx.run("insert into comment_word (comment_word, rank) values ('merge', :pages)", pages=pages)
        after = await tx.row("select total_changes() as number")
    assert before is not None
    assert after is not None
    return int(after["number"]) - int(before["number"]) >= 2
