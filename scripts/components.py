"""The list of components of a release (SBOM), as CycloneDX 1.6 JSON: `python -m scripts.components > bom.json`.

Names, versions and hashes are those of the lock files, licences those that the installed packages tell. No library
makes it, because the known ones give either the hashes (of a lock file) or the licences (of an environment). Equal lock
files give equal bytes.
"""

import datetime
import importlib.metadata
import json
import os
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[1]
OPTIONAL = ("asyncpg",)
"""What an extra brings; its version is the tested one."""

_BLOCK = re.compile(r"^([a-z0-9-]+)==([^\s;]+)[^\n]*\n((?: {4}--hash=\S+(?: \\)?\n?)+)", re.MULTILINE)
_NAMESPACE = uuid.UUID("7f4c1f8e-3f0b-4f0a-9d53-0f9f5b6a3c11")
_CLASSIFIED = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
_WRITTEN = {"MIT License": "MIT"}
_SPDX = {"MIT", "MIT-0", "BSD-3-Clause", "BSD-2-Clause", "Apache-2.0", "PSF-2.0", "ISC"}

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Component:
    """A package as it is locked."""

    name: str
    version: str
    hashes: tuple[str, ...]
    optional: bool = False

    @property
    def purl(self) -> str:
        """Its package URL, which names it everywhere."""
        return f"pkg:pypi/{self.name}@{self.version}"


def components() -> list[Component]:
    """What the program runs on, and what its extras bring."""
    needed = locked("run.txt")
    extras = [Component(one.name, one.version, one.hashes, True) for one in locked("test.txt") if one.name in OPTIONAL]
    return sorted([*needed, *extras], key=lambda one: one.name)


def locked(file: str) -> list[Component]:
    """The packages of a lock file with the hashes of all their files."""
    text = (HOME / "requirements" / file).read_text("utf-8")
    found = _BLOCK.findall(text)
    return [Component(name, version, tuple(re.findall("sha256:([0-9a-f]{64})", rest))) for name, version, rest in found]


def licences(name: str) -> list[Json]:
    """What an installed package says of its licence, as CycloneDX tells it."""
    told = importlib.metadata.metadata(name).json
    expression = str(told.get("license_expression", told.get("license", "")))
    expression = _WRITTEN.get(expression, expression)
    if expression in _SPDX:
        return [{"license": {"id": expression}}]
    if "license_expression" in told:
        return [{"expression": expression}]
    return [{"license": _named(one)} for one in told.get("classifier", []) if one.startswith("License ::")]


def _named(classifier: str) -> Json:
    """A classifier of BSD doesn't tell which one it is: then it is a name, not an SPDX id."""
    known = _CLASSIFIED.get(classifier)
    return {"id": known} if known else {"name": classifier.rpartition(" :: ")[2]}


def bill(version: str, direct: list[str]) -> Json:
    """The whole list, for this version of the program."""
    parts = components()
    root = f"pkg:pypi/comment-widget@{version}"
    needed = sorted(one.purl for one in parts if one.name in direct)
    listed = [_told(one) for one in parts]
    number = uuid.uuid5(_NAMESPACE, json.dumps([root, listed], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": _timestamp(),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "comment-widget",
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": listed,
        "dependencies": [{"ref": root, "dependsOn": needed}, *({"ref": one.purl} for one in parts)],
    }


def _told(one: Component) -> Json:
    """The hashes are those of every file that may be installed, whatever the platform: so they stand by the source."""
    hashes = [{"alg": "SHA-256", "content": each} for each in one.hashes]
    return {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        "scope": "optional" if one.optional else "required",
        "licenses": licences(one.name),
        "externalReferences": [{"type": "distribution", "url": one.purl, "hashes": hashes}],
    }


def _timestamp() -> str:
    """The moment of the release as builds are told it, so that the same source gives the same bytes."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    """Print it."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [one for each in project["optional-dependencies"].values() for one in each]
    direct = [re.split("[><=]", one)[0] for one in (*project["dependencies"], *extras)]
    json.dump(bill(project["version"], direct), sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
