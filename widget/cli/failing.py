"""A failure the operator can mend is one sentence on stderr and an exit code, never a traceback."""

from typing import Any

import click

from widget.backups.backup import BackupRefused
from widget.cli.exit_codes import ExitCode
from widget.db.engine import DatabaseUnavailable
from widget.db.migrate import MigrationRefused
from widget.db.opening import WrongDatabaseUrl
from widget.reading_settings import SettingsError

_CODES: dict[type[Exception], ExitCode] = {
    SettingsError: ExitCode.SETTINGS,
    WrongDatabaseUrl: ExitCode.SETTINGS,
    DatabaseUnavailable: ExitCode.DATABASE,
    MigrationRefused: ExitCode.DATABASE,
    BackupRefused: ExitCode.REFUSED,
}


class Refused(click.ClickException):
    """What was asked can't be done; the message says why and what to do."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.REFUSED) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click's own subclasses set it on the class


class Verbs(click.Group):
    """A group of verbs whose failures end in sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb that was named."""
        try:
            return super().invoke(ctx)
        except tuple(_CODES) as failure:
            code = next(code for kind, code in _CODES.items() if isinstance(failure, kind))
            raise Refused(_sentence(failure), code) from failure


def _sentence(failure: Exception) -> str:
    if isinstance(failure, DatabaseUnavailable):
        return (
            f"The database of WIDGET_DATABASE_URL doesn't answer ({failure}): comment-widget check shows its address."
        )
    return str(failure)
