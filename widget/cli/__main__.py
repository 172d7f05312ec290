"""The command `comment-widget` (also `python -m widget`): one file per verb beside this one.

It ends with 0 when done, 1 when refused, 2 when misused, 3 for a setting, 4 for the database: see exit_codes.py.

A verb's file is read only when the verb is asked for: a server needs no import formats in its memory.
"""

import importlib
from collections.abc import Iterator, Mapping, MutableMapping

import click

import widget
from widget.cli.failing import Verbs


class _WhenNamed(MutableMapping[str, click.Command]):
    """Commands by name, each imported when it is looked up."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._found: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._found:
            module, _, verb = self._places[name].partition(":")
            self._found[name] = getattr(importlib.import_module(module), verb)
        return self._found[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._places[name], self._found[name] = "", command

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._found.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


VERBS = _WhenNamed(
    {
        "demo": "widget.cli.demonstrating:demo",
        "serve": "widget.cli.serving:serve",
        "site": "widget.cli.sites:site",
        "moderator": "widget.cli.moderators:moderator",
        "snippet": "widget.cli.snippets:snippet",
        "import": "widget.cli.importing:import_command",
        "export": "widget.cli.exporting:export_command",
        "remap": "widget.cli.remapping:remap_command",
        "person": "widget.cli.people:person",
        "backup": "widget.cli.backing_up:backup",
        "restore": "widget.cli.restoring:restore",
        "worker": "widget.cli.working:worker",
        "check": "widget.cli.checking:check",
        "migrate": "widget.cli.migrating:migrate",
        "version": "widget.cli.version:version",
    }
)
"""Each verb's name and where it is."""


@click.group(cls=Verbs, commands=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(widget.__version__, prog_name="comment-widget")
def main() -> None:
    """Comment Widget: comments for other people's pages, without JavaScript."""


if __name__ == "__main__":
    main(prog_name="comment-widget")
