"""What is really painted: rows of a colour in a screenshot, because layout numbers can lie.

PNG (https://www.w3.org/TR/png-3/), read with the standard library: 8 bits a channel, RGB or RGBA, not interlaced, which
is what the browsers write.
"""

import struct
import zlib
from dataclasses import dataclass
from itertools import accumulate
from operator import add
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
SUB, UP, AVERAGE, PAETH = 1, 2, 3, 4
"""How a row is told by the pixels left of it and above it."""
Colour = tuple[int, int, int]


class NotAPng(Exception):
    """The file isn't a PNG of the kind that browsers write."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its size, and its pixels row by row."""

    width: int
    height: int
    channels: int
    rows: tuple[bytes, ...]

    def colour(self, x: int, y: int) -> Colour:
        """The red, green and blue of a pixel, counted from the upper left."""
        red, green, blue = self.rows[y][x * self.channels : x * self.channels + 3]
        return red, green, blue


def read_png(path: Path) -> Image:
    """Read a screenshot. Raises NotAPng."""
    content = path.read_bytes()
    if not content.startswith(SIGNATURE):
        raise NotAPng(str(path))
    chunks = _chunks(content)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise NotAPng(f"{path}: depth {depth}, colour type {kind}, interlaced {interlaced}")
    channels = CHANNELS[kind]
    return Image(width, height, channels, _unfiltered(zlib.decompress(chunks[b"IDAT"]), width * channels, channels))


def painted_rows(image: Image, colour: Colour, *, near: int = 2) -> tuple[int, int] | None:
    """The first and last row that hold a pixel of that colour (each channel at most `near` away), or None."""
    rows = [y for y in range(image.height) if _holds(image, y, colour, near)]
    return (rows[0], rows[-1]) if rows else None


def painted_height(image: Image, colour: Colour, *, near: int = 2) -> int:
    """How many pixels high the part is that is painted in that colour, from its first to its last row."""
    rows = painted_rows(image, colour, near=near)
    return rows[1] - rows[0] + 1 if rows else 0


def _holds(image: Image, y: int, colour: Colour, near: int) -> bool:
    row, step = image.rows[y], image.channels
    if near == 0 and bytes(colour) not in row:
        return False
    pixels = set(zip(row[0::step], row[1::step], row[2::step], strict=True))
    return any(all(abs(a - b) <= near for a, b in zip(pixel, colour, strict=True)) for pixel in pixels)


def _chunks(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        found[kind] = found.get(kind, b"") + content[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _unfiltered(stream: bytes, width: int, step: int) -> tuple[bytes, ...]:
    rows: list[bytes] = []
    above = bytes(width)
    for at in range(0, len(stream), width + 1):
        above = _row(stream[at], bytearray(stream[at + 1 : at + 1 + width]), above, step)
        rows.append(above)
    return tuple(rows)


def _row(kind: int, row: bytearray, above: bytes, step: int) -> bytes:
    if kind == SUB:
        for channel in range(step):
            row[channel::step] = bytes(sum_ & 255 for sum_ in accumulate(row[channel::step]))
    elif kind == UP:
        return bytes(sum_ & 255 for sum_ in map(add, row, above)) if any(row) else above
    elif kind in (AVERAGE, PAETH):
        _guess_all(kind, row, above, step)
    return bytes(row)


def _guess_all(kind: int, row: bytearray, above: bytes, step: int) -> None:
    guess = _average if kind == AVERAGE else _paeth
    for x in range(len(row)):
        left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
        row[x] = (row[x] + guess(left, above[x], corner)) & 255


def _average(left: int, up: int, _corner: int) -> int:
    return (left + up) // 2


def _paeth(left: int, up: int, corner: int) -> int:
    by_left, by_up, by_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner
