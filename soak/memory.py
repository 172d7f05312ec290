"""C141: half a million requests of all kinds, and what the server's memory comes to."""

from pathlib import Path

from bench.report import Report
from soak.scenes import a_file
from tests.faults.lasting import ask_without_end

MOST_GROWTH = 10


async def measure(report: Report, folder: Path, requests: int) -> None:
    """After a tenth of the requests the memory is what it will stay."""
    report.head(f"{requests:,} mixed requests, SQLite")
    url, _ = await a_file(folder)
    seen = await ask_without_end(url, folder, warm_up=requests // 10, requests=requests * 9 // 10, looks=9)
    report.line("answers", ", ".join(f"{status}: {number:,}" for status, number in sorted(seen.answers.items())))
    report.most("answers of 500 and more", sum(n for status, n in seen.answers.items() if status >= "500"), 0, "")
    report.line("MB resident, after so many requests", ", ".join(f"{at:,}: {mb:.0f}" for at, mb in seen.resident))
    report.most("growth after the first tenth", seen.growth(), MOST_GROWTH, " %")
