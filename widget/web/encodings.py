"""Content codings and entity tags: which one a browser takes, the bytes in it, and whether he has them already."""

import gzip
import zlib
from typing import Literal

import brotli

Encoding = Literal["br", "gzip", ""]
"""A content coding; empty is the text as it is."""


def best_encoding(accepted: str) -> Encoding:
    """`br`, `gzip`, or nothing, for an Accept-Encoding header (RFC 9110, 12.5.3)."""
    qualities: dict[str, str] = {}
    for part in accepted[:500].lower().replace(" ", "").split(","):
        coding, _, quality = part.partition(";q=")
        qualities[coding] = quality
    codings: tuple[Encoding, ...] = ("br", "gzip")
    for coding in codings:
        if coding in qualities and qualities[coding].rstrip("0") not in ("0.",) and qualities[coding] != "0":
            return coding
    return ""


def compressed(body: bytes, encoding: str) -> bytes:
    """The text in that coding. Slow (milliseconds): not for the event loop."""
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5))
    return gzipped(body) if encoding else body


def gzipped(body: bytes, memory: int = 6) -> bytes:
    """gzip at its hardest, in blocks of 4,096 symbols (`memory` 6) that each have a code of their own.

    Our pages are CSS, a form, and then prose: with zlib's usual blocks, four times as long, they are 100 bytes larger.
    """
    packing = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, memory)
    return packing.compress(body) + packing.flush()


def plain(body: bytes, encoding: str) -> bytes:
    """The text back. Only for what `compressed` has made: there is no bound."""
    if encoding == "br":
        return bytes(brotli.decompress(body))
    return gzip.decompress(body) if encoding else body


def holds(asked: str, etag: str) -> bool:
    """Whether an If-None-Match header names this entity tag (RFC 9110, 13.1.2)."""
    return asked.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in asked.split(",")}
