"""A text through each way that there is to write one, fast: bare requests, tokens found by a search."""

import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlencode

import httpx

from tests.conftest import App
from tests.people.moderators import back
from tests.readers import bare, frame, key, stored
from tests.scene import a_comment
from widget.comments.comment import State
from widget.sites.site import Site

EMAIL = "cleo@example.org"
"""Who moderates here; the test makes the account."""

_SAME = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}

Way = Callable[[App, Site, Sequence[str], str], Awaitable[None]]


async def posted(app: App, site: Site, texts: Sequence[str], page: str) -> None:
    """Each is a reader's comment."""
    async with bare(app) as client:
        token = _token((await client.get(frame(page=page))).text, "write")
        for text in texts:
            await _sent(client, "/comments", {"token": token, "body": text, "name": text[:60]})


async def edited(app: App, site: Site, texts: Sequence[str], page: str) -> None:
    """Each is what an author makes of his comment."""
    async with bare(app) as client:
        token = _token((await client.get(frame(page=page))).text, "write")
        for number, text in enumerate(texts):
            answer = await _sent(client, "/comments", {"token": token, "body": f"{page} {number}"})
            private = "/mine/" + answer.headers["location"].partition("mine=")[2].partition("#")[0].partition("&")[0]
            edit = _token((await client.get(private)).text, "edit")
            await _sent(client, private, {"token": edit, "body": text, "action": "save"})


async def changed_by_a_moderator(app: App, site: Site, texts: Sequence[str], page: str) -> None:
    """Each is what a moderator makes of a comment."""
    for text in texts:
        comment = await a_comment(app.state["db"], site, "Plain", state=State.APPROVED, page=page)
        await _moderated(app, key(comment), "edit", [text])


async def answered_by_a_moderator(app: App, site: Site, texts: Sequence[str], page: str) -> None:
    """Each is a moderator's reply to a comment of its own."""
    for text in texts:
        comment = await a_comment(app.state["db"], site, "Plain", state=State.APPROVED, page=page)
        await _moderated(app, key(comment), "write", [text])


WAYS: dict[str, Way] = {
    "post": posted,
    "edit": edited,
    "moderator's edit": changed_by_a_moderator,
    "moderator's reply": answered_by_a_moderator,
}


async def bodies(app: App, site: Site) -> list[str]:
    """What the site's comments hold."""
    return [one.body for one in await stored(app.state["db"], site)]


async def _moderated(app: App, comment: str, task: str, texts: Sequence[str]) -> None:
    address = f"/admin/comment/{comment}/more"
    async with bare(app, "192.0.2.1") as client:
        client.headers["cookie"] = await _cookie(app)
        for text in texts:
            token = _token((await client.get(address)).text, task)
            await _sent(client, address, {"token": token, "task": task, "body": text})


_cookies: dict[int, str] = {}


async def _cookie(app: App) -> str:
    if id(app) not in _cookies:
        browser = await back(app, EMAIL)
        _cookies[id(app)] = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        await browser.close()
    return _cookies[id(app)]


async def _sent(client: httpx.AsyncClient, address: str, fields: dict[str, str]) -> httpx.Response:
    body = urlencode(fields, errors="surrogatepass").encode()
    answer = await client.post(address, content=body, headers=_SAME)
    assert answer.status_code in (200, 303, 422), (address, fields, answer.status_code)
    return answer


def _token(text: str, form: str) -> str:
    """The token of the form of that id."""
    found = re.search(rf'<form[^>]* id="{form}".*?name="token" value="([^"]*)"', text, re.DOTALL)
    assert found, (form, text[-2_000:])
    return found[1]
