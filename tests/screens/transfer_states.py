"""The pages for taking comments along and bringing some in, by the name of their state, for whoever looks at all."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import FilePayload

from tests.screens.servers import SNIPPET_SITE
from tests.screens.site_states import owner
from tests.screens.states import Visit
from tests.transfer.wxr import comment, export, item

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
    visit.page.wait_for_selector("#run")


def imported(visit: Visit) -> None:
    """An import that has come in."""
    checked_upload(visit)
    visit.page.click("#run .button--main")
    visit.page.wait_for_selector(".notice--ok")


def confirmed_undo(visit: Visit) -> None:
    """Before an import is undone."""
    imported(visit)
    visit.page.click(f"{_STILL} a.button")
    visit.page.wait_for_selector("#undo")


def broken_upload(visit: Visit) -> None:
    """A file that ends too early."""
    _uploaded(visit, _export(visit)[:-30])
    visit.page.wait_for_selector(".notice--error")


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
    "imported": imported,
    "confirmed-undo": confirmed_undo,
    "broken-upload": broken_upload,
}
