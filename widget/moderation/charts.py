"""Charts as plain data: rectangles, points and lines in a drawing 288 units wide, which is a phone's column in pixels.

So text of 12.5 units is never below 12 pixels. The template draws and decides nothing; from right to left all is
mirrored here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from widget.clock import DAY, HOUR, MINUTE
from widget.moderation.statistics import Span

WIDTH = 288
HEIGHT = 176
FLOOR = 150
CEILING = 18
SERIES = ("approved", "pending", "rejected", "spam", "deleted")
"""From the floor upwards."""

_GAP = 0.22
_LABELS = 4
_LEAST = 1.5
_DURATIONS = (*(n * MINUTE for n in (2, 10, 30)), *(n * HOUR for n in (1, 2, 4, 12)), *(n * DAY for n in (1, 2, 4, 10)))

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: so many comments of a span in one state."""

    x: float
    y: float
    width: float
    height: float
    series: str
    starts: int
    value: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart, and the number it stands for."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Label:
    """A day below the floor; `anchor` is SVG's text-anchor."""

    x: float
    starts: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Point:
    """The median wait of a span."""

    x: float
    y: float
    starts: int
    value: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns, one for each span."""

    pieces: tuple[Piece, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through the medians; it breaks where a span has none. `paths` are SVG's `points`."""

    points: tuple[Point, ...]
    paths: tuple[str, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]


def columns(spans: Sequence[Span], direction: Direction) -> Columns:
    """What became of the comments of each span."""
    top = nice(max((one.outcomes.written for one in spans), default=0))
    room = WIDTH / max(len(spans), 1)
    pieces: list[Piece] = []
    for index, span in enumerate(spans):
        x = _mirrored(index * room + room * _GAP / 2, room * (1 - _GAP), direction)
        pieces += _stack(span, x, room * (1 - _GAP), top)
    return Columns(tuple(pieces), _ticks((top // 2, top) if top > 1 else (top,), top), _labels(spans, direction))


def line(spans: Sequence[Span], direction: Direction) -> Line:
    """How long half of the decisions of each span took at most."""
    longest = max((one.median_wait or 0 for one in spans), default=0)
    top = next((one for one in _DURATIONS if one >= longest), -(-longest // (10 * DAY)) * 10 * DAY)
    room = WIDTH / max(len(spans), 1)
    points: list[Point] = []
    paths: list[list[str]] = [[]]
    for index, span in enumerate(spans):
        if span.median_wait is None:
            paths.append([])
            continue
        x = _mirrored(index * room + room / 2, 0, direction)
        point = Point(_round(x), _height_of(span.median_wait, top), span.starts, span.median_wait)
        points.append(point)
        paths[-1].append(f"{point.x},{point.y}")
    joined = tuple(" ".join(path) for path in paths if len(path) > 1)
    return Line(tuple(points), joined, _ticks((top // 2, top), top), _labels(spans, direction))


def nice(most: int) -> int:
    """The round number at the top of a scale: 1, 2, 4, 10, 20, 40, 100 ..., so that its half is one too."""
    power = 1
    while True:
        for step in (1, 2, 4):
            if step * power >= most:
                return step * power
        power *= 10


def _stack(span: Span, x: float, width: float, top: int) -> list[Piece]:
    pieces: list[Piece] = []
    floor = float(FLOOR)
    for series in SERIES:
        value: int = getattr(span.outcomes, series)
        if value:
            height = max((FLOOR - CEILING) * value / top, _LEAST)
            floor -= height
            pieces.append(Piece(_round(x), _round(floor), _round(width), _round(height), series, span.starts, value))
    return pieces


def _ticks(values: Sequence[int], top: int) -> tuple[Tick, ...]:
    return tuple(Tick(_height_of(value, top), value) for value in values)


def _labels(spans: Sequence[Span], direction: Direction) -> tuple[Label, ...]:
    """The first span, the last, and evenly between them."""
    if not spans:
        return ()
    last, room = len(spans) - 1, WIDTH / len(spans)
    chosen = sorted({round(last * step / (_LABELS - 1)) for step in range(_LABELS)})
    return tuple(
        Label(
            _round(_mirrored(0 if index == 0 else WIDTH if index == last else (index + 0.5) * room, 0, direction)),
            spans[index].starts,
            "start" if index == 0 else "end" if index == last else "middle",
        )
        for index in chosen
    )


def _height_of(value: int, top: int) -> float:
    return _round(FLOOR - (FLOOR - CEILING) * value / max(top, 1))


def _mirrored(x: float, width: float, direction: Direction) -> float:
    return WIDTH - x - width if direction == "rtl" else x


def _round(value: float) -> float:
    return round(value, 1)
