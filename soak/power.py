"""C127: the power fails at any moment while somebody posts, by what the kernel was asked to write and to sync."""

import shutil
from pathlib import Path

from bench.report import Report
from soak.scenes import a_copy, a_file
from tests.faults.lights_out import post_until_the_lights_go_out

FAILURES = 20
"""In each round."""


async def measure(report: Report, folder: Path, rounds: int, posts: int) -> None:
    """So many rounds, in each of which so many posts are acknowledged."""
    report.head(f"Power failures, SQLite: {rounds} rounds of {FAILURES}")
    if not shutil.which("strace"):
        return report.line("not measured", "strace is not installed")
    await a_file(folder)
    kept, lost = 0, 0
    for number in range(rounds):
        own = folder / f"round-{number}"
        a_copy(folder / "comments.db", own)
        seen = await post_until_the_lights_go_out(own / "comments.db", own, posts=posts, failures=FAILURES)
        kept, lost = kept + sum(seen.kept), lost + len(seen.lost)
        shutil.rmtree(own)
    report.line("posts, and comments that the failures had to leave", f"{rounds * posts:,}, {kept:,}")
    return report.most("acknowledged comments lost", lost, 0, "")
