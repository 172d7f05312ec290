"""An owner chooses on the page whether anything is kept of e-mail addresses, and is told what was."""

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.transfer import rows
from tests.transfer.test_admin_import import imported
from tests.transfer.uploads import app, owner, site
from widget.comments.barring import email_key
from widget.sites.site import Site

__all__ = ["app", "owner", "site"]
pytestmark = pytest.mark.anyio


async def test_nothing_is_kept_by_default(app: App, site: Site, owner: Browser) -> None:
    done = await imported(owner, site)
    assert "E-mail addresses, not kept 12" in done.text
    assert await rows.email_marks(app.state["db"]) == set()


async def test_a_hash_is_kept_where_that_is_ticked(app: App, site: Site, owner: Browser) -> None:
    done = await imported(owner, site, email_hashes=True)
    assert "E-mail addresses, kept as a hash 12" in done.text
    marks = {email_key(app.state["keys"], site.id, f"author{number}@reader.example") for number in range(1, 13)}
    assert await rows.email_marks(app.state["db"]) == marks
