"""The table of the limits hangs: posting goes on, still limited, hardly slower, and the log tells of it."""

import time
from collections.abc import AsyncIterator

import asyncpg  # type: ignore[import-untyped]
import pytest
from structlog.testing import capture_logs

from tests.browser import Browser
from tests.conftest import App
from tests.faults.insisting import BUSY
from tests.readers import write
from tests.scene import a_site
from widget.limits.fallback import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hanging(app: App, db_url: str) -> AsyncIterator[None]:
    """Somebody holds the whole table."""
    session = await asyncpg.connect(db_url)
    try:
        async with session.transaction():
            await session.execute("lock table bucket in access exclusive mode")
            yield
    finally:
        await session.close()


@pytest.mark.case("C54")
@pytest.mark.parametrize("engine", ["postgres"])
async def test_posting_goes_on_and_is_still_limited(app: App, reader: Browser, hanging: None) -> None:
    await a_site(app.state["db"], "partner", rule="post")
    with capture_logs() as lines:
        begun = time.monotonic()
        assert (await write(reader, "First.")).status == 200
        assert time.monotonic() - begun < PATIENCE + BUSY
        for number in range(2):
            assert (await write(reader, f"Number {number}.")).status == 200
        assert (await write(reader, "One too many.")).status == 429
    assert [line["event"] for line in lines].count("limits_store_down") == 1
