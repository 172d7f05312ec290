"""The power fails twenty times, at any moment: whatever the disk had kept by then, nothing acknowledged is missing."""

from pathlib import Path

import pytest

from tests.faults.lights_out import post_until_the_lights_go_out
from tests.faults.tracing import needs_strace
from tests.running import UNLIMITED, copied, furnished

pytestmark = [pytest.mark.anyio, needs_strace]


@pytest.mark.case("C127")
async def test_what_was_acknowledged_before_a_power_failure_is_there(sqlite_template: Path, tmp_path: Path) -> None:
    await furnished(copied(sqlite_template, tmp_path), limits=UNLIMITED)
    seen = await post_until_the_lights_go_out(tmp_path / "comments.db", tmp_path, posts=120, failures=20)
    assert seen.lost == []
    assert len(seen.kept) == 20
    assert max(seen.kept) > 0
