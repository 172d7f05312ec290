"""What is looked for among comments: all of it must hold at once."""

from dataclasses import dataclass, replace

from widget.search import document
from widget.search.words import Term

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Comments of some sites: in a state or waiting, of a thread, of a person, doubted by a check, holding words.

    `over` and `under` bound their ids and belong to neither side; `newest` first, or the oldest. `everywhere`: there
    are no other sites (finding.py sees to it).
    """

    site_ids: tuple[int, ...]
    state: str | None = None
    waiting: bool = False
    thread_id: int | None = None
    person_id: int | None = None
    check: str = ""
    terms: tuple[Term, ...] = ()
    over: int = -1
    under: int = LAST
    newest: bool = False
    everywhere: bool = False

    @property
    def needs_sites(self) -> bool:
        """Whether the index must leave other sites' comments out: a thread and a person are of one site anyway."""
        return not self.everywhere and self.thread_id is None and self.person_id is None

    @property
    def is_plain(self) -> bool:
        """Whether it asks for nothing but sites, state and ids, which the comments' own indexes answer."""
        return not self.terms and not self.check and self.thread_id is None and self.person_id is None

    @property
    def stems(self) -> tuple[Term, ...]:
        """The terms that may end in any way."""
        return tuple(term for term in self.terms if term.is_stem)

    @property
    def without_stems(self) -> "Wanted":
        """The same, whatever its stems."""
        return replace(self, terms=tuple(term for term in self.terms if not term.is_stem))

    def behind(self, id_: int) -> "Wanted":
        """What follows that comment."""
        return replace(self, under=id_) if self.newest else replace(self, over=id_)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of thread, person and check that must be there."""
        marks = []
        if self.thread_id is not None:
            marks.append(document.thread_mark(self.thread_id))
        if self.person_id is not None:
            marks.append(document.person_mark(self.person_id))
        if self.check:
            marks.append(document.check_mark(self.check))
        return tuple(marks)
