"""The server's secret keys: the first makes, all verify. And a site's signature under its frame's address."""

import hmac
from collections.abc import Sequence


class Keys:
    """Secret keys in the order of the setting: the first makes everything new, the others are on their way out."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = tuple(secrets)
        self._prepared = [_prepared(secret) for secret in secrets]

    @property
    def oldest_first(self) -> list[bytes]:
        """The order in which itsdangerous wants them: it signs with the last."""
        return list(reversed(self._secrets))

    def mac(self, purpose: str, *parts: str | int) -> bytes:
        """32 bytes that only this server can make of these parts, with the key that signs."""
        return _mac(self._prepared[0], purpose, parts)

    def every_mac(self, purpose: str, *parts: str | int) -> list[bytes]:
        """The same with each key in force, the signing one first."""
        return [_mac(prepared, purpose, parts) for prepared in self._prepared]


def sign_address(secret: str, slug: str, partner_id: str, url: str, title: str) -> str:
    """The `sig` of a frame's address: hex HMAC-SHA-256 over the version and the length-prefixed parts."""
    return _mac(_prepared(secret.encode()), "frame.v1", (slug, partner_id, url, title)).hex()


def is_signed(secrets: Sequence[str], sig: str, slug: str, partner_id: str, url: str, title: str) -> bool:
    """Whether one of a site's secrets made this `sig`."""
    made = [sign_address(secret, slug, partner_id, url, title) for secret in secrets]
    return max((hmac.compare_digest(one.encode(), sig.encode()) for one in made), default=False)


def _prepared(secret: bytes) -> hmac.HMAC:
    return hmac.new(secret, digestmod="sha256")


def _mac(prepared: hmac.HMAC, purpose: str, parts: Sequence[str | int]) -> bytes:
    """Lengths stand before the parts, so that ("ab", "c") and ("a", "bc") differ.

    Not `hmac.digest`: it hands the interpreter to another thread for each of the many that a post needs.
    """
    encoded = [str(part).encode() for part in (purpose, *parts)]
    mac = prepared.copy()
    mac.update(b"".join(len(part).to_bytes(4, "big") + part for part in encoded))
    return mac.digest()
