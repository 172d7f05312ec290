"""A mail as it goes out: plain text, one recipient, nothing in its head that a reader could have typed (C77, C81)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

_LONGEST_SUBJECT = 200
_POLICY = policy.SMTP.clone(max_line_length=78)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said to whom, in which language."""

    to: str
    subject: str
    text: str
    language: str


def as_message(letter: Letter, sender: str, *, number: str, now: int) -> EmailMessage:
    """The message; `number` is the same for the same letter, so that one sent twice can be known.

    Raises ValueError where an address can't stand in a head.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(address, name)
    message["To"] = _address(letter.to)
    message["Subject"] = one_line(letter.subject)[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(datetime.fromtimestamp(now / 1000, UTC))
    message["Message-ID"] = f"<{number}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    return message


def _address(spec: str, name: str = "") -> Address:
    try:
        return Address(name, addr_spec=spec)
    except (MessageError, IndexError, ValueError):
        raise ValueError("this is no e-mail address") from None


def one_line(text: str) -> str:
    """The text without line ends and controls, and without what a mail program would decode to them (RFC 2047)."""
    return " ".join("".join(char if char.isprintable() else " " for char in text.replace("=?", "= ?")).split())
