"""`comment-widget worker`: does the jobs that servers leave, in a process of its own."""

import asyncio
import signal

import click

from widget import clock
from widget.cli.database import with_database
from widget.cli.memory import waste_no_memory
from widget.db.engine import Db
from widget.jobs import queue
from widget.reading_settings import load_settings
from widget.settings import Settings
from widget.web.logging import configure_logging


@click.command()
@click.option("--again", is_flag=True, help="Let the jobs that were given up be tried once more, and end.")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def worker(*, again: bool, once: bool) -> None:
    """Do jobs (backups, imports, mails) as they come due; every server does them too."""
    settings = load_settings({})
    if again:
        click.echo(f"Tried again: {with_database(_unpark, settings)}")
        return
    configure_logging(settings.log_level)
    waste_no_memory()
    asyncio.run(_work(settings, once=once))


async def _unpark(db: Db) -> int:
    async with db.transaction() as tx:
        return await queue.unpark(tx, clock.now())


async def _work(settings: Settings, *, once: bool) -> None:
    from widget.cli.migrating import bring_up_to_date
    from widget.wiring import open_state

    await bring_up_to_date(settings)
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    async with open_state(settings) as state:
        if once:
            await state["worker"].catch_up(clock.now())
        else:
            click.echo("Working (Ctrl+C stops it).")
            await told.wait()
