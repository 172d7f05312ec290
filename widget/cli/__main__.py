"""The command `comment-widget` (also `python -m widget`): one file per verb beside this one.

It ends with 0 when done, 1 when refused, 2 when misused, 3 for a setting, 4 for the database: see exit_codes.py.
"""

import click

import widget
from widget.cli.checking import check
from widget.cli.demonstrating import demo
from widget.cli.exporting import export_command
from widget.cli.failing import Verbs
from widget.cli.importing import import_command
from widget.cli.migrating import migrate
from widget.cli.moderators import moderator
from widget.cli.serving import serve
from widget.cli.sites import site
from widget.cli.snippets import snippet
from widget.cli.version import version


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(widget.__version__, prog_name="comment-widget")
def main() -> None:
    """Comment Widget: comments for other people's pages, without JavaScript."""


for verb in (demo, serve, site, moderator, snippet, import_command, export_command, check, migrate, version):
    main.add_command(verb)

if __name__ == "__main__":
    main(prog_name="comment-widget")
