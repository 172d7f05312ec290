"""Exports of every format with some bytes spoiled: each reader reads them or says what is wrong, and nothing else."""

import random
import re
import shutil
from pathlib import Path

import pytest

from tests.transfer.exports import CASES, Case
from widget.transfer.formats.detecting import BY_NAME, detected
from widget.transfer.opening import Meter
from widget.transfer.record import BrokenExport

ROUNDS = 150
_VALUE = re.compile(rb'"[^"\n]{0,40}"|>[^<\n]{1,40}<|\b\d{1,20}\b')
_OTHERS = (
    b'""',
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"NaN",
    b"9" * 40,
    b"true",
    b'"\\ud800"',
    b'"' + b"a" * 300 + b'"',
    b">&#0;<",
    b">9999-99-99T99:99:99Z<",
    b"><",
    b'"0001-01-01T00:00:00Z"',
    b'"http://["',
    b"\xff\xfe",
    b"-9" * 9,
)


@pytest.mark.case("C116", "C117")
@pytest.mark.parametrize("case", CASES, ids=lambda one: one.write.__name__)
def test_a_spoiled_export_is_read_or_refused_in_a_sentence(case: Case, tmp_path: Path) -> None:
    whole = case.write(tmp_path)
    spoiled = tmp_path / "spoiled"
    for seed in range(ROUNDS):
        _remove(spoiled)
        _spoil(whole, spoiled, random.Random(seed))
        assert "\n" not in _told(case.name, [spoiled], seed)


def _told(name: str, paths: list[Path], seed: int) -> str:
    """What the format's reader, and whichever its content is taken for, say of it; nothing where they read it."""
    told = []
    for known in (name, ""):
        try:
            format_ = BY_NAME[known] if known else detected(paths)
            for _ in format_.read(paths, Meter(1)):
                pass
        except BrokenExport as refused:
            told.append(str(refused))
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}: {error!r}") from error
    return " ".join(told)


def _spoil(whole: Path, spoiled: Path, chance: random.Random) -> None:
    """A copy with one to four places spoiled, in one of its files where it is a folder."""
    if whole.is_dir():
        shutil.copytree(whole, spoiled)
        one = chance.choice(sorted(path for path in spoiled.rglob("*") if path.is_file()))
        one.write_bytes(_changed(one.read_bytes(), chance))
    else:
        spoiled.write_bytes(_changed(whole.read_bytes(), chance))


def _changed(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(5)
        at = chance.randrange(len(content) + 1)
        values = list(_VALUE.finditer(content))
        if kind < 3 and values:
            value = chance.choice(values)
            content = content[: value.start()] + chance.choice(_OTHERS) + content[value.end() :]
        elif kind == 3:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        else:
            content = chance.choice((content[:at], content[:at] + content[at + 40 :], content + content[at:]))
    return content


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
