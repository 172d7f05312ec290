"""The locked requirements: hashed, complete, recent enough, and without the address of an index."""

import re
import tomllib

import pytest

from tests.house.tree import HOME

LOCKS = ("run.txt", "build.txt", "test.txt")
FLOORS = {"starlette": (1, 3, 1), "python-multipart": (0, 0, 32)}
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def text(lock: str) -> str:
    """A lock file."""
    return (HOME / "requirements" / lock).read_text("utf-8")


def pins(lock: str) -> dict[str, str]:
    """Its packages and their versions."""
    return dict(_PIN.findall(text(lock)))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_path(lock: str) -> None:
    strange = re.findall(r"^(?!(?:[a-z0-9-]+==| {4}--hash=sha256:[0-9a-f]{64})).*$", text(lock), re.MULTILINE)
    assert [line for line in strange if line] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_hashed(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text(lock), flags=re.MULTILINE)[1:]
    assert blocks
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_what_is_tested_is_what_runs() -> None:
    assert pins("run.txt").items() | pins("build.txt").items() <= pins("test.txt").items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    build = project["dependency-groups"]["build"]
    names = [re.split("[><=]", each)[0] for each in project["project"]["dependencies"] + build]
    assert set(names) <= pins("run.txt").keys() | pins("build.txt").keys()


@pytest.mark.case("C160")
@pytest.mark.parametrize("name", FLOORS)
def test_versions_with_known_holes_are_kept_out(name: str) -> None:
    floor = ".".join(str(part) for part in FLOORS[name])
    assert f'"{name}>={floor}"' in (HOME / "pyproject.toml").read_text("utf-8")
    assert tuple(int(part) for part in pins("run.txt")[name].split(".")) >= FLOORS[name]
