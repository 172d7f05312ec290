"""A host that strangers suddenly link to from many threads: held (case C145). One in three threads within an hour is.

A host is new until a moderator has let a comment with it through; the site's own hosts never are. The hosts of trusted
authors aren't counted: they neither start a flood nor vouch for one.
"""

from collections.abc import Iterable, Mapping

from widget.db.engine import Tx
from widget.sites.origins import AddressError, take_apart
from widget.sites.site import Site, SiteRules
from widget.spam import hosts_store
from widget.spam.verdict import HOLD, Facts, Finding


def find_busy_host(rules: SiteRules, facts: Facts) -> Finding | None:
    """A new host in more threads than a reader writes to within an hour."""
    if facts.trusted or not rules.host_threads:
        return None
    host, threads = facts.busiest_host
    return Finding("host", HOLD, host) if threads >= rules.host_threads else None


def hosts_of(links: Iterable[str]) -> list[str]:
    """The hosts that links lead to, each once, in order."""
    return list(dict.fromkeys(host for link in links if (host := _host_of(link))))


def foreign_hosts(site: Site, links: Iterable[str]) -> list[str]:
    """The same without the site's own."""
    own = {origin.partition("://")[2] for origin in site.origins}
    return [host for host in hosts_of(links) if host not in own]


async def busiest_host(tx: Tx, site: Site, thread_id: int, links: Iterable[str], now: int) -> tuple[str, int]:
    """Note the hosts of a stranger's comment: the new one linked to from most threads, and how many those are."""
    hosts = foreign_hosts(site, links)
    if not hosts:
        return "", 0
    await hosts_store.note(tx, site.id, thread_id, hosts, now)
    return busiest(await hosts_store.thread_counts(tx, site.id, hosts, now))


def busiest(threads: Mapping[str, int]) -> tuple[str, int]:
    """The host with the most threads."""
    return max(threads.items(), key=lambda one: one[1], default=("", 0))


def _host_of(link: str) -> str:
    try:
        return take_apart(link).origin.partition("://")[2]
    except AddressError:
        return ""
