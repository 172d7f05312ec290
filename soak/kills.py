"""C125: the server is killed with kill -9 while people write, round after round."""

from pathlib import Path

from bench.report import Report
from soak.scenes import a_file
from tests.faults.insisting import compared, whole
from tests.faults.killing import kill_again_and_again

LEAST_POSTS = 10_000


async def measure(report: Report, folder: Path, rounds: int, posts: int) -> None:
    """So many rounds, in each of which at least so many posts are acknowledged before the kill."""
    report.head(f"kill -9 of the server, SQLite: {rounds} rounds")
    url, site = await a_file(folder)
    killed = await kill_again_and_again(url, folder, rounds=rounds, posts=posts)
    kept = await compared(url, site.id, killed.seen.kept)
    report.least("posts that were acknowledged", len(killed.seen.kept), min(LEAST_POSTS, rounds * posts), "")
    report.line("tries that the kill left without an answer", f"{killed.seen.silence:,}")
    report.most("acknowledged comments lost", len(kept.lost), 0, "")
    report.most("comments that are there twice after a retry", len(kept.doubled), 0, "")
    report.most("comments that nobody acknowledged, at the end", kept.in_all - len(killed.seen.kept), 0, "")
    report.most("comments by which the thread's number is wrong", abs(kept.miscounted), 0, "")
    report.most("faults that SQLite finds in the file", 0 if whole(folder / "comments.db") else 1, 0, "")
    report.line("slowest start until an answer", f"{killed.slowest_start:.2f} s")
