"""Several processes that serve the same sockets: one that dies is replaced, SIGHUP renews all, SIGTERM ends all.

Design note. The parent only watches. Invariants:

1. a worker that serves is told to go only after its successor serves (SIGHUP), or when all go;
2. a worker that can't start ends the server only if none has ever served: later it is a passing fault (a database that
   restarts), which the others outlive; a new one is tried every PAUSE seconds;
3. a stopping parent closes its own sockets first (what arrived there nobody would answer), and waits LAST_CALL seconds;
4. workers end with their parent even when it is killed, else they would go on serving an old program on its port.

uvicorn's own supervisor was tried: a worker that can't start takes all down, SIGTERM waits for a renewal to be through,
and killed it leaves its workers behind.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType

import structlog
from uvicorn import Config

from widget.cli.draining import LAST_CALL, DrainingServer
from widget.cli.listening import turn_away
from widget.cli.memory import waste_no_memory

PAUSE = 1.0
"""Seconds between two attempts to start a worker that can't start."""

PATIENCE = 30.0
"""Seconds that a worker may take to start before it counts as one that can't."""

_GLANCE = 0.2
_PR_SET_PDEATHSIG = 1

_log = structlog.get_logger("workers")
_spawn = multiprocessing.get_context("spawn")


class Workers:
    """The processes that serve `sockets`, as many as `config.workers`. `config` names the application as a string.

    `last` are those of the sockets that nobody serves after them.
    """

    def __init__(self, config: Config, sockets: Sequence[socket.socket], last: Sequence[socket.socket] = ()) -> None:
        self._config = config
        self._sockets = list(sockets)
        self._last = last
        self._serving: list[_Worker] = []
        self._leaving: list[_Worker] = []
        self._outdated: list[_Worker] = []
        self._ever_served = False
        self._ended = False
        self._start_again_at = 0.0

    def run(self) -> bool:
        """Serve until SIGTERM or SIGINT. False when no worker could ever start."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        signal.signal(signal.SIGHUP, self._renew)
        while not self._ended:
            self._start_missing()
            wait([worker.body.sentinel for worker in self._all()], _GLANCE)
            self._look_after()
        self._end_all()
        return self._ever_served

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._ended = True

    def _renew(self, _signal: int, _frame: FrameType | None) -> None:
        self._outdated = list(self._serving)

    def _all(self) -> list["_Worker"]:
        return [*self._serving, *self._leaving]

    def _start_missing(self) -> None:
        wanted = self._config.workers + bool(self._outdated)
        while len(self._serving) < wanted and time.monotonic() >= self._start_again_at:
            self._serving.append(_started(self._config, self._sockets))

    def _look_after(self) -> None:
        for worker in self._all():
            worker.listen()
        self._ever_served = self._ever_served or any(worker.ready for worker in self._serving)
        for worker in [each for each in self._serving if each.is_lost()]:
            self._let_go(worker)
        self._leaving = [worker for worker in self._leaving if not worker.is_gone()]
        self._retire_one()

    def _let_go(self, lost: "_Worker") -> None:
        """Forget a worker that died or hangs in its start."""
        lost.kill()
        self._serving.remove(lost)
        _log.error("worker_lost", pid=lost.body.pid, code=lost.body.exitcode, served=lost.ready)
        if not lost.ready:
            self._start_again_at = time.monotonic() + PAUSE
            self._outdated = []
            self._ended = self._ended or not self._ever_served

    def _retire_one(self) -> None:
        """Of those that SIGHUP made outdated send one away, once everybody's successor so far serves."""
        self._outdated = [worker for worker in self._outdated if worker in self._serving]
        enough = sum(worker.ready for worker in self._serving) > self._config.workers
        if self._outdated and enough:
            worker = self._outdated.pop(0)
            self._serving.remove(worker)
            self._leaving.append(worker)
            worker.send_away()

    def _end_all(self) -> None:
        turn_away(self._last)
        for listening in self._sockets:
            listening.close()
        until = time.monotonic() + LAST_CALL
        for worker in self._all():
            worker.send_away()
        for worker in self._all():
            worker.body.join(max(0.0, until - time.monotonic()))
            worker.kill()


@dataclass(eq=False, slots=True)
class _Worker:
    """One process as its parent sees it; `voice` brings a word once it serves."""

    body: SpawnProcess
    voice: Connection
    began: float
    ready: bool = False
    told_at: float | None = None

    def listen(self) -> None:
        if not self.ready and self.voice.poll():
            with contextlib.suppress(EOFError):
                self.ready = bool(self.voice.recv_bytes())

    def is_lost(self) -> bool:
        """Whether it is dead, or will never serve."""
        return not self.body.is_alive() or (not self.ready and time.monotonic() > self.began + PATIENCE)

    def is_gone(self) -> bool:
        """Whether it has left; one that was told and stays too long is shown out."""
        if self.body.is_alive() and self.told_at is not None and time.monotonic() < self.told_at + LAST_CALL:
            return False
        self.kill()
        return True

    def send_away(self) -> None:
        """Tell it to stop, once."""
        if self.told_at is None:
            self.told_at = time.monotonic()
            self.body.terminate()

    def kill(self) -> None:
        """End it whatever it does, and give back what it held."""
        self.body.kill()
        self.body.join()
        self.voice.close()


def _started(config: Config, sockets: list[socket.socket]) -> _Worker:
    ours, theirs = _spawn.Pipe(duplex=False)
    body = _spawn.Process(target=_serve, args=(config, sockets, theirs, os.getpid()))
    body.start()
    theirs.close()
    return _Worker(body, ours, time.monotonic())


def _serve(config: Config, sockets: list[socket.socket], voice: Connection, parent: int) -> None:
    """What a worker does."""
    _end_with(parent)
    waste_no_memory()
    config.configure_logging()
    with contextlib.suppress(KeyboardInterrupt):
        _TellingServer(config, voice).run(sockets)


class _TellingServer(DrainingServer):
    def __init__(self, config: Config, voice: Connection) -> None:
        super().__init__(config)
        self._voice = voice

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._voice.send_bytes(b"serving")


def _end_with(parent: int) -> None:
    """Be told to stop when the parent dies: prctl(2), Linux alone."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            signal.raise_signal(signal.SIGTERM)
