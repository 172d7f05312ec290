"""Would an article be framed? Answered from what is registered alone: nothing is ever fetched."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from widget.sites.origins import AddressError, origin_of
from widget.sites.site import Site

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class SelfTest:
    """An article's address, its origin, and why its frame would (`registered`, `signed`) or wouldn't be shown.

    Otherwise `why` is `foreign`, `too-long`, or the word of an AddressError. `near` is a registered origin that differs
    from this one in `differs` alone: `scheme`, `www` or `port`.
    """

    url: str
    why: str
    origin: str = ""
    near: str = ""
    differs: str = ""

    @property
    def passes(self) -> bool:
        """Whether it would be shown."""
        return self.why in ("registered", "signed")


def tested(site: Site, typed: str) -> SelfTest:
    """What becomes of a frame whose article has this address."""
    url = typed.strip()
    if len(url.encode("utf-8", "surrogatepass")) > LONGEST:
        return SelfTest(url[:200], "too-long")
    try:
        origin = origin_of(url)
    except AddressError as refused:
        return SelfTest(url, refused.why)
    if origin in site.origins:
        return SelfTest(url, "signed" if site.rules.strict else "registered", origin)
    near, differs = _nearest(site, origin)
    return SelfTest(url, "foreign", origin, near, differs)


def _nearest(site: Site, origin: str) -> tuple[str, str]:
    """The registered origin that this one was perhaps taken for."""
    for registered in site.origins:
        if differs := _difference(registered, origin):
            return registered, differs
    return "", ""


def _difference(one: str, other: str) -> str:
    a, b = urlsplit(one), urlsplit(other)
    if a.netloc == b.netloc:
        return "scheme"
    if a.scheme == b.scheme and a.netloc.removeprefix("www.") == b.netloc.removeprefix("www."):
        return "www"
    return "port" if (a.scheme, a.hostname) == (b.scheme, b.hostname) else ""
