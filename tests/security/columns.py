"""Every column of text in the schema: what somebody may have typed into it, or why nobody can."""

from collections.abc import Sequence
from urllib.parse import quote

from widget.db.engine import Db
from widget.markup.render import to_html

TYPED = (
    *("appeal.body", "appeal.answer", "ban.label", "ban.reason", "comment.author_name", "comment.author_email"),
    *("comment.source", "comment.source_id", "comment_revision.author_name", "illegal_notice.body"),
    *("illegal_notice.sender_name", "illegal_notice.sender_email", "illegal_notice.answer"),
    *("import_run.source", "import_run.file_name", "import_run.fault", "invite.note", "job.fault", "known_host.host"),
    *("log_entry.reason", "moderator.name", "moderator_session.browser", "person.name", "person_note.body"),
    *("report.body", "recent_host.host", "site.name", "thread.title", "thread.closed_reason", "thread.announcement"),
)
"""Any text at all. What is typed as an address of a page is below: it is never kept without having been read as one."""

FORMATTED = ("comment.body", "comment_revision.body")
"""Text with marks; what they come to stands beside it in body_html."""

ADDRESSES = ("thread.url", "thread_move.old_url", "thread_move.new_url")

STRUCTURED = {
    "ours to name": (
        *("appeal.outcome", "ban.kind", "bayes_lesson.wanted", "bayes_lesson.before", "bayes_lesson.learned"),
        *(
            "comment.state",
            "illegal_notice.ground",
            "comment_original.kind",
            "comment_search.state",
            "illegal_notice.outcome",
            "invite.role",
        ),
        *("import_run.state", "import_run.format", "job.kind", "job.once_key", "log_entry.action", "membership.role"),
        *("log_entry.before_state", "log_entry.after_state", "migration.name", "person.standing", "report.reason"),
        *("report.outcome", "privacy_request.language", "import_run.file"),
    ),
    "a hash, a mark or a sealed secret": (
        *("ban.mark", "bucket.key", "comment.fingerprint", "comment.private_hash", "comment_original.digest"),
        *("comment_original.email_mark", "illegal_notice.private_hash", "invite.secret_hash", "log_head.hash"),
        *("log_entry.previous_hash", "log_entry.hash", "migration.checksum", "moderator.password_hash"),
        *("moderator_recovery.code_hash", "moderator_session.id_hash", "moderator_totp.secret", "person.secret_hash"),
        *("post_key.post_key", "post_key.address_key", "post_key.wide_key", "privacy_request.link_hash"),
        *("privacy_request.page_hash", "recent_text.fingerprint", "report.address_key", "site_secret.secret"),
    ),
    "JSON that we wrote": (
        *("comment.verdict", "import_run.report", "import_run.options", "job.payload", "log_entry.facts"),
        *("site.rules", "thread_move.kept"),
    ),
    "read and written anew before it is kept": (
        *("comment.author_website", "person.website", "site.slug", "site.origins", "moderator.email"),
        *("moderator.email_folded", "comment.body_html", "comment_revision.body_html", "thread_alias.alias"),
        *("comment_search.words", "privacy_request.email"),
    ),
    "never shown: packed as it was imported": ("comment_original.packed",),
}

_FILLED = (*TYPED, *FORMATTED, *ADDRESSES)
_IN_ADDRESSES = "!$&'()*+,;=:@/"
_LET_GO = "drop trigger if exists log_entry_stays"


async def columns(db: Db) -> set[str]:
    """The columns of text that there are, on SQLite."""
    rows = await db.rows(
        """
        select m.name || '.' || p.name as name
        from sqlite_master m, pragma_table_info(m.name) p
        where m.type = 'table' and lower(p.type) = 'text' and m.name not like 'comment_word%'
        """
    )
    return {row["name"] for row in rows}


async def fill(db: Db, payloads: Sequence[str], turn: int = 0) -> dict[str, str]:
    """Write one of the payloads into each column, each turn another, with a mark of the column; what was written."""
    chosen = {column: payloads[(turn + 5 * place) % len(payloads)] for place, column in enumerate(_FILLED)}
    written = {column: f"{text}~{place:02}" for place, (column, text) in enumerate(chosen.items())}
    async with db.transaction() as tx:
        await tx.run_script(_LET_GO)
        for column, text in written.items():
            table, name = column.split(".")
            await tx.run(f"update or ignore {table} set {name} = :text", text=_as_kept(column, text))
            if column in FORMATTED:
                await tx.run(f"update {table} set body_html = :html where body_html <> ''", html=to_html(text))
        await tx.run("update site set version = version + 1")
        await tx.run("update thread set version = version + 1")
    return written


def _as_kept(column: str, text: str) -> str:
    """An address keeps all that may stand in one unencoded, quotation marks of one kind among it."""
    return "https://partner.example/" + quote(text, safe=_IN_ADDRESSES) if column in ADDRESSES else text
