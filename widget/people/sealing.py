"""Sealing a short secret with the server's key, so that a copy of the database opens nothing.

A sealed text is `nonce.hidden.mac` in hex. The secret is hidden by a pad that the key makes of a nonce used once
(HMAC-SHA-256 as a stream of one block); the mac binds nonce, hidden bytes and owner, so that no row can stand in for
another's. Whatever key in force made it opens it; `is_outdated` tells when to seal it again.
"""

import hmac
import secrets

from widget.sites.keys import Keys

LONGEST = 32
"""Bytes of a secret: one block of the pad."""

_NONCE_BYTES = 16


def seal(keys: Keys, owner: int, secret: bytes) -> str:
    """The secret as it is stored for its owner."""
    if len(secret) > LONGEST:
        raise ValueError(f"A secret to be sealed has at most {LONGEST} bytes.")
    nonce = secrets.token_hex(_NONCE_BYTES)
    hidden = _mixed(secret, keys.mac("seal-pad.v1", owner, nonce)).hex()
    return f"{nonce}.{hidden}.{keys.mac('seal-mac.v1', owner, nonce, hidden).hex()}"


def unseal(keys: Keys, owner: int, sealed: str) -> bytes | None:
    """The secret, or None: the key that sealed it is gone, or it was sealed for somebody else."""
    nonce, hidden, mac = sealed.split(".")
    macs = keys.every_mac("seal-mac.v1", owner, nonce, hidden)
    pads = keys.every_mac("seal-pad.v1", owner, nonce)
    for made, pad in zip(macs, pads, strict=True):
        if hmac.compare_digest(made.hex(), mac):
            return _mixed(bytes.fromhex(hidden), pad)
    return None


def is_outdated(keys: Keys, owner: int, sealed: str) -> bool:
    """Whether it was sealed with a key that is on its way out."""
    nonce, hidden, mac = sealed.split(".")
    return not hmac.compare_digest(keys.mac("seal-mac.v1", owner, nonce, hidden).hex(), mac)


def _mixed(text: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(text, pad, strict=False))
