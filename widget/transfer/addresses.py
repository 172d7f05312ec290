"""What is kept of imported authors' e-mail addresses: nothing, or where it is asked for a keyed hash of each."""

from functools import lru_cache

from widget.comments.barring import email_key
from widget.sites.keys import Keys
from widget.transfer.rows import Marked


def marked_by(keys: Keys, site_id: int) -> Marked:
    """The hash that bans and readers who prove their address are compared by. Authors come again, so it remembers."""

    @lru_cache(maxsize=4_096)
    def marked(email: str) -> str:
        return email_key(keys, site_id, email)

    return marked
