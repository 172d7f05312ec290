"""Every address, one line each, by noun; those of moderators and owners are in admin_routes.py."""

from starlette.routing import BaseRoute, Route

from widget.comments import endpoints as comments
from widget.comments import own_endpoints as own
from widget.demo import endpoints as demo
from widget.pages import endpoints as pages
from widget.privacy import asking_endpoints as asking
from widget.privacy import endpoints as privacy
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
    Route("/mine/{private}", own.show),
    Route("/mine/{private}", own.change, methods=["POST"]),
    # what is kept about a reader
    Route("/mine/{private}/data", privacy.show),
    Route("/mine/{private}/data.json", privacy.download),
    Route("/mine/{private}/erase", privacy.ask),
    Route("/mine/{private}/erase", privacy.erase_all, methods=["POST"]),
    Route("/privacy/{site}", asking.form),
    Route("/privacy/{site}", asking.send, methods=["POST"]),
    Route("/privacy/{site}/mail/{link}", asking.link),
    Route("/privacy/{site}/mail/{link}", asking.use, methods=["POST"]),
    Route("/privacy/{site}/{page}/data", privacy.show),
    Route("/privacy/{site}/{page}/data.json", privacy.download),
    Route("/privacy/{site}/{page}/erase", privacy.ask),
    Route("/privacy/{site}/{page}/erase", privacy.erase_all, methods=["POST"]),
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
