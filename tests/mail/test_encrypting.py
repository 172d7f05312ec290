"""Mails are handed to a relay over TLS only when its certificate is one that this machine trusts."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller

from tests.mail.relay import Kept
from tests.scene import NOW
from widget.mail.letter import Letter, as_message
from widget.mail.relay import read_relay
from widget.mail.sending import MailDelayed, send

pytestmark = pytest.mark.anyio

MESSAGE = as_message(Letter("ada@example.org", "Subject", "Text", "en"), "post@example.org", number="1", now=NOW)


class Encrypting(Controller):
    """A relay that speaks TLS from the first byte: to see that it is up, a connection without a word has to do."""

    def _trigger_server(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()


def a_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def an_encrypting_relay(authority: trustme.CA, name: str) -> Iterator[tuple[Kept, str]]:
    """A relay that shows a certificate for this name, and its address as a setting."""
    context, kept = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), Kept()
    authority.issue_cert(name).configure_cert(context)
    controller = Encrypting(kept, hostname="127.0.0.1", port=a_port(), ssl_context=context)
    controller.start()
    try:
        yield kept, f"smtps://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


async def test_a_relay_whose_certificate_is_trusted_gets_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, trusted = trustme.CA(), tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with an_encrypting_relay(authority, "127.0.0.1") as (kept, url):
        await send(read_relay(url), MESSAGE, seconds=5)
    assert len(kept.mails) == 1


@pytest.mark.parametrize(("known", "name"), [(False, "127.0.0.1"), (True, "mail.example")])
async def test_a_relay_that_anybody_could_be_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool, name: str
) -> None:
    authority, trusted = trustme.CA(), tmp_path / "trusted.pem"
    (authority if known else trustme.CA()).cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with an_encrypting_relay(authority, name) as (kept, url), pytest.raises(MailDelayed):
        await send(read_relay(url), MESSAGE, seconds=5)
    assert kept.mails == []
