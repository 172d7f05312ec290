"""The jobs of privacy, by kind. What does them is imported when the first one comes: few days bring one."""

from functools import cache

from widget.db.engine import Db
from widget.jobs.job import Handler, Job
from widget.settings import Settings

MAIL = "privacy-mail"
"""Sends the link that proves an address."""

FORGET = "privacy-forget"
"""Forgets the requests whose link is good for nothing any more."""

TIDY = "privacy-tidy"
"""Lets the words of what was erased leave the index's pages."""


def privacy_jobs(settings: Settings) -> dict[str, Handler]:
    """Who does the jobs of proving an address and after an erase; without a relay nobody sends mails."""

    @cache
    def handlers() -> dict[str, Handler]:
        from widget.privacy.mailing import handlers_of

        return handlers_of(settings)

    async def mail(db: Db, job: Job, now: int) -> None:
        await handlers()[MAIL](db, job, now)

    async def forget(db: Db, job: Job, now: int) -> None:
        await handlers()[FORGET](db, job, now)

    async def tidy(db: Db, job: Job, now: int) -> None:
        await handlers()[TIDY](db, job, now)

    return {FORGET: forget, TIDY: tidy, **({MAIL: mail} if settings.smtp_url else {})}
