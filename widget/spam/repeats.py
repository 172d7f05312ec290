"""The same text by somebody else within a day: held, never refused (two readers may both write "Thank you!")."""

from widget.sites.site import SiteRules
from widget.spam.verdict import HOLD, Facts, Finding


def find_repeat(_rules: SiteRules, facts: Facts) -> Finding | None:
    """Others have written this text."""
    return Finding("repeat", HOLD, str(facts.repeats)) if facts.repeats else None
