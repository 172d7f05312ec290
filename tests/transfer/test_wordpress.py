"""Reading WordPress exports: every note about the format that was found in the wild."""

import itertools
from pathlib import Path

import pytest

from tests.transfer.samples import import_samples, needs_import_samples
from tests.transfer.wxr import FIRST, comment, export, item, time, written
from widget.comments.comment import State
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter
from widget.transfer.record import (
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
    Skipped,
)


def read(folder: Path, content: str | bytes) -> list[Record]:
    path = written(folder, content)
    return list(read_wordpress([path], Meter(path.stat().st_size)))


def comments_in(records: list[Record]) -> list[ImportedComment]:
    return [record for record in records if isinstance(record, ImportedComment)]


def pages_in(records: list[Record]) -> list[ImportedPage]:
    return [record for record in records if isinstance(record, ImportedPage)]


@needs_import_samples
def test_a_wxr_1_0_with_holes_is_read() -> None:
    folder = import_samples()
    assert folder
    records = list(read_wordpress([folder / "wxr10-isso.xml"], Meter(9_999)))
    comments = comments_in(records)
    assert [one.source_id for one in comments] == ["2", "6", "7", "8", "9", "10", "11", "11"]
    assert [one.parent_source_id for one in comments[:5]] == ["", "", "6", "7", "7"]
    assert comments[0].author_email == "test@example.org", "a newline stood behind it"
    assert comments[5].created_at == 1_654_481_594_000, "the time in GMT, not the local one"
    assert [page.url for page in pages_in(records)] == [
        "http://example.tld/2014/test/",
        "http://example.tld/?p=4",
        "http://example.tld/?p=6",
    ]
    assert ImportedSource("wordpress:example.tld", ("p", "page_id", "attachment_id")) in records


@needs_import_samples
def test_the_zip_that_wordpress_com_hands_out_is_read() -> None:
    folder = import_samples()
    assert folder
    (one,) = comments_in(list(read_wordpress([folder / "wordpress-ok-single.zip"], Meter(507))))
    assert (one.source_id, one.author_name, one.author_email) == ("42", "Luke Skywalker", "luke@skywalker.com")
    assert one.created_at == 946_779_360_000
    assert one.body == "Yay, imported"


@pytest.mark.parametrize(
    ("approved", "state"),
    [
        ("1", State.APPROVED),
        ("0", State.PENDING),
        ("spam", State.SPAM),
        ("trash", State.DELETED),
        ("post-trashed", State.DELETED),
        ("strange", State.PENDING),
        ("", State.PENDING),
    ],
)
def test_every_state_has_its_counterpart(tmp_path: Path, approved: str, state: State) -> None:
    (one,) = comments_in(read(tmp_path, export(item(comment(1, approved=approved)))))
    assert one.state is state


@pytest.mark.parametrize("kind", ["pingback", "trackback", "order_note", "webmention"])
def test_what_is_no_comment_is_skipped_and_counted(tmp_path: Path, kind: str) -> None:
    records = read(tmp_path, export(item(comment(1, type=kind), comment(2, type=""))))
    assert Skipped("1", f"not a comment but a {kind}") in records
    assert [one.source_id for one in comments_in(records)] == ["2"]


def test_a_time_without_gmt_takes_the_offset_of_the_blog(tmp_path: Path) -> None:
    known = comment(1, date=time(FIRST + 7_200), date_gmt=time(FIRST))
    unknown = comment(2, date=time(FIRST + 7_260), date_gmt="0000-00-00 00:00:00")
    records = read(tmp_path, export(item(known, unknown)))
    assert [one.created_at for one in comments_in(records)] == [FIRST * 1_000, (FIRST + 60) * 1_000]
    assert Noticed("2", "time without GMT: its local date and the blog's offset") in records


def test_a_time_without_any_offset_is_taken_for_utc_and_none_at_all_stays_none(tmp_path: Path) -> None:
    local = comment(1, date=time(FIRST), date_gmt="0000-00-00 00:00:00")
    none = comment(2, date="0000-00-00 00:00:00", date_gmt="")
    records = read(tmp_path, export(item(local, none)))
    assert [one.created_at for one in comments_in(records)] == [FIRST * 1_000, None]
    assert Noticed("1", "time without GMT: its local date taken for UTC") in records


def test_an_impossible_offset_teaches_nothing(tmp_path: Path) -> None:
    wrong = comment(1, date=time(FIRST + 20 * 3_600), date_gmt=time(FIRST))
    records = read(tmp_path, export(item(wrong, comment(2, date=time(FIRST), date_gmt=""))))
    assert comments_in(records)[1].created_at == FIRST * 1_000


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ({"post_password": "secret"}, "the article is behind a password"),
        ({"status": "private"}, "the article is private"),
        ({"status": "draft"}, "the article is a draft"),
        ({"status": "trash"}, "the article is in the trash"),
        ({"status": "publish", "post_password": ""}, ""),
        ({"status": "inherit"}, ""),
    ],
)
def test_articles_that_are_not_public_say_why(tmp_path: Path, fields: dict[str, str], hidden: str) -> None:
    (page,) = pages_in(read(tmp_path, export(item(comment(1), post_id=1, link="", **fields))))
    assert page.hidden == hidden


def test_a_page_knows_its_names_and_whether_it_is_closed(tmp_path: Path) -> None:
    content = item(comment_status="closed", post_id=18).replace(
        "</item>", "<dsq:thread_identifier>18 http://blog.example/?p=18</dsq:thread_identifier></item>"
    )
    (page,) = pages_in(read(tmp_path, export(content)))
    assert page.closed
    assert page.partner_ids == ("18", "18 http://blog.example/?p=18")


def test_any_prefix_for_the_namespace_will_do(tmp_path: Path) -> None:
    content = export(item(comment(1))).replace("wp:", "wordpress:").replace("xmlns:wp", "xmlns:wordpress")
    assert [one.source_id for one in comments_in(read(tmp_path, content))] == ["1"]


def test_network_blogs_and_own_hosts_are_told_apart(tmp_path: Path) -> None:
    names = [
        next(record.name for record in read(tmp_path, export(item(), blog=blog)) if isinstance(record, ImportedSource))
        for blog in ("https://www.Blog.example/", "http://blog.example", "https://blog.example/second/")
    ]
    assert names == ["wordpress:blog.example", "wordpress:blog.example", "wordpress:blog.example/second"]


def test_a_comment_without_an_id_gets_one_that_a_second_run_knows(tmp_path: Path) -> None:
    content = export(item(comment("", date_gmt=time(FIRST)), comment("", date_gmt=time(FIRST + 1))))
    first, second = (comments_in(read(tmp_path, content)) for _ in range(2))
    assert [one.source_id for one in first] == [one.source_id for one in second]
    assert len({one.source_id for one in first}) == 2


@pytest.mark.parametrize(
    ("encoding", "declared"), [("latin-1", "ISO-8859-1"), ("cp1252", "windows-1252"), ("koi8-r", "KOI8-R")]
)
def test_declared_encodings_are_read(tmp_path: Path, encoding: str, declared: str) -> None:
    word = "Привет" if encoding == "koi8-r" else "Drölfter"
    text = export(item(comment(1, body=word)), declaration=f'<?xml version="1.0" encoding="{declared}"?>')
    (one,) = comments_in(read(tmp_path, text.encode(encoding)))
    assert one.body == word


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = export(item(comment(1, body="Drölfter ☃")), declaration='<?xml version="1.0"?>')
    (one,) = comments_in(read(tmp_path, text.encode(encoding)))
    assert one.body == "Drölfter ☃"


def test_foreign_bytes_and_control_characters_are_replaced_and_told(tmp_path: Path) -> None:
    raw = export(item(comment(1, body="a\x08b XX c"))).encode().replace(b"XX", b"\x93\xfc\x94")
    records = read(tmp_path, raw)
    assert comments_in(records)[0].body == "a b “ü” c"
    assert Noticed("export.xml", "bytes that XML or the encoding forbids were replaced", 4) in records


def test_a_character_cut_by_the_end_of_a_chunk_stays_whole(tmp_path: Path) -> None:
    body = "é" * 200_000
    (one,) = comments_in(read(tmp_path, export(item(comment(1, body=body)))))
    assert one.body == body


@pytest.mark.parametrize("declared", ["no-such-thing", "utf-7", "zlib", "punycode"])
def test_an_encoding_that_nobody_should_use_is_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(BrokenExport, match="save it as UTF-8"):
        read(tmp_path, export(declaration=f'<?xml version="1.0" encoding="{declared}"?>'))


def test_a_bare_ampersand_is_refused_with_its_place_and_remedy(tmp_path: Path) -> None:
    content = export(item().replace("Article 1", "Tom & Jerry"))
    line = content[: content.index("Tom &")].count("\n") + 1
    with pytest.raises(BrokenExport, match=rf"export\.xml, line {line}, column \d+: .*&amp;.*nothing has"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (export(item(comment(1)))[:-40], "ends too early"),
        ("", "ends too early"),
        (export(item().replace("Article 1", "a&nbsp;b")), "&nbsp;"),
        ("<html><body/></html>", "no WordPress export"),
        ("{}", "line 1, column 1"),
        (export("<a>" * 70 + "</a>" * 70), "nested deeper"),
        (export(f"<a b='{'x' * 2_000_000}'/>"), "more than a megabyte"),
    ],
)
def test_what_is_no_sound_export_is_refused_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(BrokenExport) as refused:
        read(tmp_path, content)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_text_is_never_gathered_beyond_a_megabyte(tmp_path: Path) -> None:
    (one,) = comments_in(read(tmp_path, export(item(comment(1, body="x" * 3_000_000)))))
    assert len(one.body) == 1 << 20


def test_items_and_comments_elsewhere_in_the_tree_are_ignored(tmp_path: Path) -> None:
    inner = f"<wp:comment><item>{comment(2)}</item></wp:comment>"
    records = read(tmp_path, export(item(inner, comment(1)), f"<other>{item(comment(3))}</other>"))
    assert [one.source_id for one in comments_in(records) if one.source_id in "123"] == ["1"]
    assert len(pages_in(records)) == 1


def test_records_come_while_the_file_is_read(tmp_path: Path) -> None:
    items = "".join(item(*(comment(n * 10 + k) for k in range(10)), post_id=n) for n in range(1, 200))
    path = written(tmp_path, export(items))
    meter = Meter(path.stat().st_size)
    list(itertools.islice(read_wordpress([path], meter), 5))
    assert 0 < meter.packed < meter.size / 2
