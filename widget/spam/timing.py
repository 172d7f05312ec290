"""A form sent faster than anybody writes. Shared pages may be older than the visit, so it only adds weight."""

from widget.clock import SECOND
from widget.sites.site import SiteRules
from widget.spam.verdict import Facts, Finding

_FASTEST = 3 * SECOND


def find_haste(_rules: SiteRules, facts: Facts) -> Finding | None:
    """The form is younger than three seconds."""
    return Finding("haste", 1) if facts.age < _FASTEST else None
