"""The author's own comment behind his private link, and the forms that change it."""

from dataclasses import dataclass, replace

from starlette.requests import Request

from widget import clock, ids
from widget.comments import store
from widget.comments.comment import Comment, State
from widget.comments.forms import Draft
from widget.errors import NotFound
from widget.pages.view import View
from widget.pages.visit import Own, Visit, own_of, with_edit_form
from widget.people import ownership
from widget.people import store as people
from widget.reports import store_rulings
from widget.sites import store as sites
from widget.sites.site import Site
from widget.web import identity
from widget.web.same_origin import Sender
from widget.web.signing import Purpose
from widget.wiring import AppState


@dataclass(frozen=True, slots=True)
class Owned:
    """A private link that opens: its site and comment."""

    private: str
    site: Site
    comment: Comment


async def owned_by(request: Request[AppState], private: str) -> Owned:
    """What a private link opens. Raises NotFound: a wrong secret looks like an unknown comment."""
    db, read = request.state["db"], ownership.read_private(private)
    place = await store.place_of(db, read[0]) if read else None
    if read is None or place is None:
        raise NotFound
    comment = await store.one(db, place.site_id, read[0])
    site = await sites.by_id(db, place.site_id)
    if site is None or comment is None or comment.private_hash is None:
        raise NotFound
    if not ownership.opens(read[1], comment.private_hash):
        raise NotFound
    return Owned(private, site, comment)


async def known_visit(
    request: Request[AppState], site: Site, owned: Owned | None, came_from: Sender = Sender.SAME
) -> Visit:
    """Who looks: the reader whom his cookie proves, else the author whose private link was given."""
    person = await identity.person_of(request, site, came_from)
    if person or owned is None or owned.comment.person_id is None:
        return Visit(person, remembered=person is not None)
    return Visit(await people.by_id(request.state["db"], site.id, owned.comment.person_id))


async def own_in(request: Request[AppState], owned: Owned, view: View, *, cookie: str = "") -> Own:
    """The comment as its author sees it in the thread, with the form open where he asked for it."""
    own = await own_now(request, owned, cookie)
    if not (view.editing and own.minutes_left):
        return own
    return opened(request, own, view, Draft(body=owned.comment.body))


async def own_now(request: Request[AppState], owned: Owned, cookie: str = "") -> Own:
    """The comment as its author sees it in the thread.

    What the checks have called spam waits as far as he is told there: it must not say what they catch. What a moderator
    has called spam is decided, and he is told as on his private page.
    """
    comment = owned.comment
    own = own_of(comment, owned.private, owned.site.edit_window, clock.now(), cookie)
    if comment.state is not State.SPAM:
        return own
    db = request.state["db"]
    return replace(own, decided=await store_rulings.is_decided(db, comment.site_id, comment.id, comment.state))


def opened(request: Request[AppState], own: Own, view: View | None, draft: Draft, preview: str = "") -> Own:
    """The same with the form open. `view` is where Save leads back to; None is the private page itself."""
    cancel = f"{view.own()}#c-{ids.encode(own.comment.id)}" if view else f"/mine/{own.private}"
    return with_edit_form(own, edit_token(request, own.comment, view), draft, preview, cancel)


def edit_token(request: Request[AppState], comment: Comment, view: View | None) -> str:
    """Bound to the comment and its revision: a form that was shown before a change doesn't undo it."""
    payload: dict[str, object] = {"c": ids.encode(comment.id), "r": comment.revision}
    if view:
        payload |= {"v": view.kind, "q": dict(view.carried)}
    return request.state["forms"].sign(Purpose.EDIT, payload, clock.now())
