"""Hostile files for every reader (C116, C117): refused in one sentence or read, quickly, in little memory, alone.

Everything is read in a process of its own, in which opening any other file or a socket is an error.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpora import corpora, corpus_json, needs_corpora
from widget.transfer.formats.detecting import FORMATS

_SECONDS = 2
_MEGABYTES = 256
_PROGRAM = r"""
import json, re, sys, time
from pathlib import Path
from widget.transfer.formats.detecting import BY_NAME, detected
from widget.transfer.opening import Meter
from widget.transfer.record import BrokenExport

path, names = Path(sys.argv[1]), sys.argv[2].split(",")

def refuse(event, args):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system"):
        raise SystemExit(f"{event} {args}")
    if event == "open" and isinstance(args[0], str) and "/etc/" in args[0]:
        raise SystemExit(f"{event} {args}")

BY_NAME["staticman"].read([path], Meter(1))  # imports are done
sys.addaudithook(refuse)
told = {}
for name in names:
    started = time.process_time()
    try:
        format = detected([path]) if name == "auto" else BY_NAME[name]
        told[name] = str(sum(1 for _ in format.read([path], Meter(path.stat().st_size))))
    except BrokenExport as refused:
        told[name] = str(refused)
    told[name] = (told[name], time.process_time() - started)
most = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps([told, int(most) / 1000]))
"""


def read(path: Path, *names: str) -> dict[str, str]:
    """What each reader said of a file: a sentence, or how many records it holds."""
    chosen = ",".join(names or ("auto", *(one.name for one in FORMATS)))
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(path), chosen], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told, megabytes = json.loads(done.stdout)
    assert megabytes < _MEGABYTES
    slow = {name: seconds for name, (_, seconds) in told.items() if seconds > _SECONDS}  # of the processor
    assert not slow
    assert not [sentence for sentence, _ in told.values() if "\n" in sentence or "Traceback" in sentence]
    return {name: sentence for name, (sentence, _) in told.items()}


@pytest.mark.case("C116")
@needs_corpora
def test_hostile_xml_is_refused_by_every_reader(tmp_path: Path) -> None:
    for path in sorted((corpora() or tmp_path).glob("xml/*.xml")):
        told = read(path, "disqus", "wordpress", "blogger", "intensedebate", "hashover", "auto")
        assert not any(sentence.isdigit() for sentence in told.values()), (path.name, told)


@pytest.mark.case("C117")
@needs_corpora
def test_hostile_json_is_refused_or_read_by_every_reader(tmp_path: Path) -> None:
    names = [one.name for one in FORMATS if one.read.__name__ not in ("read_disqus", "read_wordpress", "read_blogger")]
    for number, case in enumerate(corpus_json("imports/hostile-json.json")["cases"]):
        path = tmp_path / f"{number}.json"
        path.write_text(case["json"])
        read(path, *names)


@pytest.mark.case("C117")
@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"comments":' * 100_000,
        b'[{"nick": "' + b"x" * (64 << 20) + b'"}]',
        gzip.compress(b'{"nick": "' + b"x" * (200 << 20)),
        b"<a>" * 100_000,
        b"<disqus><post>" + b"<x/>" * 1_000_000,
        b"a: &a [x]\n" + b"b: [*a, *a]\n" * 50_000,
        b"\x00" * 1_000_000,
        b'"a","b\n' * 100_000,
        b"SQLite format 3\x00" + b"\xff" * 10_000,
    ],
    ids=["brackets", "objects", "string", "bomb", "elements", "children", "aliases", "noughts", "quotes", "database"],
)
def test_files_made_to_hurt_hurt_nobody(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(content)
    assert not any(sentence.isdigit() and int(sentence) > 10 for sentence in read(path).values())
