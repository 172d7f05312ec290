"""Who owns a comment: the private link (one comment) and the identity behind the cookie (one reader of one site).

Both secrets are made from the server's key and the row's id, and only their hash is stored: an equal post can be
answered with the same link, a copy of the database opens nothing, and a link stays good when the key is rotated away.
"""

import base64
import hashlib
import hmac
import re

from widget import ids
from widget.sites.keys import Keys

_SECRET_BYTES = 16
_PRIVATE = re.compile(r"([0-9a-z]{13})-([a-z2-7]{26})")


def private_link(keys: Keys, comment_id: int) -> str:
    """The private part of a comment's own address."""
    return link_of(comment_id, keys.mac("mine.v1", comment_id))


def link_of(comment_id: int, mac: bytes) -> str:
    """The private part of an address that is about a comment, with a secret made of these bytes."""
    return f"{ids.encode(comment_id)}-{_letters(mac)}"


def remade_private_link(keys: Keys, comment_id: int, stored_hash: str) -> str | None:
    """The link that was given out earlier, as long as the key that made it is still known."""
    for mac in keys.every_mac("mine.v1", comment_id):
        if hmac.compare_digest(hash_of(_letters(mac)), stored_hash):
            return f"{ids.encode(comment_id)}-{_letters(mac)}"
    return None


def read_private(text: str) -> tuple[int, str] | None:
    """The comment that a private link names and the hash of its secret; None where it is none."""
    match = _PRIVATE.fullmatch(text)
    comment_id = ids.decode(match[1]) if match else None
    return (comment_id, hash_of(match[2])) if match and comment_id is not None else None


def opens(secret_hash: str, stored_hash: str) -> bool:
    """Whether a read link's hash is the stored one."""
    return hmac.compare_digest(secret_hash, stored_hash)


def new_identity(keys: Keys, site_id: int, person_id: int) -> str:
    """The secret that a reader's cookie holds."""
    return _letters(keys.mac("identity.v1", site_id, person_id))


def identity_hash(site_id: int, secret: str) -> str:
    """What is stored of a cookie's secret; the site is in it, so that rows of two sites can't be joined."""
    return hash_of(f"{site_id}:{secret}")


def hash_of(secret: str) -> str:
    """SHA-256 in hex: the secrets have 128 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _letters(mac: bytes) -> str:
    return base64.b32encode(mac[:_SECRET_BYTES]).decode().rstrip("=").lower()
