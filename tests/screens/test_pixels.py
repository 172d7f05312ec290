"""Screenshots are read rightly, and a frame that is laid out but not painted is found out."""

import struct
import zlib
from pathlib import Path

import pytest

from tests.screens.chromium import Chromium
from tests.screens.engines import wait_for_text
from tests.screens.pixels import SIGNATURE, NotAPng, painted_height, painted_rows, read_png
from tests.screens.servers import ArticleServer

RED = (255, 0, 0)


def _png(path: Path, rows: list[bytes], *, width: int, kind: int = 2, interlaced: int = 0) -> Path:
    header = struct.pack(">IIBBBBB", width, len(rows), 8, kind, 0, 0, interlaced)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    written = [struct.pack(">I", len(body)) + name + body + b"\0\0\0\0" for name, body in chunks]
    path.write_bytes(SIGNATURE + b"".join(written))
    return path


def test_every_filter_is_undone(tmp_path: Path) -> None:
    first = bytes([0, 255, 0, 0, 255, 0, 0])
    sub = bytes([1, 255, 0, 0, 0, 0, 0])
    up = bytes([2, 0, 0, 0, 0, 0, 0])
    average = bytes([3, 128, 0, 0, 0, 0, 0])
    paeth = bytes([4, 0, 0, 0, 0, 0, 0])
    image = read_png(_png(tmp_path / "a.png", [first, sub, up, average, paeth], width=2))
    assert [image.colour(1, y) for y in range(5)] == [RED, RED, RED, RED, RED]


def test_rows_of_a_colour_are_counted_from_the_first_to_the_last(tmp_path: Path) -> None:
    white, red = bytes([0, 255, 255, 255, 0]), bytes([0, 254, 0, 1, 255])
    image = read_png(_png(tmp_path / "a.png", [white, red, white, red, white], width=1, kind=6))
    assert painted_rows(image, RED) == (1, 3)
    assert painted_height(image, RED) == 3
    assert painted_height(image, RED, near=0) == 0
    assert painted_rows(image, (0, 0, 255)) is None


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"GIF89a")
    with pytest.raises(NotAPng):
        read_png(tmp_path / "a.png")
    with pytest.raises(NotAPng):
        read_png(_png(tmp_path / "b.png", [bytes([0, 1, 2, 3])], width=1, interlaced=1))


def test_a_box_that_is_clipped_is_painted_less_high_than_it_is_laid_out(
    chromium: Chromium, article: ArticleServer, tmp_path: Path
) -> None:
    red = "<style>main { clip-path: inset(0 0 calc(100% - 150px) 0) } #red { height: 400px; background: #f00 }</style>"
    chromium.open(article.publish("/clipped", f'{red}<div id="red">Red</div>', paragraphs=0))
    wait_for_text(chromium, "Red")
    box = chromium.box("#red")
    chromium.screenshot(tmp_path / "clipped.png")
    painted = painted_height(read_png(tmp_path / "clipped.png"), RED)
    assert box.height == 400
    assert 0 < painted < 150
