"""A site that is deleted leaves nothing on the disk either."""

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.readers import frame, write
from tests.scene import PASSWORD
from tests.sites.owner import settings
from tests.transfer.uploads import a_file, app, owner, site, uploads
from widget.sites.site import Site

__all__ = ["app", "owner", "site"]
pytestmark = pytest.mark.anyio


@pytest.mark.case("C93")
async def test_no_file_and_no_form_outlive_the_site(app: App, site: Site, owner: Browser, reader: Browser) -> None:
    form = (await reader.open(frame())).form("write")
    private = (await write(reader, "From the form.")).link("private link").href
    await (await owner.open(settings(site, "transfer"))).form("import").press(file=a_file())
    assert len(uploads(app)) == 1
    page = await owner.open(settings(site, "danger"))
    await page.form("delete").press("Delete the site for good", slug=site.slug, password=PASSWORD)
    assert uploads(app) == []
    assert (await reader.open(private)).status == 404
    late = await form.press(body="Is anybody there?")
    assert (late.status, late.find("ta").text) == (409, "Is anybody there?")
