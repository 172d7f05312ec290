"""What every request may use, typed, and how it is opened and closed."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import fields, replace
from typing import Any, TypedDict

import structlog
from markupsafe import Markup

from widget import clock
from widget.backups import daily
from widget.backups.before_migrating import migrate_safely
from widget.db.engine import DatabaseUnavailable, Db
from widget.db.news import open_news
from widget.db.opening import open_db_for_visitors
from widget.jobs.job import Handler
from widget.jobs.worker import Worker, working
from widget.limits.buckets import Buckets
from widget.limits.fallback import SafeBuckets
from widget.limits.memory import MemoryBuckets
from widget.limits.policy import Limits
from widget.limits.store import SqlBuckets
from widget.pages.cache import PageCache
from widget.people.passwords import Passwords
from widget.people.sightings import Sightings
from widget.privacy import retention_job
from widget.privacy.privacy_jobs import privacy_jobs
from widget.rendering import LANGUAGE_NAMES, Pages
from widget.search.filling import fill_gaps
from widget.settings import Settings
from widget.sites.keys import Keys
from widget.sites.refusals import RefusedOrigins
from widget.spam.learning import learn_always
from widget.transfer.import_jobs import import_jobs
from widget.web import static_files
from widget.web.signing import FormSigner
from widget.web.static_files import Stylesheet

_log = structlog.get_logger("access")


class AppState(TypedDict):
    """The parts of the running program, in `request.state`."""

    settings: Settings
    db: Db
    keys: Keys
    forms: FormSigner
    limits: Limits
    passwords: Passwords
    sightings: Sightings
    pages: Pages
    frame_sheet: Stylesheet
    further_sheet: Stylesheet
    admin_sheet: Stylesheet
    in_flight: dict[str, asyncio.Lock]
    page_cache: PageCache
    refused_origins: RefusedOrigins
    worker: Worker


def quick_jobs(settings: Settings) -> dict[str, Handler]:
    """Who does the jobs of seconds, by kind."""
    return {**privacy_jobs(settings), retention_job.KIND: retention_job.forget_in_time}


def long_jobs(settings: Settings) -> dict[str, Handler]:
    """Who does the jobs of minutes and hours, by kind."""
    return {**import_jobs(settings), daily.KIND: daily.Daily(settings)}


async def _buckets(settings: Settings, db: Db) -> Buckets:
    """Where spending is counted: in memory while one process answers, in the database when several do."""
    if settings.workers == 1 and db.name == "sqlite":
        return MemoryBuckets()
    return SafeBuckets(SqlBuckets(db))


@asynccontextmanager
async def open_state(settings: Settings) -> AsyncIterator[AppState]:
    """Open the database (migrated) and everything else; closed when the block is left."""
    async with AsyncExitStack() as stack:
        db = await open_db_for_visitors(settings.database_url)
        stack.push_async_callback(db.close)
        await migrate_safely(db, settings, now=clock.now())
        await fill_gaps(db)
        news = await stack.enter_async_context(open_news(db, settings.database_url))
        page_cache = PageCache(db, news, settings.page_cache_mb * 1_000_000)
        await stack.enter_async_context(_running(_tell_counts(page_cache)))
        await stack.enter_async_context(_running(page_cache.improve()))
        await stack.enter_async_context(_running(learn_always(db)))
        sightings = await stack.enter_async_context(_kept_sightings(db))
        worker = Worker(db, quick_jobs(settings), long_jobs(settings))
        await daily.Daily(settings).begin(db, clock.now())
        await retention_job.begin(db, clock.now())
        await stack.enter_async_context(working(worker))
        keys = Keys([key.encode() for key in settings.secret_keys])
        frame_sheet, admin_sheet = static_files.frame_sheet(), static_files.admin_sheet()
        further_sheet = static_files.further_sheet()
        yield AppState(
            settings=settings,
            db=db,
            keys=keys,
            forms=FormSigner(keys),
            limits=Limits(await _buckets(settings, db), keys.mac("limits.v1")),
            passwords=Passwords(),
            sightings=sightings,
            pages=Pages(
                frame_css=Markup(frame_sheet.text),  # noqa: S704  our own file
                further_css=Markup(further_sheet.text),  # noqa: S704  our own file
                admin_css=admin_sheet.path,
                language_names=LANGUAGE_NAMES,
            ),
            frame_sheet=frame_sheet,
            further_sheet=further_sheet,
            admin_sheet=admin_sheet,
            in_flight={},
            page_cache=page_cache,
            refused_origins=RefusedOrigins(),
            worker=worker,
        )


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """A task that ends with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def _kept_sightings(db: Db) -> AsyncIterator[Sightings]:
    """When sessions were seen, written down once a minute and at the end."""
    sightings = Sightings()
    async with _running(_write_down(sightings, db)):
        yield sightings
    with suppress(DatabaseUnavailable):
        await sightings.write_down(db)


async def _write_down(sightings: Sightings, db: Db) -> None:
    while True:
        await asyncio.sleep(60)
        with suppress(DatabaseUnavailable):
            await sightings.write_down(db)


async def _tell_counts(cache: PageCache) -> None:
    """Pages from memory have no log line each, but one a minute for all."""
    before = replace(cache.counts)
    while True:
        await asyncio.sleep(60)
        now = replace(cache.counts)
        told = {one.name: getattr(now, one.name) - getattr(before, one.name) for one in fields(now)}
        if any(told.values()):
            _log.info("shared pages", **told, kept=len(cache), bytes=cache.bytes)
        before = now
