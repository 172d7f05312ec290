"""A disk that fails or dawdles: an error page with the text, no damage, and readers don't notice."""

from pathlib import Path
from statistics import median

import pytest

from tests.faults.dawdling import SLOW, read_while_writing
from tests.faults.erring import write_on_an_erring_disk
from tests.faults.insisting import assert_nothing_lost, compared, whole
from tests.faults.tracing import needs_strace
from tests.running import UNLIMITED, copied, furnished

pytestmark = [pytest.mark.anyio, needs_strace]


@pytest.mark.case("C129")
@pytest.mark.parametrize(("call", "first", "step"), [("pwrite64", 40, 61), ("fdatasync", 9, 5)])
async def test_an_error_of_the_disk_is_a_503_and_no_damage(
    call: str, first: int, step: int, sqlite_template: Path, tmp_path: Path
) -> None:
    url = copied(sqlite_template, tmp_path)
    site = await furnished(url, limits=UNLIMITED)
    seen = await write_on_an_erring_disk(url, tmp_path, call, first=first, step=step, posts=60)
    assert set(seen.answers) == {303, 503}
    assert_nothing_lost(await compared(url, site.id, seen.kept), seen)
    assert whole(tmp_path / "comments.db")


@pytest.mark.case("C130")
async def test_a_slow_disk_slows_posts_and_no_reader(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    site = await furnished(url, limits=UNLIMITED)
    watched = await read_while_writing(url, tmp_path, 3.0)
    assert watched.seen.slow(0.5) > SLOW, "the disk wasn't slow"
    assert median(watched.reads) < SLOW / 2
    assert_nothing_lost(await compared(url, site.id, watched.seen.kept), watched.seen)
