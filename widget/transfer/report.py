"""What an import did, or would do: numbers for the owner, with an example of each odd thing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

_MOST_EXAMPLES = 3


@dataclass(slots=True)
class Odd:
    """Something that happened to some comments or pages."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The outcome of one import."""

    source: str = ""
    rehearsed: bool = False
    pages_matched: int = 0
    pages_made: int = 0
    comments: Counter[str] = field(default_factory=Counter)
    """Imported now, by state."""
    already_here: int = 0
    authors: int = 0
    staff: int = 0
    """Comments that carry the badge of those who moderate; only our own export can say so."""
    emails_dropped: int = 0
    """Authors' e-mail addresses in the file of which nothing is kept."""
    emails_hashed: int = 0
    """Those of which a keyed hash is kept, because it was asked for."""
    skipped: dict[str, Odd] = field(default_factory=dict)
    """Not imported, by reason."""
    changed: dict[str, Odd] = field(default_factory=dict)
    """Imported, but not as the file has it."""

    def skip(self, reason: str, example: str, times: int = 1) -> None:
        """Count something that was left out."""
        _count(self.skipped, reason, example, times)

    def change(self, what: str, example: str, times: int = 1) -> None:
        """Count something that was repaired, guessed or altered."""
        _count(self.changed, what, example, times)


def as_json(report: Report) -> dict[str, object]:
    """The report for a program."""
    return {**asdict(report), "comments": dict(report.comments)}


def as_text(report: Report) -> str:
    """The report in aligned lines."""
    return "\n".join(_lines(report)) + "\n"


def _count(odd: dict[str, Odd], what: str, example: str, times: int) -> None:
    one = odd.setdefault(what, Odd())
    one.count += times
    if example and len(one.examples) < _MOST_EXAMPLES:
        one.examples.append(example)


def _lines(report: Report) -> Iterator[str]:
    yield f"{'Would import' if report.rehearsed else 'Imported'} from {report.source or 'an empty export'}"
    yield _line(report.comments.total(), "comments")
    for state, count in sorted(report.comments.items()):
        yield _line(count, f"  {state}")
    yield _line(report.already_here, "comments were here already")
    if report.staff:
        yield _line(report.staff, "shown as written by those who moderate")
    yield _line(report.authors, "different authors in the file")
    if report.emails_dropped:
        yield _line(report.emails_dropped, "e-mail addresses of authors, not kept")
    if report.emails_hashed:
        yield _line(report.emails_hashed, "e-mail addresses of authors, kept as a keyed hash alone")
    yield _line(report.pages_matched, "pages that had a thread")
    yield _line(report.pages_made, "pages that got one")
    yield from _section("Not imported", report.skipped)
    yield from _section("Repaired or altered", report.changed)


def _section(title: str, odd: dict[str, Odd]) -> Iterator[str]:
    if odd:
        yield title
    for what, one in sorted(odd.items()):
        examples = f" ({', '.join(one.examples)}{', ...' if one.count > len(one.examples) else ''})"
        yield _line(one.count, what + (examples if one.examples else ""))


def _line(count: int, what: str) -> str:
    return f"{count:>12,}  {what}"
