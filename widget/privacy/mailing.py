"""The mail with the link: composed and sent by a job, and only where something is stored with the address (C154)."""

import html
from collections.abc import Callable
from functools import cache

from widget import ids
from widget.db.engine import Db
from widget.jobs.job import Handler, Hopeless, Job
from widget.mail.letter import Letter, as_message
from widget.mail.relay import read_relay
from widget.mail.sending import MailRefused, send
from widget.privacy import requests_store as requests
from widget.privacy.gathering import is_anything_kept
from widget.privacy.privacy_jobs import FORGET, MAIL, TIDY
from widget.privacy.requesting import LIVES, forget_old, secret_of
from widget.privacy.subject import subject_of_email
from widget.rendering import Pages
from widget.search.merging import merge_words
from widget.settings import Settings
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site


def handlers_of(settings: Settings) -> dict[str, Handler]:
    """Who does the jobs of privacy (privacy_jobs.py), by kind."""
    keys = Keys([key.encode() for key in settings.secret_keys])
    pages = cache(Pages)

    async def mail(db: Db, job: Job, now: int) -> None:
        letter = await _letter(db, job, keys, pages, settings.base_url, now)
        if letter is None:
            return
        number = f"privacy-{ids.encode(int(job.payload['request']))}"
        try:
            message = as_message(letter, settings.mail_from, number=number, now=now)
            await send(read_relay(settings.smtp_url), message)
        except (MailRefused, ValueError) as refused:
            told = str(refused) if isinstance(refused, MailRefused) else "its address can't be written in a mail"
            raise Hopeless(told) from None

    async def forget(db: Db, job: Job, now: int) -> None:
        await forget_old(db, int(job.payload["site"]), now=now)

    async def tidy(db: Db, _job: Job, _now: int) -> None:
        await merge_words(db)

    return {FORGET: forget, TIDY: tidy, MAIL: mail}


async def _letter(db: Db, job: Job, keys: Keys, pages: Callable[[], Pages], base_url: str, now: int) -> Letter | None:
    """None: nothing is stored with the address, or the link is good for nothing any more."""
    site_id, request_id = int(job.payload["site"]), int(job.payload["request"])
    asked, site = await requests.one(db, site_id, request_id), await sites.by_id(db, site_id)
    secret = secret_of(keys, asked) if asked else None
    if asked is None or site is None or secret is None or now >= asked.created_at + LIVES:
        return None
    if not await is_anything_kept(db, subject_of_email(keys, site_id, asked.email)):
        return None
    address = f"{base_url}/privacy/{site.slug}/mail/{secret}"
    subject, text = _words(pages(), site, address, asked.language)
    return Letter(asked.email, subject, text, asked.language)


def _words(pages: Pages, site: Site, address: str, language: str) -> tuple[str, str]:
    """Subject and text. Templates escape for HTML, and this is none."""
    text = html.unescape(pages.render("privacy/mail.txt", language, site_name=site.name, address=address))
    subject, _, rest = text.strip().partition("\n")
    return subject, rest.strip() + "\n"
