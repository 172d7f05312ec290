"""Names that readers can't take: the site's own and its moderators', as the eye reads them (case C19)."""

from widget.comments.text import looks_like
from widget.db.engine import Db
from widget.people import store as people
from widget.sites.site import Site


async def is_taken(db: Db, site: Site, name: str) -> bool:
    """Whether a typed name could be taken for the site or one of its moderators."""
    if not name:
        return False
    reserved = (site.name, *await people.moderator_names(db, site.id))
    return any(looks_like(name, other) for other in reserved)
