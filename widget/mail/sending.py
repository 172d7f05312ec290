"""Handing one mail to the relay. Only jobs do this: a relay that hangs holds no request up (case C84)."""

from email.message import EmailMessage

from widget.mail.relay import Relay

TIMEOUT = 10.0
"""Seconds for each step: connecting, an answer."""

REFUSED_FOR_GOOD = range(500, 600)
"""SMTP's codes that mean: don't try this again (RFC 5321, 4.2.1)."""


class MailRefused(Exception):
    """The relay will never take this mail; what it said may hold the address, so only its number is told."""


class MailDelayed(Exception):
    """It couldn't be handed over now."""


async def send(relay: Relay, message: EmailMessage, *, seconds: float = TIMEOUT) -> None:
    """Hand it over. Raises MailRefused, MailDelayed; neither names the recipient."""
    import aiosmtplib  # with all of its modules: only who sends mail loads it

    try:
        await aiosmtplib.send(
            message,
            hostname=relay.host,
            port=relay.port,
            username=relay.user or None,
            password=relay.password or None,
            use_tls=relay.tls,
            start_tls=None if relay.is_near and not relay.tls else not relay.tls,
            timeout=seconds,
        )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        codes = {one.code for one in refused.recipients}
        kind = MailRefused if codes and all(code in REFUSED_FOR_GOOD for code in codes) else MailDelayed
        raise kind(f"the recipient was refused ({', '.join(map(str, sorted(codes)))})") from None
    except aiosmtplib.SMTPResponseException as refused:
        raise MailDelayed(f"{type(refused).__name__} ({refused.code})") from None
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise MailDelayed(type(fault).__name__) from None
