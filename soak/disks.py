"""C129 and C130: each of the first writes and syncs fails once, and a disk that takes its time."""

import shutil
from collections import Counter
from pathlib import Path

from bench.report import Report
from soak.scenes import a_copy, a_file
from tests.faults.dawdling import SLOW, Watched, read_while_writing
from tests.faults.erring import write_on_an_erring_disk
from tests.faults.insisting import compared, whole

_STEPS = {"pwrite64": 200, "fdatasync": 10}
"""After so many calls the next one fails: a comment needs some twenty writes, and one sync."""


async def measure_errors(report: Report, folder: Path, most: int, posts: int) -> None:
    """Let each of the first `most` calls fail once; after each start so many posts must be acknowledged."""
    report.head(f"EIO at each of the first {most} writes and syncs")
    if not shutil.which("strace"):
        return report.line("not measured", "strace is not installed")
    _, site = await a_file(folder)
    for call, step in _STEPS.items():
        answers, faults, refused = Counter[int](), Counter[str](), 0
        for first in range(1, min(most, step) + 1):
            own = folder / f"{call}-{first}"
            url = a_copy(folder / "comments.db", own)
            seen = await write_on_an_erring_disk(url, own, call, first=first, step=step, posts=posts)
            kept = await compared(url, site.id, seen.kept)
            refused += not seen.answers
            answers += seen.answers
            faults += Counter(lost=len(kept.lost), doubled=len(kept.doubled), damaged=not whole(own / "comments.db"))
            shutil.rmtree(own)
        report.line(f"{call}: posts acknowledged, and refused with 503", f"{answers[303]:,}, {answers[503]:,}")
        report.line(f"{call}: starts that were refused in a sentence", f"{refused}")
        report.most(f"{call}: answers that are neither", answers.total() - answers[303] - answers[503], 0, "")
        for fault in ("lost", "doubled", "damaged"):
            report.most(f"{call}: {fault}", faults[fault], 0, "")
    return None


async def measure_slowness(report: Report, folder: Path, seconds: float) -> None:
    """Read for so long while others write on a disk whose syncs take their time."""
    report.head(f"Syncs of {SLOW * 1_000:.0f} ms")
    if not shutil.which("strace"):
        return report.line("not measured", "strace is not installed")
    await a_file(folder)
    usual = await read_while_writing(a_copy(folder / "comments.db", folder / "usual"), folder, seconds, 0.0)
    watched = await read_while_writing(a_copy(folder / "comments.db", folder / "slow"), folder, seconds)
    for name, one in (("usual", usual), ("slow", watched)):
        report.line(f"posts on a {name} disk, p50", f"{one.seen.slow(0.5) * 1_000:.0f} ms")
    report.line("readers on a usual disk, p95", f"{usual.slow_read * 1_000:.0f} ms")
    return report.most("readers on a slow disk, p95 more than that", added(usual, watched), SLOW * 100, " ms")


def added(usual: Watched, watched: Watched) -> float:
    """Milliseconds by which the slower readers wait longer."""
    return (watched.slow_read - usual.slow_read) * 1_000
