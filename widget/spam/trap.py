"""A field that people never meet and browsers never fill."""

from widget.sites.site import SiteRules
from widget.spam.verdict import SPAM, Facts, Finding


def find_trap(_rules: SiteRules, facts: Facts) -> Finding | None:
    """Something stands in the trap field."""
    return Finding("trap", SPAM) if facts.trap else None
