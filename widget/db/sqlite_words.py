"""The full-text index of an SQLite file: what a batch has noted in comment_word_change enters it before the COMMIT.

FTS5 writes a piece of index to the disk at every savepoint and at every id that doesn't rise, and later joins the
pieces. So it gets what all posts of a batch have noted in one go, by id. Taken out and put in are pairs of a word and
an id (the table keeps no text of its own), so a comment that moves changes two words, whatever its length.
"""

import sqlite3

from widget.db.sqlite_thread import code

_CHANGE = """
insert into comment_word (comment_word, rowid, words)
select command, id, words
from (
  select 'delete' as command, id, gone as words, number, 0 as step from comment_word_change where gone <> ''
  union all
  select null as command, id, come as words, number, 1 as step from comment_word_change where come <> ''
)
order by id, number, step
"""


def write_words(connection: sqlite3.Connection) -> None:
    """Let the index know what has been noted since the last commit. A file that isn't ours has no such table."""
    try:
        noted = connection.execute("select 1 from comment_word_change limit 1").fetchone()
    except sqlite3.OperationalError as error:
        if code(error) != sqlite3.SQLITE_ERROR:
            raise
        return
    if noted:
        connection.execute(_CHANGE)
        connection.execute("delete from comment_word_change")
