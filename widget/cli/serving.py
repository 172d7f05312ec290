"""`comment-widget serve`: the socket, the database and the log made ready, then one or more server processes.

Sockets are bound before anything starts, so a port that is taken is one sentence, and connections that come early wait
instead of being refused. Worker processes read the settings again for themselves: only what came as a flag is
handed over, as an environment variable, so no key ever stands in one.
"""

import asyncio
import os
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from types import FrameType
from typing import NoReturn

import click
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE

from widget.cli.checking import warnings
from widget.cli.draining import LAST_WORDS, DrainingServer
from widget.cli.failing import Refused
from widget.cli.listening import activated, address_of, inherited, listen
from widget.cli.memory import waste_no_memory
from widget.cli.migrating import bring_up_to_date
from widget.reading_settings import load_settings
from widget.settings import Settings, env_name
from widget.web.logging import configure_logging

App = Callable[..., Awaitable[None]]
"""An ASGI application."""

_NOT_STARTED = Refused("The server could not start; the log above says why.")


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=int, help="The port to listen on.")
@click.option("--fd", type=click.IntRange(0), help="A listening socket that was handed over, instead of both.")
@click.option("--workers", type=int, help="How many processes answer requests.")
def serve(*, host: str | None, port: int | None, fd: int | None, workers: int | None) -> None:
    """Start the server. With no settings at all it makes ./data/ and listens on 127.0.0.1:8000.

    The sockets of a systemd .socket unit are taken by themselves.
    """
    if fd is not None and (host, port) != (None, None):
        raise click.UsageError("--fd takes the place of --host and --port.")
    flags = {"host": host, "port": port, "workers": workers}
    settings = load_settings(flags)
    os.environ.update({env_name(name): str(value) for name, value in flags.items() if value is not None})
    run_server(settings, [inherited(fd)] if fd is not None else activated(os.environ))


def run_server(settings: Settings, handed_over: Sequence[socket.socket] = ()) -> None:
    """Serve until a signal ends it, on these sockets or, without any, on the address of the settings.

    Raises Refused when the address is taken, and what migrating raises.
    """
    configure_logging(settings.log_level)
    waste_no_memory()
    _allow_connections()
    own = [] if handed_over else [listen(settings.host, settings.port)]
    listening = [*handed_over, *own]
    asyncio.run(bring_up_to_date(settings))
    _say_what_next(settings, listening)
    signal.signal(signal.SIGTERM, _stop)
    if settings.workers == 1:
        _run_here(settings, listening, own)
    else:
        _run_workers(settings, listening, own)


def _run_here(settings: Settings, listening: list[socket.socket], own: list[socket.socket]) -> None:
    from widget.app import build_app

    try:
        DrainingServer(_configured(build_app(settings), settings), own).run(sockets=listening)
    except KeyboardInterrupt:
        return
    except SystemExit as end:
        if end.code == STARTUP_FAILURE:
            raise _NOT_STARTED from end
        raise


def _run_workers(settings: Settings, listening: list[socket.socket], own: list[socket.socket]) -> None:
    from widget.cli.workers import Workers

    if not Workers(_configured("widget.cli.serving:app", settings), listening, own).run():
        raise _NOT_STARTED


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """A server told to stop has done what was asked: uvicorn raises the signal again when all is closed."""
    sys.exit(0)


def _allow_connections() -> None:
    """As many open connections as the system allows us; many systems start a program with 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def app() -> App:
    """The application of one process, made from the settings around it. Any ASGI server can run it as a factory."""
    from widget.app import build_app

    settings = load_settings({})
    configure_logging(settings.log_level)
    return build_app(settings)


def _configured(application: App | str, settings: Settings) -> Config:
    from widget.web.bounded_connection import IDLE_SECONDS
    from widget.web.front_desk import FrontDesk

    return Config(
        application,
        factory=isinstance(application, str),
        http=FrontDesk,
        loop="uvloop",
        ws="none",
        lifespan="on",
        workers=settings.workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=LAST_WORDS,
    )


def _say_what_next(settings: Settings, listening: Sequence[socket.socket]) -> None:
    here = " and ".join(address_of(each) for each in listening)
    where = settings.sqlite_file or "the PostgreSQL server of WIDGET_DATABASE_URL"
    click.echo(f"Listening on {here} (Ctrl+C stops it); the comments are in {where}.")
    click.echo("Add a site:      comment-widget site add my-site --origin https://www.example.com")
    click.echo("Get its snippet: comment-widget snippet --site my-site")
    for sentence in warnings(settings):
        click.echo(f"Warning: {sentence}", err=True)
