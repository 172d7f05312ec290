"""The pages for taking comments along and bringing some in, by the name of their state, for whoever looks at all."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import FilePayload

from tests.screens.scenes import within
from tests.screens.servers import SNIPPET_SITE
from tests.screens.site_states import owner
from tests.screens.states import Visit
from tests.transfer.wxr import comment, export, item
from widget import clock, ids
from widget.clock import HOUR, MINUTE
from widget.db.engine import Db

_STILL = "main:not(:has(progress))"


def transfer(visit: Visit) -> None:
    """The page where it begins."""
    owner(visit, "transfer")


def wrong_upload(visit: Visit) -> None:
    """An upload with a line that is no pair of addresses."""
    _uploaded(visit, _export(visit), moves="nonsense")
    visit.page.wait_for_selector("#moves[aria-invalid]")


def checked_upload(visit: Visit) -> None:
    """What an upload would bring, with some of everything that goes wrong."""
    _uploaded(visit, _export(visit))
    _renewed_until(visit, "#run")


def being_checked(visit: Visit) -> None:
    """A file that is being read: nobody knows yet how long it will take."""
    checked_upload(visit)
    _halted(visit, "checking", reached=0)


def being_imported(visit: Visit) -> None:
    """An import on its way, some minutes before its end."""
    checked_upload(visit)
    _halted(visit, "writing", reached=4_312)


def stuck(visit: Visit) -> None:
    """One that nothing has moved for long."""
    checked_upload(visit)
    _halted(visit, "undoing", reached=0, beat=clock.now() - HOUR)


def imported(visit: Visit) -> None:
    """An import that has come in."""
    checked_upload(visit)
    visit.page.click("#run .button--main")
    _renewed_until(visit, ".notice--ok")


def confirmed_undo(visit: Visit) -> None:
    """Before an import is undone."""
    imported(visit)
    visit.page.click(f"{_STILL} a.button")
    visit.page.wait_for_selector("#undo")


def broken_upload(visit: Visit) -> None:
    """A file that ends too early."""
    _uploaded(visit, _export(visit)[:-30])
    _renewed_until(visit, ".notice--error")


def _renewed_until(visit: Visit, css: str) -> None:
    """Let the page of the run renew itself until it has come to its end."""
    visit.page.wait_for_selector(css)
    visit.page.goto(visit.page.url.partition("?")[0])


def _halted(visit: Visit, state: str, *, reached: int, beat: int = 0) -> None:
    """The run as it looks in that state, although nothing works on it."""
    run = ids.decode(visit.page.url.rpartition("/")[2].partition("?")[0])
    now = clock.now()

    async def put(db: Db, state: str) -> None:
        async with db.transaction() as tx:
            await tx.run(
                """
                update import_run
                set state = :state, reached = :reached, total = 12500, since = :since, beat = :beat
                where id = :run
                """,
                state=state,
                reached=reached,
                since=now - 3 * MINUTE,
                beat=beat or now,
                run=run,
            )

    within(visit.product, lambda db: put(db, state))
    visit.page.reload()
    visit.page.wait_for_selector("progress")
    within(visit.product, lambda db: put(db, "checked"))


def _uploaded(visit: Visit, content: str, moves: str = "") -> None:
    owner(visit, "transfer")
    visit.page.fill("#moves", moves)
    file = FilePayload(name="my-old-blog.xml", mimeType="text/xml", buffer=content.encode())
    visit.page.set_input_files("#file", files=[file])
    visit.page.click("#import .button--main")


def _export(visit: Visit) -> str:
    """A blog of its own, so that nothing of it is here already."""
    blog = f"https://{datetime.now(UTC).timestamp():.0f}.example"
    odd = [comment(1), comment(2, 1, body="<script>x</script>Hi"), comment(3, 77), comment(4, approved="spam")]
    here = item(*odd, post_id=1, link=f"{SNIPPET_SITE}{visit.path}")
    return export(
        here, item(comment(9), post_id=2, link="http://moved.example/2019/a-long-name-of-an-article"), blog=blog
    )


TRANSFER_STATES: dict[str, Callable[[Visit], None]] = {
    "transfer": transfer,
    "wrong-upload": wrong_upload,
    "checked-upload": checked_upload,
    "being-checked": being_checked,
    "being-imported": being_imported,
    "stuck": stuck,
    "imported": imported,
    "confirmed-undo": confirmed_undo,
    "broken-upload": broken_upload,
}
