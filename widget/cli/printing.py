"""Printing what a verb found: for people as lines, for programs as JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

as_json: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, for programs."
)
"""The option of every verb that prints what it found."""


def print_json(found: object) -> None:
    """Print a JSON document."""
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Print names and values, one pair a line, the values below each other."""
    width = max((len(name) for name in pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"{name:<{width}}  {value}".rstrip())
