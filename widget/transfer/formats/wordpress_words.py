"""The elements of a WordPress export that matter, and what its words mean here."""

from widget.comments.comment import State

NAMESPACE = "http://wordpress.org/export/"
STATES = {
    "1": State.APPROVED,
    "approved": State.APPROVED,
    "0": State.PENDING,
    "hold": State.PENDING,
    "spam": State.SPAM,
    "trash": State.DELETED,
    "post-trashed": State.DELETED,
}
COMMENT_TYPES = ("", "comment", "review")
HIDDEN = {
    "private": "the article is private",
    "draft": "the article is a draft",
    "auto-draft": "the article is a draft",
    "pending": "the article is not published yet",
    "future": "the article is not published yet",
    "trash": "the article is in the trash",
}
_CHANNEL = frozenset({"link", "wp:base_blog_url"})
_ITEM = frozenset(
    {"title", "link", "wp:post_id", "wp:post_date", "wp:post_date_gmt", "wp:comment_status", "wp:status"}
    | {"wp:post_password", "dsq:thread_identifier"}
)
_COMMENT = frozenset(
    {"wp:comment_id", "wp:comment_parent", "wp:comment_approved", "wp:comment_type", "wp:comment_content"}
    | {"wp:comment_author", "wp:comment_author_email", "wp:comment_author_url"}
    | {"wp:comment_date", "wp:comment_date_gmt"}
)
WANTED = {"channel": _CHANNEL, "item": _ITEM, "wp:comment": _COMMENT}
ENTERED = {
    ("", "rss"): "rss",
    ("rss", "channel"): "channel",
    ("channel", "item"): "item",
    ("item", "wp:comment"): "wp:comment",
}
"""Where an element stands that is one of ours and stands where it belongs; all else is nowhere."""
NOWHERE = "nowhere"
NONE: frozenset[str] = frozenset()
TIMES = frozenset({"wp:comment_date_gmt", "wp:post_date_gmt", "wp:comment_date", "wp:post_date"})
