"""Reading topics of Discourse (their JSON, 20 posts a page): the first post stands for the article and is left out.

Small actions and whispers are no comments. A reply names the number of the post it answers.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.json_stream import read_json
from widget.transfer.opening import JSON, Meter, open_export
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Record,
    Skipped,
)
from widget.transfer.values import flag_of, inside, rows_of, text_of, time_of, whole_of

_LIKE = 2
_SMALL_ACTION = 3
_Fields = dict[str, Any]


def read_discourse(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of topics. Raises BrokenExport."""
    yield ImportedSource("discourse")
    for path in paths:
        for part in open_export(path, meter, JSON):
            for _, topic in read_json(part):
                posts = rows_of(inside(topic, "post_stream"), "posts") if isinstance(topic, dict) else []
                if not posts:
                    raise BrokenExport(f"{part.name} is no topic of Discourse (no posts in a post_stream).")
                yield from _records(topic, posts)


def _records(topic: _Fields, posts: list[_Fields]) -> Iterator[Record]:
    page = text_of(topic, "id") or text_of(posts[0], "topic_id")
    address = text_of(topic, "embed_url") or _linked(posts[0])
    title = text_of(topic, "title", "fancy_title")
    yield ImportedPage(page, address, title, closed=flag_of(topic, "closed", "archived"))
    numbers = {text_of(post, "post_number"): f"{page}-{text_of(post, 'id')}" for post in posts}
    for post in posts:
        yield _comment(post, page, numbers)


def _linked(first: _Fields) -> str:
    """Where the stub of the article links to: the first link out of the forum."""
    links = (text_of(link, "url") for link in rows_of(first, "link_counts") if not flag_of(link, "internal"))
    return next(links, "")


def _comment(post: _Fields, page: str, numbers: dict[str, str]) -> Record:
    source_id = f"{page}-{text_of(post, 'id')}"
    if text_of(post, "post_number") == "1":
        return Skipped(source_id, "the first post of a topic, which stands for the article")
    if whole_of(post, "post_type") >= _SMALL_ACTION:
        return Skipped(source_id, "a note of the forum's staff, or something that only happened there")
    answered = text_of(post, "reply_to_post_number")
    is_gone = any(post.get(name) for name in ("deleted_at", "user_deleted", "hidden"))
    likes = (one for one in rows_of(post, "actions_summary") if whole_of(one, "id") == _LIKE)
    raw = text_of(post, "raw")
    return ImportedComment(
        source_id=source_id,
        page=page,
        parent_source_id="" if answered in ("", "1") else numbers.get(answered, answered),
        state=State.DELETED if is_gone else State.APPROVED,
        body=text_of(post, "cooked") or raw,
        body_kind=BodyKind.HTML if post.get("cooked") else BodyKind.MARKDOWN,
        author_name=text_of(post, "name", "display_username", "username"),
        created_at=time_of(post, "created_at"),
        likes=sum(whole_of(one, "count") for one in likes),
    )
