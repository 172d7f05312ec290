"""docs/importing.md: how to move, and what of each format comes along, from the cases that the tests import."""

from tests.transfer.exports import CASES, Case
from widget.comments.comment import State
from widget.transfer.formats.detecting import BY_NAME

_HEAD = """# Bringing comments along

    comment-widget import auto FILE --site SLUG --dry-run
    comment-widget import auto FILE --site SLUG

The first line only reports what would happen; the second does it. `auto` tells the format by the file's content; to
name it, write one of the names below instead. FILE may be plain, gzip or ZIP, and for some formats a folder; several
files are read as one export.

- Run again, an import adds nothing: a comment that is here stays as it is. Stopped half-way it is simply started again.
- Articles are matched by their canonical address, never by title. After a move: `--map http://old.example=https://new.example`
  (as often as needed), or `--map-file pairs.csv` with two columns. A path alone belongs to the site's first origin.
- Replies whose parent is missing stand at the top; circles are cut; what was deleted stays as an empty place where
  somebody answered it. The report names each of these with examples.
- Everything goes through the same filter as a new comment; the text as it came is kept compressed beside it.
- Nobody is mailed and nothing is fetched. Network addresses, passwords, sessions and second factors are never read.
- Of authors' e-mail addresses nothing is kept. With `--email-hashes` a hash is, which only this server's secret key can
  make: authors who prove their address then find and erase what they wrote, and a ban can follow it.
- `--as-pending` holds what was visible there until a moderator approves it.

## What comes along

"States" lists what a format can tell apart. Votes are kept with the comment as they were counted there.

"""
_TAIL = """
Texts over 65,535 characters are cut, and the report says so. Times before 1990 are kept and reported; times more than a
day ahead are taken for the time of the comment before.
"""
_COLUMNS = ("threads", "emails", "websites", "edits", "pins", "closed", "titles")
_NAMES = ("threading", "e-mail", "website", "edited", "pinned", "closed", "titles")
_KEPT = {"emails": "a hash"}
_FORMS = {"isso_json": "its generic JSON", "coral_csv": "its importer's CSV", "isso": "its database"}


def page() -> str:
    """The whole page."""
    head = ["Format", "Name", "States", *_NAMES, "Votes", "Lost, and why"]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(case)) for case in CASES)]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


def _cells(case: Case) -> list[str]:
    form = _FORMS.get(case.write.__name__)
    title = BY_NAME[case.name].title
    states = [state for state in State if any(state == who or state is _shown(who) for who in case.who)]
    votes = "for, against" if case.dislikes else "for" if case.likes else "-"
    return [
        f"{title} ({form})" if form else title,
        f"`{case.name}`",
        ", ".join(states),
        *((_KEPT.get(name, "kept") if name in case.says else "-") for name in _COLUMNS),
        votes,
        case.lost or "-",
    ]


def _shown(who: str) -> State | None:
    return State.APPROVED if who == "root" else None


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(page(), end="")
