"""Every address, one line each, by noun."""

from starlette.routing import Route

from widget.comments import endpoints as comments
from widget.comments import own_endpoints as own
from widget.demo import endpoints as demo
from widget.moderation import endpoints as moderation
from widget.pages import endpoints as pages
from widget.people import endpoints as people
from widget.web import health, static_endpoints

ROUTES = [
    # threads
    Route("/embed/{site}", pages.embed),
    Route("/thread/{site}", pages.thread),
    Route("/c/{comment}", pages.permalink),
    # comments
    Route("/comments", comments.submit, methods=["POST"]),
    Route("/mine/{private}", own.show),
    Route("/mine/{private}", own.change, methods=["POST"]),
    # moderators
    Route("/admin", moderation.home),
    Route("/admin/", moderation.home),
    Route("/admin/sign-in", people.sign_in_form),
    Route("/admin/sign-in", people.sign_in, methods=["POST"]),
    Route("/admin/sign-out", people.sign_out, methods=["POST"]),
    Route("/admin/queue", moderation.queue),
    Route("/admin/queue", moderation.decide_in_queue, methods=["POST"]),
    Route("/admin/comment/{comment}", moderation.comment),
    Route("/admin/comment/{comment}", moderation.decide_on_comment, methods=["POST"]),
    # the server itself
    Route("/static/{name}", static_endpoints.static),
    Route("/healthz", health.alive),
    Route("/readyz", health.ready),
    Route("/robots.txt", static_endpoints.robots),
    # the demonstration
    Route("/demo/", demo.article),
]
