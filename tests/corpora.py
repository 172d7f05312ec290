"""Where the hostile inputs lie that tests read: CORPORA_DIR, or shared/corpora beside the checkout."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpora"


def corpora() -> Path | None:
    """The folder of the corpora, or None where there is none."""
    folder = Path(os.environ.get("CORPORA_DIR") or _BESIDE)
    return folder if folder.is_dir() else None


needs_corpora = pytest.mark.skipif(
    corpora() is None,
    reason=f"hostile inputs are not tried: no folder {os.environ.get('CORPORA_DIR') or _BESIDE} (set CORPORA_DIR)",
)


def corpus_file(name: str) -> Path:
    """A file of the corpora, by its path inside the folder."""
    folder = corpora()
    assert folder is not None, "mark the test with needs_corpora"
    return folder / name


def corpus_json(name: str) -> Any:
    """What a JSON file of the corpora holds."""
    return json.loads(corpus_file(name).read_text("utf-8"))


def xss_strings() -> list[str]:
    """Every attack on a filter of HTML that we know of."""
    folder = corpus_file("xss")
    lists = [path.read_text("utf-8", "replace").splitlines() for path in sorted(folder.glob("patt-*.txt"))]
    bleach = [path.read_text("utf-8").partition("\n--\n")[0] for path in sorted(folder.glob("bleach/*.test"))]
    cases = [case["input"] for case in corpus_json("xss/html5lib-sanitizer-tests1.json")]
    return [line for lines in lists for line in lines if line] + bleach + cases


def naughty_strings() -> list[str]:
    """Strings that programs stumble over: the big list, and those of Unicode."""
    hostile = [case["text"] for case in corpus_json("unicode/hostile-strings.json")["cases"]]
    return [*corpus_json("strings/blns.json"), *hostile]


def commonmark_examples() -> list[str]:
    """The Markdown of every example in the CommonMark specification."""
    fence = "`" * 32
    parts = corpus_file("markdown/commonmark-spec.txt").read_text("utf-8").split(f"\n{fence} example\n")[1:]
    sources = [part.partition(f"\n{fence}\n")[0].partition("\n.\n")[0] for part in parts]
    return [source.removesuffix("\n.").replace("→", "\t") for source in sources]


def grown(shape: dict[str, str], length: int) -> str:
    """A pathological shape, grown to so many characters."""
    times = (length - len(shape["pre"]) - len(shape["post"])) // len(shape["unit"])
    return shape["pre"] + shape["unit"] * times + shape["post"]


def pathological_shapes() -> list[dict[str, str]]:
    """Shapes of Markdown that make careless renderers slow: repeat `unit` between `pre` and `post`."""
    shapes: list[dict[str, str]] = corpus_json("markdown/pathological-shapes.json")["cases"]
    return shapes
