"""One JSON line on stderr for each thing worth telling: UTC time, level, event; escaped, so that it stays one line."""

import logging
import sys

import structlog
from structlog.typing import Processor

from widget.web.access_log import escape_values

_SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.format_exc_info,
    escape_values,
]
_TOO_CHATTY = ("uvicorn.error", "asyncio", "aiosqlite", "httpx", "httpcore")
"""What these tell at level info is of use to nobody but who debugs them."""


def configure_logging(level: str) -> None:
    """Send all logs of the process, ours and the libraries', to stderr as JSON. `level` is a LogLevel."""
    numeric = logging.getLevelNamesMapping()[level.upper()]
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[to_stderr], level=numeric, force=True)
    for name in _TOO_CHATTY:
        logging.getLogger(name).setLevel(numeric if numeric == logging.DEBUG else max(numeric, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
