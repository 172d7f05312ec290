"""kill -9 while people write: what was acknowledged is there, once, and what was sent again isn't there twice."""

from pathlib import Path

import pytest

from tests.faults.insisting import assert_nothing_lost, compared, whole
from tests.faults.killing import kill_again_and_again
from tests.running import UNLIMITED, furnished

pytestmark = pytest.mark.anyio


@pytest.mark.case("C125")
@pytest.mark.parametrize(("engine", "workers", "rounds"), [("sqlite", 1, 6), ("sqlite", 2, 2), ("postgres", 1, 2)])
async def test_killed_again_and_again_nothing_is_lost_or_doubled(
    db_url: str, engine: str, workers: int, rounds: int, tmp_path: Path
) -> None:
    site = await furnished(db_url, limits=UNLIMITED)
    killed = await kill_again_and_again(db_url, tmp_path, rounds=rounds, posts=30, workers=workers)
    assert killed.seen.silence > 0, "nobody was interrupted"
    assert set(killed.seen.answers) <= {303, 503}
    assert_nothing_lost(await compared(db_url, site.id, killed.seen.kept), killed.seen)
    assert engine != "sqlite" or whole(tmp_path / "comments.db")
