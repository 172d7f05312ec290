"""What every test may ask for: an engine, a migrated, empty database on it, the product, and people at browsers."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import hypothesis
import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from tests.browser import Browser
from tests.postgres import Cluster, NoPostgres, temporary_cluster
from tests.postgres_pool import Databases
from tests.scene import NOW as NOW
from tests.scene import PASSWORD, a_moderator, a_site
from tests.served import all_gone
from widget import clock
from widget.app import build_app
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.settings import Settings
from widget.sites.site import Site
from widget.wiring import AppState

_numbers = itertools.count()

# How long an example takes says more of the machine than of the code; what must be quick is timed by its own test.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


@pytest.fixture
def anyio_backend() -> str:
    """The database drivers are made for asyncio."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine under test: every test that asks for a database runs on both."""
    return str(request.param)


@pytest.fixture
def empty_db_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that holds nothing at all."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    yield from postgres_database(request.getfixturevalue("cluster"), "template0")


@pytest.fixture
def db_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database, made for this test alone."""
    if engine == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "comments.db")
        yield f"sqlite:///{tmp_path}/comments.db"
        return
    with request.getfixturevalue("postgres_databases").one() as url:
        yield url


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[Db]:
    """A migrated, empty database, made for this test alone."""
    database = await open_db(db_url)
    try:
        yield database
    finally:
        await database.close()


class StoppedClock:
    """The clock of the program, which stands still until a test moves it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def forward(self, milliseconds: int) -> None:
        """Let so much time pass."""
        self.now += milliseconds


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """Stops the program's clock at NOW."""
    stopped = StoppedClock(NOW)
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@dataclass(frozen=True)
class App:
    """The product, running: an ASGI application, and what it has open."""

    settings: Settings
    state: AppState
    _starlette: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the state that a server would hand on from the lifespan."""
        await self._starlette({**scope, "state": dict(self.state)}, receive, send)

    def browser(self, *, address: str = "203.0.113.7", frame: bool = False) -> Browser:
        """A browser of somebody who has never been here."""
        return Browser(self, self.settings.base_url, address=address, frame=frame)


@pytest.fixture
def settings(db_url: str) -> Settings:
    """The settings of a server that browsers reach by https."""
    return Settings(database_url=db_url, secret_keys=("k" * 40,), base_url="https://comments.example")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """The product on an empty database of its own."""
    starlette = build_app(settings)
    async with starlette.router.lifespan_context(starlette) as state:
        assert state is not None
        yield App(settings, cast("AppState", state), starlette)
        await all_gone()


@pytest.fixture
async def site(app: App) -> Site:
    """A partner."""
    return await a_site(app.state["db"], "partner")


@pytest.fixture
async def reader(app: App) -> AsyncIterator[Browser]:
    """Somebody at a browser."""
    browser = app.browser()
    yield browser
    await browser.close()


@pytest.fixture
async def moderator(app: App, site: Site) -> AsyncIterator[Browser]:
    """Ada, who moderates the partner's site, signed in."""
    await a_moderator(app.state["db"], "ada@example.org", "Ada", site)
    browser = app.browser(address="198.51.100.9")
    form = (await browser.open("/admin/sign-in")).form("email", "password")
    await form.press(email="ada@example.org", password=PASSWORD)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole run; without one its tests are skipped."""
    try:
        with temporary_cluster() as server:
            yield server
    except NoPostgres as error:
        if os.environ.get("WIDGET_TEST_REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """A migrated database to copy."""
    cluster.copy("template0", "migrated")
    _migrate(cluster.url("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def postgres_databases(cluster: Cluster, postgres_template: str) -> Databases:
    """Migrated databases that are emptied behind each test."""
    return Databases(cluster, postgres_template)


def postgres_database(cluster: Cluster, template: str) -> Iterator[str]:
    """The address of a copy of `template`, dropped afterwards."""
    name = f"test_{next(_numbers)}"
    cluster.copy(template, name)
    yield cluster.url(name)
    cluster.drop(name)


def _migrate(url: str) -> None:
    """Migrate from a fixture that isn't asynchronous: in a thread, so that no test's event loop is disturbed."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _opened_and_migrated(url)).result()


async def _opened_and_migrated(url: str) -> None:
    db = await open_db(url)
    try:
        await migrate(db, now=NOW)
    finally:
        await db.close()
