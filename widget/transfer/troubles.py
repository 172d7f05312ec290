"""What a report says of odd comments, as pages say it."""

import re

WORDS_FOR_TROUBLES = {
    "more than once in the file": "more than once in the file",
    "deleted, and nobody replied": "deleted, and nobody replied",
    "its article is not in the file": "its article is not in the file",
    "the article's address is no http(s) address": "the article's address is no http(s) address",
    "parent is not in the file: put at the top": "what it answers is not in the file: put at the top",
    "a circle of replies: cut at its oldest": "a circle of replies: cut at its oldest",
    "nested too deep: put below the deepest that can be answered": (
        "nested too deep: put below the deepest that can be answered"
    ),
    "an id that two pages use": "an id that two articles use",
    "time before 1990, kept": "time before 1990, kept",
    "time missing or impossible: that of the comment before it, else of the article": (
        "time missing or impossible: that of the comment before it, else of the article"
    ),
    "time in the future: that of the comment before it, else of the article": (
        "time in the future: that of the comment before it, else of the article"
    ),
    "text cut at its end": "text cut at its end",
    "markup that isn't allowed was taken out of the text": "markup that isn't allowed was taken out of the text",
    "e-mail address that is none, left out": "e-mail address that is none, left out",
    "… is not an origin of …": "its article is on another origin:",
    "another comment here has the same id: imported beside it": "another comment has the same id: imported beside it",
    "addresses found only after `…`": "addresses that are found only after this command:",
    "pinned there, but no page has more than … pinned comments: the newest stay": (
        "pinned there; here the newest stay pinned, this many at most:"
    ),
    "unknown state …, held as pending": "a state that we do not know, held for review:",
    "a state that Disqus doesn't have, held as pending": "a state that Disqus does not have, held for review",
    "an empty text": "an empty text",
    "not a comment but a …": "no comment, but:",
    "time without GMT: its local date and the blog's offset": "a time without its zone: taken for that of the blog",
    "time without GMT: its local date taken for UTC": "a time without its zone: taken for UTC",
    "bytes that XML or the encoding forbids were replaced": "characters that such a file must not hold were replaced",
    "the first post of a topic, which stands for the article": "the first post of a topic, which is the article",
    "a note of the forum's staff, or something that only happened there": "a note of the forum's staff, or no comment",
    "the number of a comment, counted among those that answer none": (
        "what it answers is given by a number: counted among those that answer none"
    ),
    "the thread was deleted": "its discussion was deleted there",
    "the article is private": "its article is private",
    "the article is a draft": "its article is a draft",
    "the article is not published yet": "its article is not published yet",
    "the article is in the trash": "its article is in the trash",
    "the article is behind a password": "its article is behind a password",
}
"""Each sentence of a report and the message that stands for it; "…" is whatever the file says, the first is told."""

_VARYING = [
    (re.compile(re.escape(sentence).replace("…", "(.*?)"), re.DOTALL), message)
    for sentence, message in WORDS_FOR_TROUBLES.items()
    if "…" in sentence
]


def told(what: str) -> tuple[str, str]:
    """The message for a sentence of a report, and what follows it; no message where pages have none."""
    if message := WORDS_FOR_TROUBLES.get(what):
        return message, ""
    found = ((sentence.fullmatch(what), message) for sentence, message in _VARYING)
    return next(((message, match[1]) for match, message in found if match), ("", what))
