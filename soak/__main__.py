"""`python -m soak`: every part, one after the other. Bounded, on the loopback only; nothing is left behind."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path

from bench.report import Report, describe_machine
from soak import disks, fuzz, hostile, kills, memory, mutants, postgres, power

Part = Callable[[Report, Path, "Length"], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Length:
    """How long the parts are: rounds, posts of a round, calls that fail, seconds, requests."""

    kills: int
    stops: int
    posts_before_a_stop: int
    cuts: int
    failing_calls: int
    slow_seconds: float
    requests: int
    power: int
    posts_before_the_dark: int = 300
    posts: int = 50
    random_requests: int = 20_000
    hostile: int = 1_400
    hostile_seconds: float = 60
    mistakes: int = 60


FULL = Length(
    kills=200,
    stops=20,
    posts_before_a_stop=500,
    cuts=500,
    failing_calls=200,
    slow_seconds=60,
    requests=500_000,
    power=34,
)
QUICK = Length(
    kills=3,
    stops=1,
    posts_before_a_stop=20,
    cuts=5,
    failing_calls=2,
    slow_seconds=2,
    requests=4_000,
    power=1,
    posts_before_the_dark=100,
    posts=20,
    random_requests=300,
    hostile=140,
    hostile_seconds=3,
    mistakes=2,
)

PARTS: dict[str, Part] = {
    "fuzz": lambda report, folder, length: fuzz.measure(report, folder, length.random_requests),
    "hostile": lambda report, folder, length: hostile.measure(report, folder, length.hostile, length.hostile_seconds),
    "kills": lambda report, folder, length: kills.measure(report, folder, length.kills, length.posts),
    "stops": lambda report, folder, length: postgres.measure_stops(
        report, folder, length.stops, length.posts_before_a_stop
    ),
    "cuts": lambda report, folder, length: postgres.measure_cuts(report, folder, length.cuts),
    "errors": lambda report, folder, length: disks.measure_errors(report, folder, length.failing_calls, length.posts),
    "power": lambda report, folder, length: power.measure(report, folder, length.power, length.posts_before_the_dark),
    "slowness": lambda report, folder, length: disks.measure_slowness(report, folder, length.slow_seconds),
    "mistakes": lambda report, folder, length: mutants.measure(report, folder, length.mistakes),
    "memory": lambda report, folder, length: memory.measure(report, folder, length.requests),
}


def main() -> None:
    """Do the parts that were asked for, each in an empty folder of its own."""
    wanted = _parsed()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=wanted.folder) as name:
        describe_machine(report, Path(name))
        for part in wanted.only or PARTS:
            folder = Path(name) / part
            folder.mkdir()
            begun = time.monotonic()
            asyncio.run(PARTS[part](report, folder, QUICK if wanted.quick else FULL))
            report.line("this took", f"{time.monotonic() - begun:.0f} s")
    report.end()


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m soak", description="What only shows after hours.")
    parser.add_argument("--quick", action="store_true", help="a minute: does it run? The figures mean little")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument("--folder", type=Path, help="where databases are made: on a disk, not in memory")
    return parser.parse_args()


if __name__ == "__main__":
    main()
