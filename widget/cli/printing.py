"""Printing what a verb found: for people as lines, for programs as JSON."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

as_json: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, for programs."
)
"""The option of every verb that prints what it found."""


def print_json(found: object) -> None:
    """Print a JSON document."""
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@contextmanager
def progress(length: int, label: str, unit: str, size: int = 1) -> Iterator[Callable[[int], None]]:
    """A bar on stderr with the time left and the rate a second; nothing at all where nobody watches.

    What is given is called with how far it has moved on. The rate is told in units of `size`.
    """

    def rate(_: object) -> str | None:
        seconds = bar.time_per_iteration * size
        return f"{1 / seconds:,.{int(size > 1)}f} {unit}/s" if seconds else None

    bar: click._termui_impl.ProgressBar[object] = click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), item_show_func=rate
    )
    with bar:
        yield bar.update


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Print names and values, one pair a line, the values below each other."""
    width = max((len(name) for name in pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"{name:<{width}}  {value}".rstrip())
