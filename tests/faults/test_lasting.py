"""Memory doesn't grow with the number of requests: the short form of what `make soak` does with half a million."""

from pathlib import Path

import pytest

from tests.faults.lasting import ask_without_end
from tests.running import UNLIMITED, copied, furnished

pytestmark = pytest.mark.anyio


@pytest.mark.case("C141")
async def test_two_thousand_mixed_requests_leave_the_memory_as_it_is(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url, limits=UNLIMITED)
    seen = await ask_without_end(url, tmp_path, warm_up=1_000, requests=1_000)
    assert seen.growth() <= 10
    assert {"200", "303", "404"} <= {*seen.answers}
    assert not [status for status in seen.answers if status >= "500"]
