"""The one cookie of a reader: set only after he ticked "remember me", partitioned, holding one random secret."""

import contextlib
import re

from starlette.requests import Request
from starlette.responses import Response

from widget.db.engine import Conflict
from widget.people import ownership
from widget.people import store as people
from widget.people.person import Person
from widget.sites.site import Site
from widget.web.same_origin import Sender
from widget.wiring import AppState

_MAX_AGE = 400 * 86_400
_SECRET = re.compile(r"[a-z2-7]{26}")


def cookie_name(base_url: str) -> str:
    """`__Host-commenter` on https; without the prefix on http, where browsers would refuse it."""
    return "__Host-commenter" if base_url.startswith("https:") else "commenter"


def secret_in(request: Request[AppState]) -> str | None:
    """The secret in the request's cookie, or None."""
    secret = request.cookies.get(cookie_name(request.state["settings"].base_url), "")
    return secret if _SECRET.fullmatch(secret) else None


def is_carried(request: Request[AppState]) -> bool:
    """Whether the request brings our cookie, good or not: what answers it is nobody else's."""
    return cookie_name(request.state["settings"].base_url) in request.cookies


async def person_of(request: Request[AppState], site: Site, sender: Sender = Sender.SAME) -> Person | None:
    """The reader of this site whom the cookie proves. Whoever can't prove where his form came from has no cookie."""
    secret = secret_in(request) if sender is Sender.SAME else None
    if secret is None:
        return None
    return await people.by_secret(request.state["db"], site.id, ownership.identity_hash(site.id, secret))


async def remember(request: Request[AppState], response: Response, person: Person) -> None:
    """Let this browser be this person from now on. One secret serves all sites, hashed for each.

    Of two first comments sent at once with a cookie from another site the second finds the secret taken: by himself.
    """
    state = request.state
    secret = secret_in(request) or ownership.new_identity(state["keys"], person.site_id, person.id)
    with contextlib.suppress(Conflict):
        async with state["db"].transaction() as tx:
            await people.remember(tx, person, ownership.identity_hash(person.site_id, secret))
    secure = state["settings"].base_url.startswith("https:")
    attributes = "; Secure; SameSite=None; Partitioned" if secure else "; SameSite=Lax"
    name = cookie_name(state["settings"].base_url)
    response.headers.append("set-cookie", f"{name}={secret}; Path=/; Max-Age={_MAX_AGE}; HttpOnly{attributes}")
