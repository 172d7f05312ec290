"""A server whose database lies on a disk of a few megabytes, which a test fills and empties.

The disk is a tmpfs in a mount namespace of the server's own, for which nobody has to be root; its files are reached
through /proc. Where no such namespace may be made, the tests are skipped.
"""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.running import SERVE, Running, running, settings_for

_SETUP = 'mount -t tmpfs -o "size=$1" none "$2" && cp "$3" "$2/comments.db" && shift 3 && exec "$@"'
_IN_OWN_NAMESPACE = ("unshare", "-Urm", "sh", "-c", _SETUP, "small-disk")


def reason_against() -> str:
    """Why there can be no small disk here; empty where there can."""
    if not shutil.which("unshare"):
        return "unshare (util-linux) is not installed"
    done = subprocess.run(["unshare", "-Urm", "true"], capture_output=True, text=True, check=False)
    return done.stderr.strip() and f"no mount namespace may be made here: {done.stderr.strip()}"


@dataclass(frozen=True)
class SmallDisk:
    """A running server, and its disk as seen from outside."""

    server: Running
    folder: Path

    def fill(self) -> None:
        """Let somebody else take all the room there is."""
        with (self.folder / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def empty(self) -> None:
        """Give that room back."""
        (self.folder / "filler").unlink()

    @property
    def reserve(self) -> int | None:
        """Bytes that are kept free for moderators; None where nothing is kept."""
        path = self.folder / "comments.db-reserve"
        return path.stat().st_size if path.exists() else None


@contextlib.contextmanager
def on_a_small_disk(folder: Path, template: Path, port: int, *, size: str, reserve_mb: int) -> Iterator[SmallDisk]:
    """`serve` with a copy of this database on a disk of that size."""
    mounted = folder / "disk"
    mounted.mkdir()
    origin = f"http://127.0.0.1:{port}"
    settings = settings_for(f"sqlite:///{mounted}/comments.db", origin, reserve_mb=str(reserve_mb))
    command = (*_IN_OWN_NAMESPACE, size, str(mounted), str(template), *SERVE, "--port", str(port))
    with running(command, folder, settings) as server:
        yield SmallDisk(server, Path(f"/proc/{server.pid}/root") / mounted.relative_to("/"))
