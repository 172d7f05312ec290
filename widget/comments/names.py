"""Names that readers can't take: the site's own, its moderators', and the words of an office (case C19).

All are compared as the eye reads them (text.name_skeleton). A reserved name of two words or more is refused inside a
longer one too, and the words of the badge anywhere: in a text browser nothing else tells a badge from a name.
"""

import re
import unicodedata
from collections.abc import Iterable

from widget.comments.text import looks_like, name_skeleton
from widget.db.engine import Reader
from widget.people import store as people
from widget.sites.site import Site


async def reserved(db: Reader, site: Site) -> tuple[str, ...]:
    """The names that nobody else may use on this site."""
    return (site.name, *await people.moderator_names(db, site.id))


def is_taken(name: str, by: Iterable[str]) -> bool:
    """Whether a typed name could be taken for one of these, or for somebody who speaks for the site."""
    return bool(name) and (claims_office(name) or any(_pretends(name, other) for other in by))


def claims_office(name: str) -> bool:
    """Whether a name holds a word that stands for a moderator or for whoever runs the site."""
    whole = name_skeleton(name)
    if any(office in whole for office in _ANYWHERE):
        return True
    return bool(_AS_A_WORD & {whole, *map(name_skeleton, _WORD.findall(unicodedata.normalize("NFKC", name)))})


def _pretends(name: str, other: str) -> bool:
    return looks_like(name, other) or (len(other.split()) > 1 and name_skeleton(other) in name_skeleton(name))


_WORD = re.compile(r"[^\W_]+")
# The badge in our languages first (tests/comments/test_names.py compares with the catalogues).
_ANYWHERE = tuple(map(name_skeleton, ("moderator", "moderation", "administrator", "redaktion", "مشرف", "الإشراف")))
_AS_A_WORD = frozenset(map(name_skeleton, ("admin", "mod", "staff", "editor", "editors", "الإدارة", "المدير")))
