"""Links: where those of a comment lead, and which addresses may be linked at all."""

import html
import re
from urllib.parse import quote, unquote

from widget.markup.characters import INVISIBLE
from widget.sites.origins import AddressError, take_apart

_HREF = re.compile(r'<a href="([^"]*)"')
_MAIL = re.compile(
    r"mailto:[A-Za-z0-9.!#$%&*+=^_{|}~\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?", re.IGNORECASE
)
_SCHEME = re.compile(r"(?i:https?://)")
# Markdown renderers write a host of other letters with escapes, which browsers undo before IDNA.
_ESCAPED_AUTHORITY = re.compile(r"(?i:https?://)[^/?#]*%[89A-Fa-f][^/?#]*")
_ESCAPED_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_HOST_LIKE = re.compile(r"[^\s/?#:@]+\.[^\s/?#:@.]{2,}\.?(?::[0-9]+)?(?:[/?#].*)?", re.DOTALL)
# What may stand in a path, query and fragment as it is; quotation marks and angle brackets never do.
_UNTOUCHED = "%/?#[]@!$&()*+,;=:-._~|"


def links_in(body_html: str) -> list[str]:
    """Where the web links of a comment's stored HTML lead, in order, each as often as it occurs; without mail links."""
    targets = (html.unescape(target) for target in _HREF.findall(body_html))
    return [target for target in targets if not target.startswith("mailto:")]


def hosts_in(body_html: str) -> list[str]:
    """The hosts (with their port, where it isn't the default) that a comment links to, each once, in order."""
    origins = (take_apart(target).origin for target in links_in(body_html))
    return list(dict.fromkeys(origin.partition("://")[2] for origin in origins))


def link_target(address: str) -> str | None:
    """The address to write into a link: http(s) with its host in one spelling, or a bare mailto; None for any other."""
    if _MAIL.fullmatch(address):
        return "mailto:" + address[len("mailto:") :]
    try:
        parts = take_apart(_readable_host(address))
    except AddressError:
        return None
    query = "" if parts.query is None else "?" + parts.query
    fragment = "" if parts.fragment is None else "#" + parts.fragment
    return parts.origin + quote(parts.path + query + fragment, safe=_UNTOUCHED)


def safe_website(typed: str) -> str | None:
    """The address of a reader's own site, fit for a link, or None where it is none.

    `https://` is put before what looks like a host (`partner.example/about`). Entities are never undone: an address
    that hides its scheme behind one has no scheme, and its host is refused.
    """
    address = typed.strip()
    if INVISIBLE.search(address):
        return None
    if not _SCHEME.match(address):
        if not _HOST_LIKE.fullmatch(address):
            return None
        address = f"https://{address}"
    return link_target(address)


def _readable_host(address: str) -> str:
    return _ESCAPED_AUTHORITY.sub(_unescape_letters, address, count=1)


def _unescape_letters(authority: re.Match[str]) -> str:
    return _ESCAPED_LETTERS.sub(lambda escaped: unquote(escaped[0], errors="replace"), authority[0])
