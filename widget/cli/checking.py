"""`comment-widget check`: what is in force, what is unwise about it, and whether the database is ready."""

import asyncio
from dataclasses import asdict, dataclass

import click

from widget import clock, own_secret, web_origin
from widget.backups import daily
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json, print_pairs
from widget.db.engine import Db
from widget.db.migrate import pending
from widget.db.opening import open_db
from widget.jobs import queue
from widget.jobs.job import Waiting
from widget.logbook.verifying import verify
from widget.reading_settings import read_settings
from widget.settings import Settings, env_name
from widget.sites import store as sites

MOST_NAMED = 20
"""Entries that don't fit which are named; of the others there are only so many."""


@click.command()
@as_json
def check(*, as_json: bool) -> None:
    """Print the settings in force, secrets masked, see whether the database is ready, and verify its log.

    Changes nothing. Ends with 1 where an entry of the log doesn't fit.
    """
    settings = read_settings({})
    database, log, jobs = asyncio.run(state_of_database(settings))
    backup, late = daily.told(settings, clock.now())
    sentences = (*warnings(settings), *([late] if late else []), *_given_up(jobs))
    if as_json:
        found = {"settings": shown(settings), "warnings": sentences, "database": database, "jobs": asdict(jobs)}
        print_json({**found, "backup": backup, "log": log.entries, "log_faults": log.faults})
    else:
        pairs = {env_name(name): value for name, value in shown(settings).items()}
        work = f"{jobs.waiting:,} waiting, {jobs.parked:,} given up"
        print_pairs(pairs | {"database": database, "jobs": work, "backup": backup, "log": log.state})
    for sentence in sentences:
        click.echo(f"Warning: {sentence}", err=True)
    if log.faults:
        raise Refused(log.said)


@dataclass(frozen=True, slots=True)
class LogState:
    """How many entries the log has, and those that don't fit, a sentence each."""

    entries: int = 0
    faults: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """All of it in a few words."""
        return (
            f"{self.entries:,} entries, {len(self.faults)} that don't fit"
            if self.faults
            else f"{self.entries:,} entries, all fit"
        )

    @property
    def said(self) -> str:
        """What is wrong, and what to do."""
        return (
            f"The log of decisions is not as it was written: {'; '.join(self.faults)}. Compare it with an exported log "
            "or a backup from before to see what has been changed."
        )


def _given_up(jobs: Waiting) -> tuple[str, ...]:
    many = f"{jobs.parked:,} jobs were given up after {queue.MOST_TRIES} tries: the log says why, "
    return (f"{many}and comment-widget worker --again lets them be tried once more.",) if jobs.parked else ()


async def state_of_database(settings: Settings) -> tuple[str, LogState, Waiting]:
    """The database in a few words, log and jobs. Raises DatabaseUnavailable, MigrationRefused, WrongDatabaseUrl."""
    if settings.sqlite_file and not settings.sqlite_file.exists():
        return "made at the first start", LogState(), Waiting(0, 0)
    db = await open_db(settings.database_url)
    try:
        if missing := await pending(db):
            return f"to be migrated: {', '.join(missing)}", LogState(), Waiting(0, 0)
        return "up to date", await state_of_log(db), await queue.waiting(db)
    finally:
        await db.close()


async def state_of_log(db: Db) -> LogState:
    """Every chain verified, with the names of the sites for whoever reads it."""
    verified = await verify(db)
    slugs = {site.id: site.slug for site in await sites.every(db)}
    sentences = (
        f"site {slugs.get(fault.site_id, fault.site_id)}, number {fault.number}: {fault.problem}"
        for fault in verified.faults[:MOST_NAMED]
    )
    more = (f"and {len(verified.faults) - MOST_NAMED} more",) if len(verified.faults) > MOST_NAMED else ()
    return LogState(verified.entries, (*sentences, *more))


def warnings(settings: Settings) -> tuple[str, ...]:
    """What is allowed and unwise, a sentence each."""
    found = []
    if settings.base_url.startswith("http:") and not web_origin.is_loopback(settings.base_url):
        found.append(
            f"WIDGET_BASE_URL is {settings.base_url}: without https anyone on the way reads and changes what is typed, "
            "and browsers drop the cookies of framed pages; put a proxy with a certificate in front."
        )
    if "base_url" not in settings.model_fields_set and not web_origin.is_loopback(f"http://{settings.host}"):
        found.append(
            f"WIDGET_BASE_URL is not set though the server listens on {settings.host}: links in feeds and mails will "
            f"point to {settings.base_url}; set it to the public address."
        )
    return tuple(found)


def shown(settings: Settings) -> dict[str, str]:
    """Every setting as text that may be shown to an operator: keys and passwords are masked."""
    values = {name: _text(value) for name, value in settings.model_dump().items()}
    values["secret_keys"] = (
        ", ".join(own_secret.masked(key) for key in settings.secret_keys) or "made at the first start"
    )
    values["database_url"] = web_origin.without_password(settings.database_url)
    values["smtp_url"] = web_origin.without_password(settings.smtp_url)
    return values


def _text(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value or "")
