"""Restore into a PostgreSQL database: in one transaction, with what was there moved into a schema of its own."""

import zipfile

from widget.backups.backup import Backup, BackupRefused, Kind
from widget.backups.looking import faults_in_log
from widget.backups.restoring import Restored, moment
from widget.db import pg_programs, postgres_tables
from widget.db.engine import DatabaseUnavailable
from widget.db.holdings import Holdings, count
from widget.db.migrate import migrations, run_missing
from widget.db.opening import open_db
from widget.db.postgres import PostgresTx


async def restore(url: str, found: Backup, *, replace: bool, now: int) -> Restored:
    """Restore a backup that has been looked at. Raises BackupRefused, DatabaseUnavailable."""
    if found.kind is Kind.SQLITE:
        raise BackupRefused(f"{found.path} comes from SQLite: set WIDGET_DATABASE_URL to sqlite:///data/comments.db.")
    assert found.holdings is not None
    before = await postgres_tables.held_in(url)
    if before and before.is_something and not replace:
        raise BackupRefused(
            "The database of WIDGET_DATABASE_URL holds sites or moderators, so nothing was done: with --replace its "
            "tables are kept aside in a schema of their own and the backup takes their place."
        )
    aside = f"replaced_{moment(now).lower()}"
    await (_put_back if found.kind is Kind.PG_DUMP else _fill)(url, found, found.holdings, aside)
    db = await open_db(url)
    try:
        await run_missing(db, now=now)
    finally:
        await db.close()
    return Restored(found.holdings, f"schema {aside}" if before else None)


async def _fill(url: str, found: Backup, expected: Holdings, aside: str) -> None:
    ran = [each.name for each in migrations("postgres") if each.name <= expected.migration]
    try:
        async with postgres_tables.filled(url, found.path, ran, aside) as reader:
            faults = await faults_in_log(reader)
            if faults or await count(reader) != expected:
                raise BackupRefused(
                    f"{found.path} did not come back as it was, so nothing was kept: {'; '.join(faults)}"
                )
    except postgres_tables.Occupied as error:
        raise BackupRefused(str(error)) from error
    except (zipfile.BadZipFile, DatabaseUnavailable) as error:
        raise BackupRefused(f"{found.path} was not restored, and nothing was changed: {error}") from error


async def _put_back(url: str, found: Backup, expected: Holdings, aside: str) -> None:
    try:
        async with postgres_tables.made_room(url, aside) as schema:
            await pg_programs.put_back(url, found.path, schema)
            async with postgres_tables.session_of(url) as session:
                reader = PostgresTx(session)
                faults = await faults_in_log(reader)
                if faults or await count(reader) != expected:
                    raise BackupRefused(f"{found.path} did not come back as it was, so nothing was kept: {faults}")
    except postgres_tables.Occupied as error:
        raise BackupRefused(str(error)) from error
    except (pg_programs.ProgramFailed, DatabaseUnavailable) as error:
        raise BackupRefused(f"{found.path} was not restored, and nothing was changed: {error}") from error
