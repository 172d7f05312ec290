"""Every address that shows something, by the route that answers it. A new route without a line here fails a test."""

from starlette.routing import Route

from tests.browser import Page
from tests.people.roles import ALLOWED
from tests.readers import alone, frame, key
from tests.security.scene import Scene
from widget import ids
from widget.own_routes import ROUTES as OWN_ROUTES
from widget.routes import ROUTES


def readers_addresses(scene: Scene) -> dict[str, list[str]]:
    """What readers and authors can open, by the path of the route."""
    comment, slug, privates = key(scene.comment), scene.site.slug, scene.privates
    private = privates[0].removeprefix("/mine/")
    views: dict[str, str] = {"reply": comment, "focus": comment, "mine": private}
    return {
        "/embed/{site}": [
            frame(),
            frame(page="/other"),
            frame(mine=private, edit="1"),
            *[frame(**{k: v}) for k, v in views.items()],
        ],
        "/thread/{site}": [alone(), alone(lang="ar"), *[alone(**{k: v}) for k, v in views.items()]],
        "/c/{comment}": [f"/c/{comment}"],
        "/comments/{comment}/report": [f"/comments/{comment}/report", f"/comments/{comment}/report?illegal=1"],
        "/notice/{private}": [scene.receipt],
        "/mine/{private}": list(privates),
        "/mine/{private}/data": [f"{one}/data" for one in privates],
        "/mine/{private}/data.json": [f"{privates[0]}/data.json"],
        "/mine/{private}/erase": [f"{privates[0]}/erase?how=all", f"{privates[0]}/erase?how=name"],
        "/privacy/{site}": [f"/privacy/{slug}"],
        "/privacy/{site}/mail/{link}": [scene.mailed],
        "/privacy/{site}/{page}/data": [f"{scene.proved}/data"],
        "/privacy/{site}/{page}/data.json": [f"{scene.proved}/data.json"],
        "/privacy/{site}/{page}/erase": [f"{scene.proved}/erase?how=all"],
        "/static/{name}": [scene.app.state["admin_sheet"].path],
        "/healthz": ["/healthz"],
        "/readyz": ["/readyz"],
        "/robots.txt": ["/robots.txt"],
        "/demo/": ["/demo/"],
    }


def owners_addresses(scene: Scene) -> list[str]:
    """What the owner can open: each line of the table of roles, and the tabs of what has tabs."""
    table = [scene.objects.address(path) for method, path in ALLOWED if method == "GET"]
    comment, person = key(scene.comment), scene.comment.person_id or 0
    tabs = [f"/admin/queue?tab={tab}" for tab in ("approved", "spam", "rejected", "deleted")]
    own = [f"/admin/comment/{comment}", f"/admin/comment/{comment}/more", f"/admin/author/{ids.encode(person)}"]
    return [*table, *tabs, *own, f"/admin/thread/{ids.encode(scene.comment.thread_id)}"]


def routes_for_readers() -> set[str]:
    """The paths of all routes outside /admin that a browser opens."""
    routes = [*ROUTES, *OWN_ROUTES]
    return {route.path for route in routes if isinstance(route, Route) and "GET" in (route.methods or ())}


async def every_page(scene: Scene) -> dict[str, Page]:
    """Each address as its own reader gets it."""
    pages: dict[str, Page] = {}
    for addresses in readers_addresses(scene).values():
        for address in addresses:
            pages[address] = await scene.reader.open(address)
    for address in owners_addresses(scene):
        pages[address] = await scene.owner.open(address)
    return pages
