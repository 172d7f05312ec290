"""The wheel alone, away from the checkout, starts a server that shows a thread."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.tree import HOME

PATIENCE = 30.0
KEPT = ("PATH", "LANG", "TMPDIR")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=HOME, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`comment-widget` in an environment of its own: our wheel, and the libraries of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    home = next((folder / "lib").glob("python*")) / "site-packages"
    (home / "libraries.pth").write_text("\n".join({path for path in sys.path if path.endswith("site-packages")}))
    return folder / "bin" / "comment-widget"


def run(command: Path, folder: Path, *arguments: str) -> str:
    """What a verb of the installed command prints."""
    done = subprocess.run([command, *arguments], cwd=folder, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """An environment that holds no setting and no way back to the checkout."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


@contextlib.contextmanager
def serving(command: Path, folder: Path) -> Iterator[str]:
    """The address of a server that was started in an empty folder without any setting but its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [command, "serve", "--port", str(port)], cwd=folder, env=environment(), stdout=log, stderr=log
        )
        try:
            wait_for(f"{address}/healthz", server, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(httpx.TransportError):
            assert httpx.get(address).status_code == 200, log.read_text()
            return
        time.sleep(0.05)
    pytest.fail(f"no answer within {PATIENCE} s: {log.read_text()}")


def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names}
    assert folders == {"widget", next(folder for folder in folders if folder.endswith(".dist-info"))}
    shipped = {f"widget/{path.relative_to(HOME)}" for path in (HOME / "templates").rglob("*.html")}
    shipped |= {"widget/embed-snippet.html", "widget/py.typed", "widget/db/migrations/0001_house.sql"}
    assert shipped - set(names) == set()


def test_the_installed_program_is_the_wheel(command: Path, tmp_path: Path) -> None:
    where = run(command.with_name("python"), tmp_path, "-c", "import widget; print(widget.__file__)")
    assert where.startswith(str(command.parents[1]))


def test_it_serves_a_thread_with_no_setting_at_all(command: Path, tmp_path: Path) -> None:
    run(command, tmp_path, "site", "add", "house", "--origin", "https://house.example", "--name", "House")
    with serving(command, tmp_path) as address:
        page = httpx.get(f"{address}/embed/house", params={"url": "https://house.example/a"})
    assert page.status_code == 200, page.text
    assert 'name="body"' in page.text
    assert "<style" in page.text


def test_what_it_makes_is_for_its_owner_alone(command: Path, tmp_path: Path) -> None:
    run(command, tmp_path, "migrate")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
