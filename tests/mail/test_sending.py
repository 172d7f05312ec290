"""Mails: their heads hold nothing that was typed, and a relay that refuses or hangs is named without the recipient."""

import pytest

from tests.mail.relay import a_relay, a_silent_relay
from widget.mail.letter import Letter, as_message
from widget.mail.relay import read_relay, read_sender
from widget.mail.sending import MailDelayed, MailRefused, send

NOW = 1_790_000_000_000
LETTER = Letter("ada@example.org", "What The Post keeps", "Grüße.\n.\nEnd.\n", "de")


@pytest.mark.case("C81")
@pytest.mark.anyio
async def test_a_mail_arrives_as_it_was_written() -> None:
    with a_relay() as (kept, url):
        await send(read_relay(url), as_message(LETTER, "Post <post@example.org>", number="n-1", now=NOW))
    (mail,) = kept.mails
    assert mail["to"] == "ada@example.org"
    assert mail["from"] == "Post <post@example.org>"
    assert mail["auto-submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == LETTER.text


@pytest.mark.case("C77", "C78")
@pytest.mark.parametrize("typed", ["a\r\nBcc: eve@example.org", "a\nb\rc\x00d", "x" * 10_000, "=?utf-8?q?=0aBcc:?="])
def test_c77_c78_nothing_typed_makes_a_head_of_its_own(typed: str) -> None:
    message = as_message(Letter("ada@example.org", typed, "Text", "en"), "post@example.org", number="1", now=NOW)
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert sorted(names) == sorted({*names})
    assert b"bcc" not in names
    assert max(map(len, head.split(b"\r\n"))) <= 998


@pytest.mark.case("C77")
@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>"])
def test_c77_an_address_that_is_more_than_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        as_message(Letter(address, "S", "T", "en"), "post@example.org", number="1", now=NOW)


@pytest.mark.case("C84")
@pytest.mark.anyio
@pytest.mark.parametrize(("answer", "kind"), [("550 no such user", MailRefused), ("451 later", MailDelayed)])
async def test_c84_a_refusal_names_nobody(answer: str, kind: type[Exception]) -> None:
    with a_relay() as (kept, url):
        kept.answer = f"{answer} ada@example.org"
        with pytest.raises(kind) as refused:
            await send(read_relay(url), as_message(LETTER, "post@example.org", number="1", now=NOW))
    assert "ada" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.case("C84", "C133")
@pytest.mark.anyio
async def test_c84_a_relay_that_hangs_or_is_away_is_left_alone_soon() -> None:
    message = as_message(LETTER, "post@example.org", number="1", now=NOW)
    with a_silent_relay() as url, pytest.raises(MailDelayed):
        await send(read_relay(url), message, seconds=0.2)
    with pytest.raises(MailDelayed):
        await send(read_relay("smtp://127.0.0.1:1"), message, seconds=0.2)


def test_a_relay_is_read_from_its_setting() -> None:
    relay = read_relay("smtps://me%40x:pa%3Ass@mail.example")
    assert (relay.host, relay.port, relay.user, relay.password, relay.tls) == (
        "mail.example",
        465,
        "me@x",
        "pa:ss",
        True,
    )
    assert read_relay("smtp://mail.example").port == 587
    assert "pa:ss" not in repr(relay)
    for wrong in ("http://mail.example", "smtp://", "smtp://mail.example/x", "smtp://mail.example:x"):
        with pytest.raises(ValueError, match="it"):
            read_relay(wrong)
    for wrong in ("", "nobody", "a@b\r\nBcc: c@d", "<a b@c>"):
        with pytest.raises(ValueError, match="address"):
            read_sender(wrong)
