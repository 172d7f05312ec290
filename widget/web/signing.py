"""Form tokens: what a form says about where it belongs, signed with one salt per purpose.

A token is `payload.signature`: base64url JSON, HMAC-SHA-256 by itsdangerous with its "hmac" key derivation. Nothing is
ever compressed, so nothing is ever inflated. The age is checked here and not by itsdangerous, which refuses clocks that
are ahead by a second and knows no clock but its own.
"""

import base64
import binascii
import hashlib
import json
from enum import StrEnum
from typing import Any

from itsdangerous import BadSignature, Signer

from widget.clock import DAY, MINUTE
from widget.errors import StaleForm
from widget.sites.keys import Keys

SKEW = MINUTE
"""How far another server's clock may be ahead of ours."""

FORM_LIVES = DAY
"""How long a form may be open before it has to be sent twice."""

LONGEST = 8_192
"""Characters of a token: an article's address of 2,000 bytes is in it, and a title and an id of 200 characters."""

Payload = dict[str, Any]


class Purpose(StrEnum):
    """What a token is good for. A token of one purpose opens nothing of another."""

    POST = "post.v1"
    EDIT = "edit.v1"
    ADMIN = "admin.v1"
    SIGN_IN = "sign-in.v1"
    REPORT = "report.v1"
    APPEAL = "appeal.v1"
    PRIVACY = "privacy.v1"


class FormSigner:
    """Makes and opens tokens with the server's keys."""

    def __init__(self, keys: Keys) -> None:
        self._signers = {
            purpose: Signer(
                keys.oldest_first, salt=purpose.value, sep=".", key_derivation="hmac", digest_method=hashlib.sha256
            )
            for purpose in Purpose
        }

    def sign(self, purpose: Purpose, payload: Payload, now: int) -> str:
        """A token for these facts, issued `now` (milliseconds; kept as `t`)."""
        text = json.dumps({**payload, "t": now}, ensure_ascii=False, separators=(",", ":"))
        encoded = base64.urlsafe_b64encode(text.encode()).rstrip(b"=")
        return self._signers[purpose].sign(encoded).decode()

    def open(self, purpose: Purpose, token: str, now: int, oldest: int) -> Payload:
        """The facts in a token of this purpose that is at most `oldest` milliseconds old.

        Raises StaleForm for whatever else: one error for all failures tells an attacker nothing.
        """
        if len(token) > LONGEST:
            raise StaleForm
        try:
            payload = _decoded(self._signers[purpose].unsign(token.encode("ascii")))
        except (BadSignature, ValueError, TypeError):
            raise StaleForm from None
        if payload is None or not -SKEW <= now - payload["t"] <= oldest:
            raise StaleForm
        return payload


def peek(token: str) -> Payload | None:
    """What a token claims, believed in nothing: good only for finding the page whose form has to be shown again."""
    encoded = token.partition(".")[0]
    if len(token) > LONGEST or not encoded.isascii():
        return None
    return _decoded(encoded.encode())


def _decoded(encoded: bytes) -> Payload | None:
    try:
        payload = json.loads(base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) and type(payload.get("t")) is int else None
