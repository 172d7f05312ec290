"""What a report says of odd comments, as pages say it. What a single format adds is not here and stays English."""

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
    " is not an origin of ": "its article is on another origin:",
}
"""Each sentence of a report, or what it has in its middle, and the message that stands for it."""

_FOREIGN = " is not an origin of "


def told(what: str) -> tuple[str, str]:
    """The message for a sentence of a report, and what follows it; no message where pages have none."""
    if _FOREIGN in what:
        return WORDS_FOR_TROUBLES[_FOREIGN], what.partition(_FOREIGN)[0]
    message = WORDS_FOR_TROUBLES.get(what, "")
    return message, "" if message else what
