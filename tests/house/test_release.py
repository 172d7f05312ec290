"""A release: the same bytes each time, a list of components that is true and whole, small and free enough."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.components import Component, components
from tests.house.test_requirements import pins
from tests.house.tree import HOME

SOURCES = ("widget", "templates", "static", "embed-snippet.html", "pyproject.toml", "README.md", "LICENSE")
MOMENT = "1700000000"

PERMISSIVE = {"MIT", "MIT-0", "BSD-3-Clause", "BSD-2-Clause", "Apache-2.0", "PSF-2.0", "ISC", "BSD License"}
PERMISSIVE |= {"MIT OR Apache-2.0"}

MEGABYTE = 1_000_000
MOST = 45 * MEGABYTE
DATES_OF_THE_WORLD = 33 * MEGABYTE
"""Babel brings the dates and plurals of a thousand languages. Without it, all else stays below the 45 MB that are the
goal for everything; with it, the goal is missed."""


def built(folder: Path, into: Path) -> bytes:
    """The wheel of a folder."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": MOMENT}
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(build, cwd=folder, env=environment, check=True, capture_output=True)
    return next(into.glob("*.whl")).read_bytes()


def test_the_wheel_is_the_same_bytes_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in SOURCES:
        if (HOME / name).is_dir():
            shutil.copytree(
                HOME / name,
                elsewhere / name,
                copy_function=shutil.copy,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        else:
            shutil.copy(HOME / name, elsewhere / name)
    assert built(HOME, tmp_path / "here") == built(elsewhere, tmp_path / "there")


@pytest.fixture(scope="module")
def bill() -> dict[str, object]:
    """The list of components, as `make release` writes it."""
    return json.loads(written())  # type: ignore[no-any-return]


def written() -> str:
    """Its text."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": MOMENT}
    command = [sys.executable, "-m", "scripts.components"]
    return subprocess.run(command, cwd=HOME, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_list_of_components_is_that_of_the_lock_file(bill: dict[str, list[dict[str, str]]]) -> None:
    listed = {one["name"]: one["version"] for one in bill["components"] if one["scope"] == "required"}
    assert listed == pins("run.txt")
    assert {one["name"]: one["version"] for one in bill["components"] if one["scope"] == "optional"} == {
        "asyncpg": pins("test.txt")["asyncpg"]
    }
    assert {one.name: one.version for one in components()} == {**listed, "asyncpg": pins("test.txt")["asyncpg"]}


def test_the_list_has_what_the_format_asks_for(bill: dict[str, object]) -> None:
    """The required fields of CycloneDX 1.6, and those that make a list useful."""
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", str(bill["serialNumber"])
    )
    assert isinstance(bill["components"], list)
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(references) == len(set(references)) > 30
    for one in bill["components"]:
        assert {"type", "name", "version", "purl", "licenses"} <= one.keys()
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        (place,) = one["externalReferences"]
        assert place["hashes"], one["name"]
        assert all(re.fullmatch("[0-9a-f]{64}", each["content"]) for each in place["hashes"])
    assert isinstance(bill["dependencies"], list)
    assert {one["ref"] for one in bill["dependencies"][1:]} == set(references)
    assert set(bill["dependencies"][0]["dependsOn"]) <= set(references)


def test_the_list_is_the_same_bytes_each_time() -> None:
    assert written() == written()


def test_every_component_is_free_to_use(bill: dict[str, list[dict[str, list[dict[str, dict[str, str]]]]]]) -> None:
    for one in bill["components"]:
        told = {str(each.get("expression") or next(iter(each["license"].values()))) for each in one["licenses"]}
        assert told, one["name"]
        assert told <= PERMISSIVE, one["name"]


def size(component: Component) -> int:
    """The bytes that an installed package takes, without what Python compiles beside it."""
    found = importlib.metadata.distribution(component.name)
    paths = [Path(str(found.locate_file(each))) for each in found.files or () if each.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())


def test_what_is_installed_is_small_but_for_the_dates_of_the_world() -> None:
    sizes = {one.name: size(one) for one in components() if not one.optional}
    largest = sorted(sizes.items(), key=lambda one: -one[1])[:6]
    told = ", ".join(f"{name} {taken / MEGABYTE:.1f} MB" for name, taken in largest)
    assert sizes["babel"] < DATES_OF_THE_WORLD, told
    assert sum(sizes.values()) - sizes["babel"] < MOST, told
