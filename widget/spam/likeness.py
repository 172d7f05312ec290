"""Asking a site's own filter about a text that is on its way."""

from collections.abc import Sequence

from widget.db.engine import Reader
from widget.sites.site import Site
from widget.spam import bayes_store
from widget.spam.bayes import is_active, likeness
from widget.spam.features import features


async def likeness_of(db: Reader, site: Site, body: str, name: str, links: Sequence[str]) -> float | None:
    """How much a text looks like this site's spam; None while the filter is off or has not learned enough."""
    if not site.rules.bayes:
        return None
    total = await bayes_store.totals_of(db, site.id)
    if not is_active(total):
        return None
    found = features(body, name, links)
    return likeness(found, await bayes_store.counts_of(db, site.id, found), total)
