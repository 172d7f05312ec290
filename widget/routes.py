"""Every address, one line each, by noun; those that few ask for are in admin_routes.py and own_routes.py."""

from starlette.routing import BaseRoute, Route

from widget.comments import endpoints as comments
from widget.demo import endpoints as demo
from widget.pages import endpoints as pages
from widget.reports import endpoints as reports
from widget.reports import notice_endpoints as notices
from widget.web import health, static_endpoints
from widget.web.later import Later

ROUTES: list[BaseRoute] = [
    # threads
    Route("/embed/{site}", pages.embed),
    Route("/thread/{site}", pages.thread),
    Route("/c/{comment}", pages.permalink),
    # comments
    Route("/comments", comments.submit, methods=["POST"]),
    Route("/comments/{comment}/report", reports.form),
    Route("/comments/{comment}/report", reports.send, methods=["POST"]),
    Route("/notice/{private}", notices.show),
    # what is one's own
    Later("/mine", "widget.own_routes"),
    Later("/privacy", "widget.own_routes"),
    # moderators and owners
    Later("/admin", "widget.admin_routes"),
    # the server itself
    Route("/static/{name}", static_endpoints.static),
    Route("/healthz", health.alive),
    Route("/readyz", health.ready),
    Route("/robots.txt", static_endpoints.robots),
    # the demonstration
    Route("/demo/", demo.article),
]
