"""Proving an e-mail address by a mailed link: good for an hour, used up by a button behind it (cases C72, C75, C154).

Whoever types an address learns nothing from the answer: it is the same, and takes the same time, whether something is
stored or not, because only the job that sends the mail looks. An address that nothing is stored under gets no mail, so
nobody can have mails sent to strangers. The link is made of the server's key and the row's number; of it, and of the
address of the page it opens, only hashes are stored, and jobs hold numbers alone.
"""

import base64
import hmac
import re
import secrets

from widget import ids
from widget.clock import HOUR
from widget.db.engine import Db
from widget.jobs import queue
from widget.people.ownership import hash_of
from widget.privacy import requests_store as requests
from widget.privacy.privacy_jobs import FORGET, MAIL
from widget.privacy.requests_store import Asked
from widget.sites.keys import Keys
from widget.sites.site import Site

LIVES = HOUR
"""How long a mailed link is good, and then the page that it opens: counted from the request."""

_SECRET_BYTES = 16
_SECRET = re.compile(r"[a-z2-7]{26}")


async def ask(db: Db, keys: Keys, site: Site, email: str, language: str, *, now: int) -> None:
    """Let a mail be sent to this address if something is stored under it."""
    id_ = ids.new_id(now)
    asked = Asked(site.id, id_, email.strip().lower(), language, hash_of(_letters(_mac(keys, site.id, id_))), now)
    async with db.transaction() as tx:
        await requests.forget(tx, site.id, now - LIVES)
        await requests.add(tx, asked)
        await queue.add(tx, MAIL, {"site": site.id, "request": id_}, due_at=now)
        await queue.add(tx, FORGET, {"site": site.id}, due_at=now + LIVES)


def secret_of(keys: Keys, asked: Asked) -> str | None:
    """The link's secret; None where it has been used, or its key is gone."""
    for mac in keys.every_mac("privacy-link.v1", asked.site_id, asked.id):
        if hmac.compare_digest(hash_of(_letters(mac)), asked.link_hash or ""):
            return _letters(mac)
    return None


async def is_good(db: Db, site: Site, secret: str, *, now: int) -> bool:
    """Whether a mailed link can be used."""
    return bool(_SECRET.fullmatch(secret)) and await requests.is_good(db, site.id, hash_of(secret), now - LIVES)


async def use_up(db: Db, site: Site, secret: str, *, now: int) -> str | None:
    """Use a mailed link; the secret of the page that it opens. None: it was used before, or is too old."""
    page = _letters(secrets.token_bytes(_SECRET_BYTES))
    if not _SECRET.fullmatch(secret):
        return None
    async with db.transaction() as tx:
        used = await requests.use_up(tx, site.id, hash_of(secret), hash_of(page), now - LIVES)
    return page if used else None


async def proved_by(db: Db, site: Site, secret: str, *, now: int) -> str | None:
    """The address that whoever knows this page's secret has proved."""
    if not _SECRET.fullmatch(secret):
        return None
    return await requests.email_of_page(db, site.id, hash_of(secret), now - LIVES)


async def forget_old(db: Db, site_id: int, *, now: int) -> None:
    """Forget the addresses that were typed more than an hour ago."""
    async with db.transaction() as tx:
        await requests.forget(tx, site_id, now - LIVES)


def _mac(keys: Keys, site_id: int, id_: int) -> bytes:
    return keys.mac("privacy-link.v1", site_id, id_)


def _letters(secret: bytes) -> str:
    return base64.b32encode(secret[:_SECRET_BYTES]).decode().rstrip("=").lower()
