"""The jobs of imports, by kind. What reads exports is imported when the first one comes: few servers ever need it."""

import asyncio

from widget.db.engine import Db
from widget.jobs.job import Handler, Job
from widget.settings import Settings, most_uploaded
from widget.sites.keys import Keys
from widget.transfer.uploads import Uploads

CHECK, WRITE, UNDO, SWEEP = "import-check", "import-run", "import-undo", "import-sweep"


def uploads_of(settings: Settings) -> Uploads:
    """The folder of uploads by the settings."""
    return Uploads(settings.uploads_folder)


def import_jobs(settings: Settings) -> dict[str, Handler]:
    """Who does them."""
    uploads = uploads_of(settings)

    async def sweep(_db: Db, _job: Job, now: int) -> None:
        await asyncio.to_thread(uploads.sweep, now)

    return {
        CHECK: _job_of(settings, "checked"),
        WRITE: _job_of(settings, "written"),
        UNDO: _job_of(settings, "undone"),
        SWEEP: sweep,
    }


def _job_of(settings: Settings, verb: str) -> Handler:
    keys = Keys([key.encode() for key in settings.secret_keys])

    async def work(db: Db, job: Job, now: int) -> None:
        from widget.transfer import uploaded

        verbs = {"checked": uploaded.checked, "written": uploaded.written, "undone": uploaded.undone}
        shop = uploaded.Workshop(settings.database_url, uploads_of(settings), most_uploaded(settings), keys)
        await verbs[verb](shop, db, job, now)

    return work
