"""Everything that is stored about somebody on one site."""

from collections.abc import AsyncIterator

from widget.comments.barring import marks_of
from widget.db.engine import Reader
from widget.people.bans_store import Marks
from widget.privacy import store
from widget.privacy.kept import Kept, KeptAppeal, KeptComment
from widget.privacy.subject import Subject
from widget.sites.keys import Keys

_AT_ONCE = 400


async def kept_about(db: Reader, keys: Keys, who: Subject, *, now: int) -> Kept:
    """All of it, at `now`."""
    comments, appeals = list[KeptComment](), list[KeptAppeal]()
    async for ids_ in _portions(db, who):
        comments += await store.comments(db, who.site_id, ids_)
        appeals += await store.appeals(db, who.site_id, ids_)
    return Kept(
        identity=await store.identity(db, who),
        comments=tuple(comments),
        notices=tuple(await store.notices(db, who)) if who.email else (),
        reports=tuple(await store.reports(db, who)) if who.person_id is not None else (),
        appeals=tuple(appeals),
        bans=tuple(await store.bans(db, who.site_id, marks_about(keys, who), now)),
        notes=await store.notes(db, who),
    )


async def is_anything_kept(db: Reader, who: Subject) -> bool:
    """Whether a comment or a notice holds his address, or he has an identity."""
    return bool(await store.comment_ids(db, who, -1, 1) or (who.email and await store.notices(db, who))) or bool(
        await store.identity(db, who)
    )


def marks_about(keys: Keys, who: Subject) -> Marks:
    """What bans of him are known by."""
    return marks_of(keys, who.site_id, person_id=who.person_id, email=who.email)


async def _portions(db: Reader, who: Subject) -> AsyncIterator[list[int]]:
    after = -1
    while ids_ := await store.comment_ids(db, who, after, _AT_ONCE):
        yield ids_
        after = ids_[-1]
