"""Reading XML of any size in constant memory with expat, refusing what exports have no use for.

Namespaces are not resolved (prefixes are compared as written): some exports use prefixes that they never declare.
A DOCTYPE is refused, and with it every entity but the five of XML itself; nothing outside the file is ever opened.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from widget.transfer.decoded import FOREIGN_BYTES, MARK
from widget.transfer.opening import Part
from widget.transfer.record import BrokenExport

DEEPEST = 64
LONGEST_TAG = 1 << 20
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_BLANKS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = re.compile(r"(iso8859-\d+|cp125\d|koi8-[ru]|mac-\w+|shift_jis|euc_(jp|kr)|gb2312|gbk|gb18030|big5)")
_SUPERSETS = {"utf-8": "utf-8-sig", "ascii": "utf-8-sig", "iso8859-1": "cp1252"}
_TOO_EARLY = {
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
_UNDEFINED_ENTITY = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]


class TooDeep(Exception):
    """Elements stand in each other more than DEEPEST deep."""


class Listener(Protocol):
    """What is told about a document while it is read."""

    repairs: int
    """How often bytes were replaced that XML or the declared encoding doesn't allow."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins. Raises TooDeep, since only the listener knows how deep it is."""
        ...

    def end(self, name: str) -> None:
        """An element ends."""
        ...

    def text(self, piece: str) -> None:
        """A piece of text; a long text comes in several."""
        ...


def read_xml(part: Part, listener: Listener) -> Iterator[None]:
    """Read a document piece by piece; after each piece the caller may take what the listener has gathered.

    Raises BrokenExport, with line and column, where it isn't well-formed or holds a DOCTYPE.
    """
    parser = _parser(part.name, listener)
    fed = 0
    try:
        for piece in _as_utf8(part, listener):
            parser.Parse(piece, False)
            fed += len(piece)
            # Without this a single endless tag would be scanned anew with each piece.
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                raise BrokenExport(f"{_at(part.name, parser)}: a tag of more than a megabyte; that is not an export.")
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise BrokenExport(_sentence(part.name, fault)) from fault
    except TooDeep as fault:
        where = _at(part.name, parser)
        raise BrokenExport(f"{where}: elements nested deeper than {DEEPEST}; that is not an export.") from fault
    yield


def _parser(name: str, listener: Listener) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise BrokenExport(f"{_at(name, parser)}: a DOCTYPE, which no export needs; remove it and import again.")

    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _at(name: str, parser: expat.XMLParserType) -> str:
    return f"{name}, line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"


def _sentence(name: str, fault: expat.ExpatError) -> str:
    where = f"{name}, line {fault.lineno}, column {fault.offset + 1}"
    if fault.code in _TOO_EARLY:
        return f"{where}: the file ends too early; download or copy it again (nothing has been imported)."
    if fault.code == _UNDEFINED_ENTITY:
        return f"{where}: a name like &nbsp; that XML doesn't know; write the character (nothing has been imported)."
    what = expat.ErrorString(fault.code)
    return (
        f"{where}: {what}; mostly that is a bare & or < in a text: write &amp; or &lt; there "
        "and import again (nothing has been imported)."
    )


def _as_utf8(part: Part, listener: Listener) -> Iterator[bytes]:
    """The document in UTF-8 with a blank for each control character (WordPress writes them, XML forbids them).

    Where bytes are not what the encoding promises they are taken for Windows-1252: that is what they mostly are.
    """
    first = next(part.chunks, b"")
    encoding = _encoding(part.name, first)
    decoder = codecs.getincrementaldecoder(encoding)(FOREIGN_BYTES)
    for chunk in _chained(first, part.chunks):
        text = decoder.decode(chunk)
        listener.repairs += text.count(MARK)
        yield _without_controls(text.replace(MARK, "").encode("utf-8", "replace"), listener)
    yield decoder.decode(b"", True).replace(MARK, "").encode("utf-8", "replace")


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _encoding(name: str, start: bytes) -> str:
    """By byte order mark, else as declared, else UTF-8."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    found = _DECLARED.match(start)
    declared = found[1].decode() if found else "utf-8"
    try:
        encoding = codecs.lookup(declared).name
    except LookupError:
        encoding = ""
    if encoding in _SUPERSETS:
        return _SUPERSETS[encoding]
    if not _KNOWN.fullmatch(encoding):
        raise BrokenExport(f"{name}: it says its encoding is {declared!r}, which we can't read; save it as UTF-8.")
    return encoding


def _without_controls(piece: bytes, listener: Listener) -> bytes:
    clean = piece.translate(_BLANKS)
    if clean != piece:
        listener.repairs += sum(piece.count(code) for code in _CONTROLS)
    return clean
