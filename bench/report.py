"""What is printed: the machine, and one line for each figure with its goal."""

import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import brotli


@dataclass(slots=True)
class Report:
    """The lines printed so far; `missed` are the names of those that didn't reach their goal."""

    missed: list[str] = field(default_factory=list)

    def head(self, title: str) -> None:
        """Begin a measurement."""
        print(f"\n{title}", flush=True)

    def line(self, name: str, value: str) -> None:
        """A figure without a goal."""
        print(f"  {name:<58} {value}", flush=True)

    def most(self, name: str, value: float, goal: float, unit: str, note: str = "") -> None:
        """A figure that must not be greater than its goal."""
        self._judged(name, value, f"at most {goal:g}{unit}", value <= goal, unit, note)

    def least(self, name: str, value: float, goal: float, unit: str, note: str = "") -> None:
        """A figure that must not be smaller than its goal."""
        self._judged(name, value, f"at least {goal:g}{unit}", value >= goal, unit, note)

    def end(self) -> None:
        """Say what was missed."""
        print("\nEvery goal was reached." if not self.missed else "\nMissed: " + "; ".join(self.missed) + ".")

    def _judged(self, name: str, value: float, goal: str, met: bool, unit: str, note: str) -> None:
        if not met:
            self.missed.append(name)
        shown = f"{written(value)}{unit}"
        print(f"  {name:<58} {shown:<12} {'ok    ' if met else 'MISSED'} ({goal}){note and ' ' + note}", flush=True)


def written(value: float) -> str:
    """A number with as many digits as it deserves."""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.4g}" if value >= 100 else f"{value:.3g}"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """The median of the rounds, and the least and greatest of them."""
    return f"{written(middle(values))} ({written(min(values))} to {written(max(values))})"


def describe_machine(report: Report, folder: Path) -> None:
    """Print what the figures were measured on. `folder` is where the databases lie."""
    report.head("Machine")
    report.line("processor", f"{_processor()}, {os.cpu_count()} cores")
    report.line("load before the start (1, 5, 15 minutes)", " ".join(f"{load:.2f}" for load in os.getloadavg()))
    report.line("system", f"{platform.system()} {platform.release()}")
    report.line(
        "Python, SQLite, brotli", f"{platform.python_version()}, {sqlite3.sqlite_version}, {brotli.__version__}"
    )
    report.line("a Python loop of a million additions, ms of CPU", f"{_loop():.1f}")
    report.line("file system of the databases", _file_system(folder))


def machine() -> str:
    """The machine in general words, for plots."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _loop() -> float:
    """How fast this machine is at the moment, to compare runs on different ones: the median of five."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        sum(number + 1 for number in range(1_000_000))
        times.append((time.process_time() - begun) * 1_000)
    return middle(times)


def _file_system(folder: Path) -> str:
    """Its type; on `tmpfs` a commit costs nothing and the figures of posts mean nothing."""
    if not shutil.which("stat"):
        return "unknown"
    done = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False)
    kind = done.stdout.strip()
    return f"{kind}: in memory, so commits are free and posts per second mean little" if kind == "tmpfs" else kind
