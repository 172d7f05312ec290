"""One JSON line on stderr for each thing worth telling: UTC time, level, event; escaped, so that it stays one line."""

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from widget.web.access_log import escape_values

_SHARED: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.format_exc_info,
    escape_values,
]
_TOO_CHATTY = ("uvicorn.error", "asyncio", "aiosqlite", "httpx", "httpcore")
"""What these tell at level info is of use to nobody but who debugs them."""

_JSON = json.JSONEncoder(default=repr)


def configure_logging(level: str) -> None:
    """Send all logs of the process, ours and the libraries', to stderr as JSON. `level` is a LogLevel.

    Ours don't pass through `logging`, which would cost a post a tenth of its time.
    """
    numeric = logging.getLevelNamesMapping()[level.upper()]
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_SHARED],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _as_json],
        )
    )
    logging.basicConfig(handlers=[to_stderr], level=numeric, force=True)
    for name in _TOO_CHATTY:
        logging.getLogger(name).setLevel(numeric if numeric == logging.DEBUG else max(numeric, logging.WARNING))
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_SHARED, _as_json],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        cache_logger_on_first_use=True,
    )


def _as_json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return _JSON.encode(event)
