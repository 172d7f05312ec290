"""What is stored about somebody as a JSON document for him to keep: all of it, and nothing of anybody else."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from widget import ids
from widget.db.engine import Db
from widget.logbook.recording import record
from widget.privacy.kept import Kept, KeptComment
from widget.privacy.subject import Subject
from widget.sites.site import Site

FORMAT = "comment-widget person 1"
"""What a program may go by; the number grows when names change their meaning."""

FILE = "comments-about-me.json"

EXPORT = "export-person"
"""The action in the log."""

_LEFT_OUT = (
    "What the spam checks noted of a comment isn't in here, because it would tell spammers how to pass them. "
    "Notes of moderators are counted only; ask the site to see them. "
    "Keyed hashes of networks (24 hours with a post, 30 days with a report) can't be turned back into addresses."
)


def as_document(kept: Kept, site: Site, base_url: str, *, now: int) -> dict[str, object]:
    """The document, as JSON takes it."""
    return {
        "format": FORMAT,
        "made_at": _time(now),
        "site": {"name": site.name, "slug": site.slug},
        "identity": _plain(kept.identity, "since") if kept.identity else None,
        "comments": [_comment(one, base_url) for one in kept.comments],
        "appeals": [_about(one, base_url) for one in kept.appeals],
        "reports": [_about(one, base_url) for one in kept.reports],
        "notices": [_about(one, base_url) for one in kept.notices],
        "bans": [_plain(one) for one in kept.bans],
        "notes_of_moderators": kept.notes,
        "left_out": _LEFT_OUT,
    }


def as_text(document: Mapping[str, object]) -> str:
    """The document as text."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _comment(one: KeptComment, base_url: str) -> dict[str, object]:
    return {
        "id": ids.encode(one.id),
        "address": f"{base_url}/c/{ids.encode(one.id)}",
        "page": {"url": one.page_url, "title": one.page_title},
        "state": str(one.state),
        "name": one.name,
        "email": one.email,
        "website": one.website,
        "text": one.body,
        "written_at": _time(one.created_at),
        "edited_at": _time(one.edited_at),
        "taken_back_at": _time(one.withdrawn_at),
        "earlier_texts": [
            {"name": text.name, "text": text.body, "written_at": _time(text.written_at)} for text in one.earlier
        ],
        "imported_from": {"system": one.source, "id": one.source_id} if one.source else None,
        "text_as_imported": one.original,
    }


def _about(one: object, base_url: str) -> dict[str, object]:
    """Something that is about a comment."""
    plain = _plain(one)
    comment_id = plain.pop("comment_id")
    assert isinstance(comment_id, int)
    return {"about": f"{base_url}/c/{ids.encode(comment_id)}", **plain}


def _plain(one: object, *times: str) -> dict[str, object]:
    """The fields of a dataclass; what ends in `_at` is a time."""
    names = getattr(type(one), "__slots__", ())
    return {
        name: _time(getattr(one, name)) if name.endswith("_at") or name in times else getattr(one, name)
        for name in names
    }


def _time(milliseconds: int | None) -> str | None:
    """RFC 3339, UTC."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def note_export(db: Db, who: Subject, kept: Kept, by_id: int | None, *, now: int) -> None:
    """Write into the log that somebody else than the reader himself has exported it."""
    async with db.transaction() as tx:
        facts = {"comments": len(kept.comments), "notices": len(kept.notices)}
        await record(tx, who.site_id, by_id, EXPORT, now=now, person_id=who.person_id, facts=facts)
