"""What tests of uploads share: a product with a small limit and a folder of its own, and a file to choose."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from tests.browser import Browser, File
from tests.conftest import App
from tests.scene import a_site
from tests.sites.owner import an_owner
from tests.transfer.wxr import comment, export, item
from widget.app import build_app
from widget.settings import Settings
from widget.sites.site import Site
from widget.wiring import AppState

PARTNER = "https://partner.example"


@pytest.fixture
async def app(settings: Settings, tmp_path: Path) -> AsyncIterator[App]:
    """The product, which takes uploads of a megabyte."""
    small = settings.model_copy(update={"upload_folder": str(tmp_path / "uploads"), "import_max_mb": 1})
    starlette = build_app(small)
    async with starlette.router.lifespan_context(starlette) as state:
        assert state is not None
        yield App(small, cast("AppState", state), starlette)


@pytest.fixture
async def site(app: App) -> Site:
    """A partner."""
    return await a_site(app.state["db"], "partner")


@pytest.fixture
async def owner(app: App, site: Site) -> AsyncIterator[Browser]:
    """Cleo, who owns the partner's site."""
    browser = await an_owner(app, site)
    yield browser
    await browser.close()


def a_file(count: int = 12, name: str = "blog.xml") -> File:
    """An export of WordPress with so many comments in two articles, the last of each a reply to the one before."""
    half = count // 2
    items = []
    for post in (1, 2):
        first = (post - 1) * half + 1
        some = [comment(n, n - 1 if n == first + half - 1 else 0) for n in range(first, first + half)]
        items.append(item(*some, post_id=post, link=f"{PARTNER}/article-{post}"))
    return File(name, export(*items, blog=PARTNER).encode())


def uploads(app: App) -> list[Path]:
    """The files that lie there."""
    return sorted(app.settings.uploads_folder.glob("*"))
