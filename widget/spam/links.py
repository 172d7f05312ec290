"""Links by strangers: few are fine, some are held, many are refused."""

from widget.sites.site import SiteRules
from widget.spam.verdict import HOLD, Facts, Finding


def find_links(rules: SiteRules, facts: Facts) -> Finding | None:
    """More links than the site lets a stranger publish unseen."""
    if facts.trusted or len(facts.links) <= rules.hold_links:
        return None
    return Finding("links", HOLD, str(len(facts.links)))


def has_too_many_links(rules: SiteRules, facts: Facts) -> bool:
    """So many that we ask a stranger to take some out."""
    return not facts.trusted and len(facts.links) > max(rules.refuse_links, rules.hold_links)
