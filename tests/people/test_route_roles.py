"""Every address under /admin, asked by everybody: nobody, viewer, moderator, owner, and the owner of another site.

The table of what each may do is in roles.py; a route without a line there fails here (C87, C88; ASVS 8.2.1-8.3.1).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.conftest import App
from tests.people.moderators import back
from tests.people.roles import ALLOWED, GONE, NO, SIGN_IN, YES, Answer, admin_routes, sample
from tests.readers import FORM, bare, everything
from tests.scene import a_moderator, a_site
from widget.db.engine import Db
from widget.people.person import Moderator, Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

ASKERS = ("nobody", "viewer", "moderator", "owner", "stranger")
_INSIDE = {200: YES, 409: YES, 422: YES, 429: YES, 403: NO, 404: GONE}


@pytest.fixture
async def team(app: App, site: Site) -> dict[Role, Moderator]:
    """One of each role on the site."""
    return {
        role: await a_moderator(app.state["db"], f"{role}@example.org", role.title(), site, role=role) for role in Role
    }


@pytest.fixture
async def askers(app: App, team: Mapping[Role, Moderator]) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Everybody, signed in, at a client that follows nothing; the stranger owns another site."""
    other = await a_site(app.state["db"], "other")
    await a_moderator(app.state["db"], "stranger@example.org", "Stranger", other, role=Role.OWNER)
    async with AsyncExitStack() as stack:
        clients = {}
        for number, who in enumerate(ASKERS):
            clients[who] = await stack.enter_async_context(bare(app, f"192.0.2.{number}"))
            clients[who].headers["cookie"] = "" if who == "nobody" else await _cookie(app, f"{who}@example.org")
        yield clients


def test_every_route_has_its_line() -> None:
    routes, lines = admin_routes(), {(method, path.partition("?")[0]) for method, path in ALLOWED}
    missing = [f"{method} {path}" for method, path in routes if (method, path) not in lines]
    assert not missing, (
        f"Say who may do what: add a line to ALLOWED in tests/people/roles.py for each of {', '.join(missing)}; "
        "where its address holds a new kind of key, add one of the partner's to `sample` as well."
    )
    stale = [f"{method} {path}" for method, path in lines if (method, path) not in routes]
    assert not stale, f"Take these lines out of ALLOWED in tests/people/roles.py, their routes are gone: {stale}."


@pytest.mark.case("C88")
@pytest.mark.parametrize("who", ASKERS)
async def test_everybody_gets_what_the_table_says(
    app: App, site: Site, team: dict[Role, Moderator], askers: dict[str, httpx.AsyncClient], who: str
) -> None:
    objects = await sample(app, site, team)
    wrong = []
    for (method, path), answers in ALLOWED.items():
        got = _meant(await _ask(askers[who], method, objects.address(path)))
        if got is not answers[ASKERS.index(who)]:
            wrong.append(f"{method} {path}: {who} gets {got}, the table says {answers[ASKERS.index(who)]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.case("C87", "C88")
@pytest.mark.parametrize("who", ["owner", "stranger"])
async def test_what_belongs_to_others_looks_like_what_does_not_exist(
    app: App, site: Site, team: dict[Role, Moderator], askers: dict[str, httpx.AsyncClient], who: str
) -> None:
    """C87: the same status and the same words; for an owner, what nobody has is not found either."""
    objects = await sample(app, site, team)
    wrong = []
    for (method, path), answers in ALLOWED.items():
        unknown = await _ask(askers[who], method, objects.nobodys(path))
        if GONE in answers and _meant(unknown) is not GONE:
            wrong.append(f"{method} {path}: what nobody has answers {unknown.status_code}")
        if answers[-1] is GONE and who == "stranger":
            foreign = await _ask(askers[who], method, objects.address(path))
            if (foreign.status_code, foreign.text) != (unknown.status_code, unknown.text):
                wrong.append(f"{method} {path}: foreign {foreign.status_code}, unknown {unknown.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.case("C110")
async def test_other_methods_do_nothing(
    app: App, site: Site, team: dict[Role, Moderator], askers: dict[str, httpx.AsyncClient]
) -> None:
    """C110."""
    objects = await sample(app, site, team)
    known = {path: {method for method, other in admin_routes() if other == path} for _, path in admin_routes()}
    before = await everything(app.state["db"])
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"} - methods:
            answer = await _ask(askers["owner"], method, objects.address(path))
            assert answer.status_code == 405, (method, path, answer.status_code)
    assert await everything(app.state["db"]) == before


async def test_what_a_refused_form_answers_can_be_reloaded_by_its_address(
    app: App, site: Site, team: dict[Role, Moderator], askers: dict[str, httpx.AsyncClient]
) -> None:
    """Whoever presses Enter in the address bar sees a page; it is never "not that way", and nothing is sent again."""
    objects = await sample(app, site, team)
    before = await _all_but_limits(app.state["db"])
    for path in [path for method, path in ALLOWED if method == "POST"]:
        refused = await _ask(askers["owner"], "POST", objects.address(path))
        address = str(refused.url.copy_with(scheme=None, host=None))
        reloaded = await _ask(askers["owner"], "GET", address)
        assert reloaded.status_code in (200, 303), (path, reloaded.status_code)
        if reloaded.status_code == 303:
            assert (await _ask(askers["owner"], "GET", reloaded.headers["location"])).status_code == 200, path
    assert await _all_but_limits(app.state["db"]) == before


@pytest.mark.case("C63")
async def test_asking_without_a_form_changes_nothing(
    app: App, site: Site, team: dict[Role, Moderator], askers: dict[str, httpx.AsyncClient]
) -> None:
    """C63: whoever may, without a page's token, changes nothing; a stranger neither."""
    objects = await sample(app, site, team)
    before = await _all_but_limits(app.state["db"])
    for method, path in ALLOWED:
        for who in ASKERS:
            await _ask(askers[who], method, objects.address(path))
    assert await _all_but_limits(app.state["db"]) == before


async def _all_but_limits(db: Db) -> dict[str, list[str]]:
    """All rows but what was spent of the rate limits: a form refused is spent as well."""
    return {table: rows for table, rows in (await everything(db)).items() if table != "bucket"}


async def _cookie(app: App, email: str) -> str:
    browser = await back(app, email)
    await browser.close()
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def _ask(client: httpx.AsyncClient, method: str, address: str) -> httpx.Response:
    """One request, as a form of our own page without a single field sends it."""
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en", **(FORM if method == "POST" else {})}
    return await client.request(method, address, headers=headers)


def _meant(response: httpx.Response) -> Answer | int:
    if response.status_code == 303:
        return SIGN_IN if response.headers["location"].startswith("/admin/sign-in?") else YES
    return _INSIDE.get(response.status_code, response.status_code)
