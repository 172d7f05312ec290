"""Reading JSON element by element: where it may be cut, and how its faults are told."""

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import corpus_json, needs_corpora
from widget.transfer.json_stream import LONGEST_VALUE, read_json
from widget.transfer.opening import Part
from widget.transfer.record import BrokenExport

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def read(content: str | bytes, *wanted: str, step: int = 1 << 16) -> list[tuple[str, Any]]:
    data = content.encode() if isinstance(content, str) else content
    chunks = (data[at : at + step] for at in range(0, len(data), step))
    return list(read_json(Part("export.json", chunks), wanted))


@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_it_reads_what_the_standard_library_reads_wherever_the_file_is_cut(
    elements: list[Any], step: int, indent: int | None
) -> None:
    assert read(json.dumps(elements, indent=indent), step=step) == [("", one) for one in elements]
    inside = json.dumps({"before": [1, 2], "deep": {"er": elements}, "after": None}, indent=indent)
    assert read(inside, "deep.er", step=step) == [
        ("before", [1, 2]),
        *(("deep.er", one) for one in elements),
        ("after", None),
    ]


def test_lines_of_json_are_one_document_each() -> None:
    assert read('{"version": 1}\n{"id": "a"}\n\n{"id": "b"}\n', step=3) == [
        ("", {"version": 1}),
        ("", {"id": "a"}),
        ("", {"id": "b"}),
    ]


def test_a_byte_order_mark_names_the_encoding_and_foreign_bytes_are_windows_1252() -> None:
    assert read('["ü"]'.encode("utf-16")) == [("", "ü")]
    assert read('["ü"]'.encode("utf-8-sig")) == [("", "ü")]
    assert read('["Gr\u00fc\u00dfe"]'.encode("cp1252"), step=1) == [("", "Grüße")]


@pytest.mark.case("C117")
@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        ('[{"a": 1},\n {"a": }]', "line 2, column 8", "expecting value"),
        ('[{"a": 1}\n {"a": 2}]', "line 2, column 2", "',' is missing"),
        ('[{"a": 1},\n', "line 2, column 1", "ends too early"),
        ('{"data": {"Comment": [1, 2', "line 1, column 27", "ends too early"),
        ('["never closed', "line 1, column 2", "ends too early"),
        ("[1,\n 2,\n NaN]", "line 3, column 2", "NaN is no JSON"),
        ("[1e999]", "line 1, column 2", "too large"),
        (f"[{'9' * 500}]", "line 1, column 2", "hundreds of digits"),
        ("[" * 100_000, "line 1, column 2", "nested too deep"),
        ("{'a': 1}", "line 1, column 2", "name in quotation marks"),
        ("<html>", "line 1, column 1", "expecting value"),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(content: str, place: str, sentence: str) -> None:
    with pytest.raises(BrokenExport) as refused:
        read(content, "data.Comment")
    assert place in str(refused.value)
    assert sentence in str(refused.value)
    assert "nothing was imported" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_memory_does_not_grow_with_the_file() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"["
        for _ in range(200):
            yield json.dumps({"text": "x" * 50_000}).encode() + b","
        yield b"0]"

    tracemalloc.start()
    count = sum(1 for _ in read_json(Part("export.json", chunks())))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 201
    assert peak < 2_000_000


def test_a_value_without_end_is_given_up() -> None:
    started = time.monotonic()
    with pytest.raises(BrokenExport, match="million characters"):
        read('["' + "x" * (4 * LONGEST_VALUE) + '"]')
    assert time.monotonic() - started < 5


@needs_corpora
def test_hostile_json_is_read_or_refused_in_a_sentence() -> None:
    started = time.monotonic()
    outcomes = [_outcome(case["json"]) for case in corpus_json("imports/hostile-json.json")["cases"]]
    assert all(outcome == "read" or "line" in outcome for outcome in outcomes)
    assert {"read"} < set(outcomes)
    assert time.monotonic() - started < 2


def _outcome(content: str) -> str:
    try:
        read(content)
    except BrokenExport as refused:
        return str(refused)
    return "read"
