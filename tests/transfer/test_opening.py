"""Opening exports: what they are packed in, and what is never unpacked."""

import gzip
import stat
import time
import zipfile
from pathlib import Path

import pytest

from tests.corpora import corpora, needs_corpora
from tests.transfer.wxr import comment, export, item, written
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter, open_export
from widget.transfer.record import BrokenExport, ImportedComment

CONTENT = export(item(comment(1), comment(2)))


def contents(path: Path) -> list[tuple[str, bytes]]:
    return [(part.name, b"".join(part.chunks)) for part in open_export(path, Meter(path.stat().st_size))]


def packed(folder: Path, *entries: tuple[str | zipfile.ZipInfo, str | bytes]) -> Path:
    path = folder / "export.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("export.xml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def test_packing_is_told_by_content_never_by_name(tmp_path: Path) -> None:
    plain = written(tmp_path, CONTENT, "export.zip")
    squeezed = written(tmp_path, gzip.compress(CONTENT.encode()), "export.xml")
    archive = packed(tmp_path, ("folder/", ""), ("folder/b.xml", CONTENT), ("__MACOSX/._b.xml", b"\0\1"))
    for path in (plain, squeezed, archive):
        assert [content for _, content in contents(path)] == [CONTENT.encode()]


def test_a_zip_of_several_files_is_one_export_in_the_order_of_names(tmp_path: Path) -> None:
    second, first = export(item(comment(3), post_id=2)), export(item(comment(1), comment(2)))
    path = packed(tmp_path, ("b.001.xml", second), ("a.000.xml", first))
    records = list(read_wordpress([path], Meter(path.stat().st_size)))
    assert [one.source_id for one in records if isinstance(one, ImportedComment)] == ["1", "2", "3"]


def test_the_meter_reaches_the_size_of_all_files(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, CONTENT, "a.xml"),
        written(tmp_path, gzip.compress(CONTENT.encode()), "b.xml.gz"),
        written(tmp_path, CONTENT, "c.xml"),
    ]
    meter = Meter(sum(path.stat().st_size for path in paths))
    assert list(read_wordpress(paths, meter))
    assert meter.packed == meter.size


@pytest.mark.case("C118")
@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([], "0 files"),
        ([("/etc/export.xml", CONTENT)], "points outside"),
        ([("../export.xml", CONTENT)], "points outside"),
        ([("a\\..\\..\\export.xml", CONTENT)], "points outside"),
        ([("C:/export.xml", CONTENT)], "points outside"),
        ([(link(), "/etc/passwd")], "points outside"),
        ([("export.xml", CONTENT), ("notes.txt", "hello")], "notes.txt"),
        ([("export.xml", CONTENT), ("inner.zip", b"PK\3\4")], "inner.zip"),
        ([(f"{number}.xml", CONTENT) for number in range(1_001)], "1001 files"),
    ],
)
def test_archives_that_hold_anything_else_are_refused(
    tmp_path: Path, entries: list[tuple[str | zipfile.ZipInfo, str | bytes]], sentence: str
) -> None:
    with pytest.raises(BrokenExport, match=sentence):
        contents(packed(tmp_path, *entries))


@pytest.mark.case("C118")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(tmp_path, ("export.xml", CONTENT), ("export.xml", CONTENT))
    with pytest.raises(BrokenExport, match="same name"):
        contents(path)


@pytest.mark.case("C118")
@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_a_bomb_is_refused_long_before_it_is_unpacked(tmp_path: Path, packing: str) -> None:
    bomb = b'<rss xmlns:wp="http://wordpress.org/export/1.2/">' + b" " * 200_000_000
    path = written(tmp_path, gzip.compress(bomb)) if packing == "gzip" else packed(tmp_path, ("export.xml", bomb))
    del bomb
    meter = Meter(path.stat().st_size)
    start = time.process_time()
    with pytest.raises(BrokenExport, match="times its size"):
        list(read_wordpress([path], meter))
    assert time.process_time() - start < 2
    assert meter.unpacked < 60_000_000


@pytest.mark.case("C118")
def test_many_entries_that_are_each_below_the_cap_are_not_together(tmp_path: Path) -> None:
    path = packed(tmp_path, *((f"{number}.xml", b"<a>" + b" " * 900_000) for number in range(20)))
    with pytest.raises(BrokenExport, match="times its size"):
        contents(path)


@pytest.mark.parametrize("keep", [0.5, 0.98])
@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_half_an_archive_is_refused(tmp_path: Path, packing: str, keep: float) -> None:
    whole = gzip.compress(CONTENT.encode()) if packing == "gzip" else packed(tmp_path, ("a.xml", CONTENT)).read_bytes()
    path = written(tmp_path, whole[: int(len(whole) * keep)])
    with pytest.raises(BrokenExport, match="damaged archive"):
        contents(path)


def test_a_damaged_byte_is_noticed(tmp_path: Path) -> None:
    raw = bytearray(packed(tmp_path, ("a.xml", CONTENT)).read_bytes())
    raw[60] ^= 0xFF
    with pytest.raises(BrokenExport, match="damaged archive"):
        contents(written(tmp_path, bytes(raw)))


@pytest.mark.case("C116")
@needs_corpora
def test_hostile_xml_is_refused_in_one_sentence_within_two_seconds() -> None:
    folder = corpora()
    assert folder
    paths = sorted((folder / "xml").glob("*.xml"))
    assert len(paths) >= 8
    for path in paths:
        start = time.monotonic()
        with pytest.raises(BrokenExport) as refused:
            list(read_wordpress([path], Meter(path.stat().st_size)))
        assert time.monotonic() - start < 2
        assert "\n" not in str(refused.value)
        assert ("DOCTYPE" in path.read_text("utf-8")) == ("a DOCTYPE" in str(refused.value))


@pytest.mark.case("C116")
def test_an_external_entity_opens_nothing(tmp_path: Path) -> None:
    secret = written(tmp_path, "top secret", "secret.txt")
    content = CONTENT.replace("<rss", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>\n<rss', 1)
    content = content.replace("Comment 1", "&x;")
    with pytest.raises(BrokenExport, match=r"line 2, column \d+: a DOCTYPE"):
        list(read_wordpress([written(tmp_path, content)], Meter(1)))
