"""The tables of hosts that comments link to: seen in the last hour, and known."""

from collections.abc import Sequence

from widget.clock import HOUR
from widget.db.engine import Reader, Tx, in_list


async def note(tx: Tx, site_id: int, thread_id: int, hosts: Sequence[str], now: int) -> None:
    """A stranger links to these hosts from a thread."""
    await tx.run_many(
        """
        insert into recent_host (site_id, host, thread_id, seen_at)
        values (:site_id, :host, :thread_id, :now)
        on conflict (site_id, host, thread_id) do update
        set seen_at = :now
        """,
        [{"site_id": site_id, "host": host, "thread_id": thread_id, "now": now} for host in sorted(hosts)],
    )


async def forget_old(tx: Tx, site_id: int, now: int) -> None:
    """Drop what was seen more than an hour ago."""
    await tx.run(
        "delete from recent_host where site_id = :site_id and seen_at < :since", site_id=site_id, since=now - HOUR
    )


async def thread_counts(db: Reader, site_id: int, hosts: Sequence[str], now: int) -> dict[str, int]:
    """In how many threads strangers have linked to each of these hosts within the hour; known hosts are left out."""
    names, params = in_list("host", hosts)
    rows = await db.rows(
        f"""
        select host, count(*) as threads
        from recent_host
        where site_id = :site_id and host in ({names}) and seen_at >= :since
          and not exists (
            select 1 from known_host where known_host.site_id = :site_id and known_host.host = recent_host.host
          )
        group by host
        order by host
        """,
        site_id=site_id,
        since=now - HOUR,
        **params,
    )
    return {row["host"]: row["threads"] for row in rows}


async def know(tx: Tx, site_id: int, hosts: Sequence[str], now: int) -> None:
    """From now on these hosts aren't new."""
    await tx.run_many(
        """
        insert into known_host (site_id, host, since)
        values (:site_id, :host, :now)
        on conflict (site_id, host) do nothing
        """,
        [{"site_id": site_id, "host": host, "now": now} for host in sorted(set(hosts))],
    )


async def unknow(tx: Tx, site_id: int, hosts: Sequence[str]) -> None:
    """These hosts are as new as on the first day."""
    await tx.run_many(
        "delete from known_host where site_id = :site_id and host = :host",
        [{"site_id": site_id, "host": host} for host in sorted(set(hosts))],
    )


async def known(db: Reader, site_id: int, hosts: Sequence[str]) -> set[str]:
    """Those of these hosts that aren't new."""
    names, params = in_list("host", hosts)
    rows = await db.rows(
        f"select host from known_host where site_id = :site_id and host in ({names})", site_id=site_id, **params
    )
    return {row["host"] for row in rows}
