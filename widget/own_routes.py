"""The addresses of what is one's own, one line each. Loaded when the first is asked for: most visitors only read."""

from starlette.routing import Route

from widget.comments import own_endpoints as own
from widget.privacy import asking_endpoints as asking
from widget.privacy import endpoints as privacy

ROUTES = [
    # a comment, by its private link
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
]
