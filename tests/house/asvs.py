"""The requirements of OWASP ASVS 5.0 that docs/asvs.md goes through: what each asks, and what shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Requirements that ask for one thing: shown by tests and cases, told by a page, or left for a reason.

    `by` names tests as `file::function` and cases of docs/security.md, `told` a page and one of its headings as
    `file#heading`; `absent` says why there is nothing to guard, `left` why it isn't done. A row with none of these
    isn't shown yet.
    """

    numbers: str
    level: str
    asks: str
    by: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    left: str = ""
    absent: str = ""

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests among what shows it."""
        return tuple(one for one in self.by if "::" in one)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases among what shows it."""
        return tuple(one for one in self.by if "::" not in one)


NO_SIGNED_IDENTITIES = "Partners don't sign identities yet."
NO_SCRIPT = "No page holds a script (tests/house/test_templates.py::test_nothing_shipped_holds_script_or_inline_style)."
