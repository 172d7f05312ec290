"""Who may do what how often.

Each rule asks all its claims at once: refused by one, none is spent. An equal post spends once: that is the caller's
duty, who knows it by its idempotency key before it gets here.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget.clock import SECOND
from widget.errors import TooSoon
from widget.limits.address_key import address_keys
from widget.limits.buckets import Buckets, Claim
from widget.limits.gcra import Rate
from widget.limits.rates import DEFAULTS

Rates = Mapping[str, Rate | None]
"""What a site or the server sets in place of the defaults, by name; None switches a limit off."""

_POST_RULES = ("limit_post_address", "limit_post_hour", "limit_post_day")
_WHOLE_SERVER = 0
_SIGN_IN_WIDER = 4
_SIGN_IN_SLOWER_WHEN_DOWN = 5
_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Where spending is counted, and the server's secret that hides whose it is."""

    buckets: Buckets
    secret: bytes


async def check_post(limits: Limits, site_id: int, rates: Rates, *, address: str, thread: int | str, now: int) -> None:
    """Let one more comment in: by address, by thread, by site. Raises TooSoon.

    `thread` is its id, or its page key while it isn't born yet.
    """
    claims = _by_address(limits, site_id, rates, address, *_POST_RULES)
    claims += _alone(limits, site_id, rates, "limit_post_thread", str(thread))
    claims += _alone(limits, site_id, rates, "limit_post_site", "")
    await _spend(limits, claims, now)


async def check_preview(limits: Limits, site_id: int, rates: Rates, *, address: str, now: int) -> None:
    """Let one more preview be made. Raises TooSoon."""
    await _spend(limits, _by_address(limits, site_id, rates, address, "limit_preview"), now)


async def check_report(limits: Limits, site_id: int, rates: Rates, *, address: str, now: int) -> None:
    """Let one more comment be reported. Raises TooSoon."""
    await _spend(limits, _by_address(limits, site_id, rates, address, "limit_report"), now)


async def check_privacy(limits: Limits, site_id: int, rates: Rates, *, address: str, now: int) -> None:
    """Let one more e-mail address be typed to learn what is stored with it. Raises TooSoon."""
    await _spend(limits, _by_address(limits, site_id, rates, address, "limit_privacy"), now)


async def check_privacy_mail(limits: Limits, rates: Rates, *, email: str, now: int) -> None:
    """Let one more mail go to an address that anybody may have typed, whatever the site. Raises TooSoon."""
    await _spend(limits, _alone(limits, _WHOLE_SERVER, rates, "limit_privacy_mail", email), now)


async def check_moderator_link(limits: Limits, rates: Rates, *, address: str, now: int) -> None:
    """Let one more mailed moderation link be opened, whatever its site. Raises TooSoon."""
    await _spend(limits, _by_address(limits, _WHOLE_SERVER, rates, address, "limit_moderator_link"), now)


async def check_sign_in(limits: Limits, rates: Rates, *, account: str, address: str, now: int) -> None:
    """Let one more password be tried: for this account from this address, and from this address at all. Raises TooSoon.

    `account` is the folded e-mail as typed, known or not. Never by account alone: that would let anybody lock it.
    """
    rate = rates.get("limit_sign_in", DEFAULTS["limit_sign_in"])
    if rate is None:
        return
    claims = []
    for prefix, factor in address_keys(address):
        narrow, wide = rate.times(factor), rate.times(factor * _SIGN_IN_WIDER)
        claims.append(_claim(limits, _WHOLE_SERVER, narrow, "limit_sign_in", prefix, account))
        claims.append(_claim(limits, _WHOLE_SERVER, wide, "limit_sign_in", prefix))
    await _spend(limits, [_careful(claim) for claim in claims], now)


async def check_code(limits: Limits, rates: Rates, *, moderator: int, now: int) -> None:
    """Let one more code be tried for an account whose password was right, from wherever. Raises TooSoon.

    Six digits are few; that the password comes first is why nobody else can use this up.
    """
    await _spend(
        limits, [_careful(claim) for claim in _alone(limits, _WHOLE_SERVER, rates, "limit_code", str(moderator))], now
    )


def _by_address(limits: Limits, site_id: int, rates: Rates, address: str, *rules: str) -> list[Claim]:
    in_force = [(rule, rate) for rule in rules if (rate := rates.get(rule, DEFAULTS[rule])) is not None]
    return [
        _claim(limits, site_id, rate.times(factor), rule, prefix)
        for prefix, factor in address_keys(address)
        for rule, rate in in_force
    ]


def _alone(limits: Limits, site_id: int, rates: Rates, rule: str, what: str) -> list[Claim]:
    rate = rates.get(rule, DEFAULTS[rule])
    return [] if rate is None else [_claim(limits, site_id, rate, rule, what)]


def _claim(limits: Limits, site_id: int, rate: Rate, *parts: str) -> Claim:
    return Claim(_key(limits.secret, str(site_id), *parts), rate, rate_when_down=rate)


def _key(secret: bytes, *parts: str) -> str:
    # Lengths stand before the parts, so that no two lists of parts read alike.
    text = "".join(f"{len(part)}:{part}" for part in ("limit.v1", *parts))
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256")[:_KEY_BYTES].hex()


def _careful(claim: Claim) -> Claim:
    return Claim(claim.key, claim.rate, claim.rate.slowed(_SIGN_IN_SLOWER_WHEN_DOWN))


async def _spend(limits: Limits, claims: Sequence[Claim], now: int) -> None:
    if not claims:
        return
    wait = await limits.buckets.spend(claims, now)
    if wait > 0:
        raise TooSoon(-(-wait // SECOND))
