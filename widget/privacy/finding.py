"""Whom an owner means: by a reader's private link, an e-mail address, or the key of an author's page."""

import re

from widget import ids
from widget.comments import store as comments
from widget.db.engine import Reader
from widget.people import ownership
from widget.people import store as people
from widget.privacy.forms import is_email
from widget.privacy.subject import Subject, subject_behind, subject_of_email
from widget.sites.keys import Keys

_PRIVATE = re.compile(r"(?:^|/mine/)([0-9a-z]{13}-[a-z2-7]{26})(?![0-9a-z])")


async def find_subject(db: Reader, keys: Keys, site_id: int, typed: str) -> Subject | None:
    """Whoever is meant on this site; None where it can't be read, or names nobody here."""
    typed = typed.strip()
    if is_email(typed):
        return subject_of_email(keys, site_id, typed)
    if private := _PRIVATE.search(typed):
        return await behind_link(db, site_id, private[1])
    person_id = ids.decode(typed)
    return await of_person(db, site_id, person_id) if person_id is not None else None


async def behind_link(db: Reader, site_id: int, private: str) -> Subject | None:
    """Whoever wrote the comment that this private link opens."""
    read = ownership.read_private(private)
    comment = await comments.one(db, site_id, read[0]) if read else None
    if read is None or comment is None or comment.private_hash is None:
        return None
    return subject_behind(comment) if ownership.opens(read[1], comment.private_hash) else None


async def of_person(db: Reader, site_id: int, person_id: int) -> Subject | None:
    """The identity of that number."""
    person = await people.by_id(db, site_id, person_id)
    return Subject(site_id, person_id=person_id) if person else None
