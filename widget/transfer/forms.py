"""The form of an upload: which format, which addresses have moved, what is to wait and to be kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from widget.transfer.run import Options

MOST_MOVES = 200


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What was typed. `lines` are those of the list of addresses that can't be read."""

    format: str = "auto"
    moves: str = ""
    as_pending: bool = False
    email_hashes: bool = False
    lines: tuple[int, ...] = ()
    options: Options = field(default_factory=Options)

    @property
    def is_faulty(self) -> bool:
        """Whether something has to be typed anew."""
        return bool(self.lines)


def read_upload_form(typed: Mapping[str, str], formats: Collection[str]) -> UploadForm:
    """The form, with the lines at fault; a format that isn't in the list counts as `auto`."""
    text = typed.get("moves", "")
    moves, lines = _read_moves(text)
    name = typed.get("format", "auto")
    held, hashed = typed.get("as_pending") == "1", typed.get("email_hashes") == "1"
    return UploadForm(
        format=name if name in formats else "auto",
        moves=text,
        as_pending=held,
        email_hashes=hashed,
        lines=lines,
        options=Options(moves, held, hashed),
    )


def _read_moves(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    """Pairs of beginnings of addresses, one a line; the numbers of the lines that are none."""
    moves: list[tuple[str, str]] = []
    faulty: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.replace(",", " ").split()
        if len(parts) == 2 and all(_is_address(part) for part in parts) and len(moves) < MOST_MOVES:
            moves.append((parts[0], parts[1]))
        elif parts:
            faulty.append(number)
    return tuple(moves), tuple(faulty)


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://", "/")) and len(text) <= 2_000
