"""Bytes of an export as text: by byte order mark, else UTF-8; what is neither is taken for Windows-1252."""

import codecs
from collections.abc import Iterator

from widget.transfer.opening import Part

FOREIGN_BYTES = "comment-widget-foreign-bytes"
MARK = "\x00"
"""Stands before what was repaired until it has been counted; a NUL in the file itself counts as repaired as well."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded:
    """The text of one file, piece by piece; `repairs` counts what was replaced so far."""

    def __init__(self, part: Part) -> None:
        self.repairs = 0
        self._part = part

    def pieces(self) -> Iterator[str]:
        """The pieces; none is empty."""
        decoder: codecs.IncrementalDecoder | None = None
        for chunk in self._part.chunks:
            decoder = decoder or codecs.getincrementaldecoder(encoding_of(chunk))(FOREIGN_BYTES)
            if text := self._repaired(decoder.decode(chunk)):
                yield text
        if decoder and (rest := self._repaired(decoder.decode(b"", True))):
            yield rest

    def _repaired(self, text: str) -> str:
        if MARK not in text:
            return text
        self.repairs += text.count(MARK)
        return text.replace(MARK, "")


def encoding_of(start: bytes) -> str:
    """The encoding that a byte order mark names, else UTF-8."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8-sig")


def _taken_for_1252(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return MARK + fault.object[fault.start : fault.end].decode("cp1252", "replace"), fault.end


codecs.register_error(FOREIGN_BYTES, _taken_for_1252)
