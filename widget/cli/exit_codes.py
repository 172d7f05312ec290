"""How the command ends. docs/command.md tells the same to operators."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script may rely on."""

    DONE = 0
    REFUSED = 1
    """Asked for something that can't be done: the one sentence on stderr says what and why."""
    MISUSED = 2
    """The command line can't be read (click's own code)."""
    SETTINGS = 3
    """A setting is refused, unknown or missing."""
    DATABASE = 4
    """The database doesn't answer, or it and this program don't belong together."""
