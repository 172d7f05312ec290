"""Reading YAML as text only: no types are guessed, no tags followed, and no anchors, with which a bomb is built."""

from typing import Any

import yaml

from widget.transfer.decoded import encoding_of
from widget.transfer.record import BrokenExport

_DEEPEST = 50


def read_yaml(name: str, content: bytes) -> Any:
    """What a YAML file holds. Raises BrokenExport, with line and column."""
    text = content.decode(encoding_of(content), "replace")
    try:
        _refuse_strange(name, text)
        return yaml.load(text, yaml.CBaseLoader)  # noqa: S506  the base loader makes nothing but text
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        raise BrokenExport(f"{where}: {fault.problem or 'this is no YAML'} (nothing was imported).") from fault
    except yaml.YAMLError as fault:
        raise BrokenExport(f"{name}: it holds a character that YAML doesn't allow (nothing was imported).") from fault


def _refuse_strange(name: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise BrokenExport(f"{name}: an alias (*{event.anchor}), which no comment needs (nothing was imported).")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise BrokenExport(f"{name}: nested deeper than {_DEEPEST}; that is no comment.")
