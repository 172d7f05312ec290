"""A kept page in one coding, as the bytes that leave: its head, its body, and the answer to whoever has it already."""

from dataclasses import dataclass, replace

from widget.web.encodings import Encoding, holds

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page in one coding. `head` and `unchanged` are the header lines of its 200 and its 304, blank line included.

    `earlier` is the same text in a larger coding that was given out before, without its bytes.
    """

    etag: str
    head: bytes
    body: bytes
    unchanged: bytes
    earlier: "Answer | None" = None

    @property
    def size(self) -> int:
        """Bytes in memory."""
        more = self.earlier.size if self.earlier else 0
        return len(self.head) + len(self.body) + len(self.unchanged) + more

    def unchanged_for(self, tags: str) -> bytes | None:
        """The header lines of a 304 for who has one of these tags, with the tag that he has; None where he has none."""
        if holds(tags, self.etag):
            return self.unchanged
        return self.earlier.unchanged_for(tags) if self.earlier else None


def answer_of(headers: RawHeaders, tag: str, encoding: Encoding, body: bytes) -> Answer:
    """The answer with these headers and this body. `tag` names the text; its coding has a tag of its own."""
    return _answer(headers, f'"{tag}-{encoding}"' if encoding else f'"{tag}"', encoding, body)


def smaller(earlier: Answer, headers: RawHeaders, tag: str, encoding: Encoding, body: bytes) -> Answer:
    """The same text in other bytes, with a strong tag of their own; without them where they aren't fewer."""
    shed = replace(earlier, head=b"", body=b"")
    if len(body) >= len(earlier.body):
        return replace(earlier, earlier=shed)
    return replace(_answer(headers, f'"{tag}-{encoding}-small"', encoding, body), earlier=shed)


def raw_headers(lines: bytes) -> RawHeaders:
    """The header lines of an answer, taken apart again."""
    pairs = (line.partition(b": ") for line in lines.split(b"\r\n") if line)
    return [(name, value) for name, _, value in pairs]


def _answer(headers: RawHeaders, etag: str, encoding: Encoding, body: bytes) -> Answer:
    tagged = [*headers, (b"etag", etag.encode())]
    coded = [(b"content-encoding", encoding.encode())] if encoding else []
    whole = [*tagged, *coded, (b"content-length", str(len(body)).encode())]
    return Answer(etag, _lines(whole), body, _lines(tagged))


def _lines(headers: RawHeaders) -> bytes:
    return b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n"
