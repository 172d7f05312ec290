"""A form with one large file, read as it arrives: its fields into memory, its file onto the disk, both bounded.

The file must be the form's last part, so that the form's token has been looked at before a byte of it is kept. What its
sender calls the file is for people to read and never part of a path.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from widget.web.guard import UploadStalled, UploadTooLarge
from widget.wiring import AppState

MOST_PARTS = 20
MOST_TYPED = 64_000
"""Bytes of all fields together but the file."""

_LONGEST_NAME = 100
_AT_ONCE = 1 << 18


class UploadFault(StrEnum):
    """Why a form with a file was not taken."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    NO_FILE = "no-file"


class UploadRefused(Exception):
    """The form was not taken; nothing of it is kept."""

    def __init__(self, fault: UploadFault, typed: Mapping[str, str]) -> None:
        super().__init__(fault)
        self.fault = fault
        self.typed = dict(typed)


@dataclass(slots=True)
class Upload:
    """What arrived: the fields, and the file with its size and the name its sender gave it."""

    typed: dict[str, str] = field(default_factory=dict)
    path: Path | None = None
    name: str = ""
    size: int = 0


Admit = Callable[[Mapping[str, str]], None]
"""Looks at the fields before the file is read; raises what it has against them."""


async def read_upload(
    request: Request[AppState], *, file_field: str, most_bytes: int, admit: Admit, new_file: Callable[[], Path]
) -> Upload:
    """Read the form. Raises UploadRefused, OSError, and what `admit` raises; then no file is left behind."""
    reader = _Reader(request, file_field, most_bytes, admit, new_file)
    try:
        return await reader.read()
    except BaseException as fault:
        reader.forget()
        refusal = _refusal(fault)
        if refusal is None:
            raise
        raise UploadRefused(refusal, reader.upload.typed) from fault
    finally:
        reader.close()


def _refusal(fault: BaseException) -> UploadFault | None:
    if isinstance(fault, _Unreadable):
        return fault.why
    if isinstance(fault, UploadTooLarge):
        return UploadFault.TOO_LARGE
    if isinstance(fault, (UploadStalled, ClientDisconnect)):
        return UploadFault.TOO_SLOW
    return UploadFault.UNREADABLE if isinstance(fault, (FormParserError, UnicodeError)) else None


class _Unreadable(Exception):
    def __init__(self, why: UploadFault = UploadFault.UNREADABLE) -> None:
        super().__init__(why)
        self.why = why


class _Reader:
    """Takes the parts of a form in turn."""

    def __init__(
        self, request: Request[AppState], file_field: str, most_bytes: int, admit: Admit, new_file: Callable[[], Path]
    ) -> None:
        self.upload = Upload()
        self._request = request
        self._file_field = file_field
        self._most_bytes = most_bytes
        self._admit = admit
        self._new_file = new_file
        self._file: BinaryIO | None = None
        self._waiting = bytearray()
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._field = ""
        self._value = bytearray()
        self._parts = self._typed_bytes = 0
        self._is_over = False

    async def read(self) -> Upload:
        """Read to the end."""
        self._refuse_large()
        parser = self._parser()
        async for chunk in self._request.stream():
            if chunk:
                parser.write(chunk)
            if len(self._waiting) >= _AT_ONCE:
                await self._write()
        parser.finalize()
        if not self._is_over:
            raise _Unreadable
        await self._write()
        if not self.upload.size:
            self._admit(self.upload.typed)
            raise _Unreadable(UploadFault.NO_FILE)
        return self.upload

    def forget(self) -> None:
        """Leave no file behind."""
        if self.upload.path is not None:
            self.upload.path.unlink(missing_ok=True)
            self.upload.path = None

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _refuse_large(self) -> None:
        declared = self._request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._most_bytes + MOST_TYPED + 10_000:
            raise _Unreadable(UploadFault.TOO_LARGE)

    def _parser(self) -> MultipartParser:
        kind, options = parse_options_header(self._request.headers.get("content-type", ""))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise _Unreadable
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._part_goes_on,
                "on_part_end": self._part_ends,
                "on_end": self._form_ends,
            },
        )

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS or self._file is not None:
            raise _Unreadable
        self._disposition, self._field = b"", ""
        self._value.clear()

    def _header_ends(self) -> None:
        name, value = map(bytes, self._header)
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        kind, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if kind != b"form-data" or not self._field or (b"filename" in options) != (self._field == self._file_field):
            raise _Unreadable
        if self._field == self._file_field:
            self.upload.name = _shown(options[b"filename"].decode("utf-8", "replace"))
            self._admit(self.upload.typed)
            self.upload.path = self._new_file()
            self._file = self.upload.path.open("wb")

    def _part_goes_on(self, data: bytes, start: int, end: int) -> None:
        if self._field == self._file_field:
            self.upload.size += end - start
            if self.upload.size > self._most_bytes:
                raise _Unreadable(UploadFault.TOO_LARGE)
            self._waiting += data[start:end]
            return
        self._typed_bytes += end - start
        if self._typed_bytes > MOST_TYPED:
            raise _Unreadable
        self._value += data[start:end]

    def _part_ends(self) -> None:
        if self._field != self._file_field:
            if self._field in self.upload.typed:
                raise _Unreadable
            self.upload.typed[self._field] = bytes(self._value).decode("utf-8", "replace").replace("\0", "")

    def _form_ends(self) -> None:
        self._is_over = True

    async def _write(self) -> None:
        if self._file is not None and self._waiting:
            whole, self._waiting = bytes(self._waiting), bytearray()
            await asyncio.to_thread(self._file.write, whole)
            await asyncio.to_thread(self._file.flush)


def _shown(name: str) -> str:
    """The last part of a name, in one line, without anything that only a terminal or a bad intention needs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:_LONGEST_NAME].strip()
