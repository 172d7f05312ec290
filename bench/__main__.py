"""`python -m bench`: every measurement, one after the other. Bounded, on the loopback only; nothing is left behind."""

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench import (
    deciding,
    growth,
    importing,
    killing,
    many,
    moderation,
    painting,
    posting,
    reading,
    rendering,
    sizes,
    spam,
    starting,
    triage,
)
from bench.report import Report, describe_machine

Measurement = Callable[[Report, Path, "Length"], None]


@dataclass(frozen=True, slots=True)
class Length:
    """How long to measure: comments of the threads, rounds, seconds of a round under load, connections."""

    threads: tuple[int, ...]
    renders: int
    rounds: int
    seconds: float
    posting: tuple[int, ...] = (1, 16, 64)
    deciding: int = 10_000
    triage: int = 200
    reading: tuple[int, ...] = (1, 16, 64)
    many: int = 10_000
    numbers: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    connections: tuple[int, ...] = (1, 4, 16, 64, 256, 1_000)
    comments: int = 1_000_000
    imported: int = 100_000
    killed: int = 20_000


FULL = Length(threads=(100, 1_000, 10_000, 100_000), renders=15, rounds=5, seconds=1.5)
QUICK = Length(
    threads=(100, 300),
    renders=1,
    rounds=1,
    seconds=0.2,
    reading=(16,),
    deciding=400,
    triage=5,
    comments=3_000,
    imported=3_000,
    killed=3_000,
    many=60,
    numbers=(20, 60),
    connections=(1, 8),
)

MEASUREMENTS: dict[str, Measurement] = {
    "rendering": lambda report, folder, length: asyncio.run(
        rendering.measure(report, folder, length.threads, length.renders)
    ),
    "sizes": lambda report, folder, _: asyncio.run(sizes.measure(report, folder)),
    "posting": lambda report, folder, length: posting.measure(
        report, folder, length.posting, length.rounds, length.seconds
    ),
    "reading": lambda report, folder, length: reading.measure(
        report, folder, length.reading, length.rounds, length.seconds
    ),
    "many": lambda report, folder, length: many.measure(report, folder, length.many),
    "starting": lambda report, folder, length: starting.measure(report, folder, length.comments, length.rounds),
    "painting": lambda report, folder, length: painting.measure(report, folder, length.rounds),
    "growth": lambda report, folder, length: growth.measure(
        report, folder, length.threads, length.numbers, length.connections, length.seconds
    ),
    "spam": lambda report, folder, length: spam.measure(report, folder, length.deciding),
    "moderation": lambda report, folder, length: moderation.measure(report, folder, length.comments, length.rounds),
    "deciding": lambda report, folder, length: deciding.measure(report, folder, length.deciding),
    "importing": lambda report, folder, length: importing.measure(report, folder, length.imported),
    "killing": lambda report, folder, length: killing.measure(report, folder, length.killed),
    "triage": lambda report, folder, length: triage.measure(report, folder, length.triage),
}


def main() -> None:
    """Measure what was asked for, each in an empty folder of its own."""
    wanted = _parsed()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=wanted.folder) as name:
        describe_machine(report, Path(name))
        for measurement in wanted.only or MEASUREMENTS:
            folder = Path(name) / measurement
            folder.mkdir()
            MEASUREMENTS[measurement](report, folder, _length(wanted))
    report.end()


def _length(wanted: argparse.Namespace) -> Length:
    length = QUICK if wanted.quick else FULL
    return replace(length, imported=wanted.imported) if wanted.imported else length


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="The numbers that the product must reach.")
    parser.add_argument("--quick", action="store_true", help="a few seconds: does it run? The figures mean nothing")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="this measurement; may be repeated")
    parser.add_argument("--imported", type=int, help="comments that are imported; a million takes some ten minutes")
    parser.add_argument("--folder", type=Path, help="where databases are made: on the disk to be measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
