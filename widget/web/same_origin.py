"""Who sent a form: a page of ours, nobody we can name, or another site's page.

An anonymous comment uses no authority that the sender doesn't have anyway, so a sender we can't name may write one (it
is always held, and his cookies are ignored). Whatever uses a cookie needs SAME. Only unsafe methods are asked about: a
GET is never refused for these headers, since a link opened from the frame comes as `cross-site` in WebKit.
"""

from enum import StrEnum

from widget.web.client_address import Headers


class Sender(StrEnum):
    """Where a POST came from, by the browser's word."""

    SAME = "same"
    """Our own page."""

    ANONYMOUS = "anonymous"
    """An old browser, a command line, or our page in a partner's sandbox without `allow-same-origin`."""

    FOREIGN = "foreign"
    """Another site's page: 403."""


def sender(headers: Headers, own_origin: str) -> Sender:
    """Where an unsafe request came from, by Sec-Fetch-Site (W3C Fetch Metadata) and Origin (RFC 6454).

    `own_origin` is as a browser writes it: lower case, no default port, no slash at its end.
    """
    sites, origins = _values(headers)
    if len(sites) > 1 or len(origins) > 1:
        return Sender.FOREIGN
    site, origin = next(iter(sites), None), next(iter(origins), None)
    if site == "same-origin" or (site is None and origin == own_origin):
        return Sender.SAME
    if (site, origin) in _NAMELESS:
        return Sender.ANONYMOUS
    return Sender.FOREIGN


_NAMELESS = frozenset({(None, None), (None, "null"), ("cross-site", "null")})
# `same-site` with `null` is missing on purpose: a sandbox is `cross-site` to everybody, so that one is a sibling host's
# page with Referrer-Policy: no-referrer.


def _values(headers: Headers) -> tuple[list[str], list[str]]:
    sites, origins = [], []
    for name, value in headers:
        if name == b"sec-fetch-site":
            sites.append(value.decode("latin-1").strip())
        elif name == b"origin":
            origins.append(value.decode("latin-1").strip())
    return sites, origins
