"""How many bytes the first view of a thread is, compressed, and what they are spent on."""

import re
from pathlib import Path

import brotli

from bench.asking import Program, running
from bench.report import Report
from bench.seed import ORIGIN, Shape, add_site, add_thread, address, parents_in, samples
from widget.db.engine import Db
from widget.web.encodings import gzipped

COMMENTS = 100
MOST_FULL = 14_000
MOST_EMPTY = 7_000

_EMPTY = f"{ORIGIN}/nobody-has-written-here"
_PARTS = {
    "what the readers wrote": re.compile(rb'(?<=<div class="words" dir="auto">).*?(?=</div>)', re.DOTALL),
    "their names": re.compile(rb"(?<=<bdi>).*?(?=</bdi>)"),
    "times": re.compile(rb"<time.*?</time>", re.DOTALL),
    "ids and permalinks": re.compile(rb' id="c-\w+"|(?<= href=")/c/\w+'),
    "reply links": re.compile(rb'<p class="acts">.*?</p>', re.DOTALL),
    "stylesheet": re.compile(rb"<style>.*?</style>", re.DOTALL),
    "form": re.compile(rb"<form.*?</form>", re.DOTALL),
    "of the form, its token": re.compile(rb'(?<=name="token" value=")[^"]*'),
}


async def measure(report: Report, folder: Path) -> None:
    """Measure a thread of a hundred comments and an empty one, then take the page apart."""
    async with running(f"sqlite:///{folder}/sizes.db", _fill) as program:
        full = await _page(report, program, f"{COMMENTS} comments", address(Shape.MIXED, COMMENTS), MOST_FULL)
        empty = await _page(report, program, "empty", _EMPTY, MOST_EMPTY)
    _print_text(report)
    _take_apart(report, full, empty)


async def _fill(db: Db) -> None:
    site = await add_site(db)
    await add_thread(db, site, address(Shape.MIXED, COMMENTS), parents_in(Shape.MIXED, COMMENTS))


async def _page(report: Report, program: Program, name: str, url: str, most: int) -> bytes:
    """The page as it is; its sizes as they are sent."""
    page = (await program.embed(url)).body
    sizes = {coding: len((await program.embed(url, coding)).body) for coding in ("br", "gzip")}
    report.head(f"First view, {name}: one response, stylesheet inline, bytes of its body ({len(page):,} uncompressed)")
    report.most(f"{name}, brotli", sizes["br"], most, " B")
    report.most(f"{name}, gzip", sizes["gzip"], most, " B")
    best = len(brotli.compress(page, mode=brotli.MODE_TEXT, quality=11))
    report.line(f"{name}, if compressed as hard as can be", f"brotli 11: {best:,} B, gzip 9: {_gzipped(page):,} B")
    return page


def _print_text(report: Report) -> None:
    bodies = [sample.body for sample in samples()]
    average = sum(map(len, bodies)) / len(bodies)
    alone = len(_compressed("\n".join(bodies).encode()))
    report.line("text of the comments alone, brotli", f"{alone:,} B ({average:.0f} characters each on average)")


def _take_apart(report: Report, full: bytes, empty: bytes) -> None:
    report.head("Where the bytes go: how much smaller the page of 100 comments is (brotli) without")
    whole = len(_compressed(full))
    saved = {name: whole - len(_compressed(part.sub(b"", full))) for name, part in _PARTS.items()}
    for name, size in saved.items():
        report.line(name, f"{size:,} B")
    written = saved["what the readers wrote"] + saved["their names"]
    around = (whole - len(_compressed(empty)) - written) / COMMENTS
    report.line("markup of one comment, without words and name", f"{around:.1f} B")


def _compressed(page: bytes) -> bytes:
    return bytes(brotli.compress(page, mode=brotli.MODE_TEXT, quality=5))


def _gzipped(page: bytes) -> int:
    return min(len(gzipped(page, memory)) for memory in range(5, 10))
