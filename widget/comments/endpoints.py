"""POST /comments: post or preview. What is refused comes back as the whole thread page with the typed text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.clock import DAY, MINUTE
from widget.comments import names, store
from widget.comments.barring import marks_of, wide_key
from widget.comments.forms import Action, Draft, Fault, FaultCode, read_comment
from widget.comments.posting import Author, Destination, Posted, post_comment, post_key
from widget.db.engine import BrokenRule, DatabaseUnavailable, Reader
from widget.errors import (
    AlreadyPosted,
    BadSignature,
    Banned,
    ForeignOrigin,
    MalformedAddress,
    NotFound,
    Refusal,
    RepliesOnly,
    SiteFrozen,
    StaleForm,
    ThreadClosed,
    TooDeep,
    TooManyLinks,
    TooSoon,
)
from widget.limits import policy
from widget.limits.address_key import address_keys
from widget.limits.rates import rates_of
from widget.markup.render import to_html
from widget.pages.view import View
from widget.pages.visit import Notice, Typed, Visit
from widget.people import ownership
from widget.people import store as people
from widget.people.person import Person
from widget.sites import store as sites
from widget.sites.site import Site
from widget.web import identity
from widget.web.error_pages import lost_form
from widget.web.fields import Fields, read_fields
from widget.web.own import known_visit
from widget.web.page import thread_answer, view_in, view_of
from widget.web.responses import see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import FORM_LIVES, Payload, Purpose, peek
from widget.wiring import AppState

_SAME_BROWSER_FOR = 10 * MINUTE

_NOTICES: dict[type[Refusal], str] = {
    ThreadClosed: "closed",
    RepliesOnly: "replies-only",
    SiteFrozen: "frozen",
    NotFound: "parent-gone",
    TooDeep: "too-deep",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A form that has arrived: the view it came from, where it belongs, who sends it and what he typed.

    `remembered` says that a cookie proves who sends it.
    """

    view: View
    to: Destination
    author: Author
    draft: Draft
    remembered: bool

    @property
    def typed(self) -> Typed:
        """What goes back into the form when it is shown again."""
        return Typed(self.draft, self.to.parent_id)

    @property
    def visit(self) -> Visit:
        """The author looking at the page again, with what he typed."""
        return replace(self.empty_visit, typed=self.typed)

    @property
    def empty_visit(self) -> Visit:
        """The same with an empty form."""
        return Visit(self.author.person, remembered=self.remembered)


async def submit(request: Request[AppState]) -> Response:
    """Post or preview a comment."""
    fields = await read_fields(request)
    came_from = sender(request.scope["headers"], request.state["settings"].base_url)
    if came_from is Sender.FOREIGN:
        return await _again(request, fields, "foreign", 403)
    if not (fields.well_formed or "token" in fields.values):
        return await lost_form(request, fields.values, 422)
    try:
        payload = request.state["forms"].open(Purpose.POST, fields.values.get("token", ""), clock.now(), FORM_LIVES)
    except StaleForm:
        return await _again(request, fields, "stale", 409)
    post = await _opened(request, payload, fields, came_from)
    if post is None:
        return await _again(request, fields, "stale", 409)
    if not fields.well_formed:
        return await _refused(request, post, Notice("unreadable"), 422)
    if post.draft.faults:
        return await thread_answer(request, post.view, post.visit, 422)
    return await (_preview if post.draft.action is Action.PREVIEW else _post)(request, post)


async def _opened(request: Request[AppState], payload: Payload, fields: Fields, came_from: Sender) -> Post | None:
    """The post behind a valid token; None where its site or page has gone since."""
    state = request.state
    site, reserved = await state["db"].read(partial(_about, payload["s"]))
    try:
        view = await view_of(request, payload["v"], site, payload["q"]) if site else None
    except (MalformedAddress, ForeignOrigin, BadSignature):
        return None
    if site is None or view is None:
        return None
    remembered = await identity.person_of(request, site, came_from)
    person = remembered
    if person is None and payload.get("w") and came_from is Sender.SAME:
        person = await people.by_id(state["db"], site.id, payload["w"])
    author = _author(request, site, person, came_from)
    to = Destination(view.page, ids.decode(payload["p"]), payload["n"], payload["t"])
    draft = read_comment(fields.values, site.rules)
    if names.is_taken(draft.name, reserved):
        draft = draft.with_fault(Fault("name", FaultCode.NAME_TAKEN))
    return Post(view, to, author, draft, remembered=remembered is not None)


async def _about(site_id: int, reader: Reader) -> tuple[Site | None, tuple[str, ...]]:
    """The site of a form, and the names that its readers can't take."""
    site = await sites.by_id(reader, site_id)
    return site, await names.reserved(reader, site) if site else ()


async def _preview(request: Request[AppState], post: Post) -> Response:
    site = post.view.site
    try:
        await policy.check_preview(
            request.state["limits"],
            site.id,
            rates_of(site.rules.limits),
            address=request.scope["client_address"],
            now=clock.now(),
        )
    except TooSoon as refusal:
        return await _refused(request, post, Notice("too-soon", refusal.seconds), 429)
    typed = Typed(post.draft, post.to.parent_id, to_html(post.draft.body))
    return await thread_answer(request, post.view, replace(post.visit, typed=typed))


async def _post(request: Request[AppState], post: Post) -> Response:
    """Keep the comment once: an equal post that is under way is waited for, one that is done is answered alike."""
    state, site = request.state, post.view.site
    key = post_key(state["keys"], site, post.to, post.draft)
    async with _alone(state["in_flight"], key):
        since = clock.now() - DAY
        earlier = await state["db"].read(lambda reader: store.earlier_post(reader, site.id, key, since))
        if earlier:
            return await _posted_before(request, post, earlier)
        try:
            await _spend(request, post)
            posted = await post_comment(
                state["db"], state["keys"], site, post.author, post.to, post.draft, now=clock.now()
            )
        except AlreadyPosted:
            return await _posted_elsewhere(request, post, key)
        except TooSoon as refusal:
            return await _refused(request, post, Notice("too-soon", refusal.seconds), 429)
        except TooManyLinks:
            draft = post.draft.with_fault(Fault("body", FaultCode.TOO_MANY_LINKS))
            return await thread_answer(request, post.view, replace(post, draft=draft).visit, 422)
        except Banned as refusal:
            notice = Notice("banned", until=refusal.until, reason=refusal.reason)
            return await _refused(request, post, notice, refusal.status)
        except (ThreadClosed, NotFound, TooDeep) as refusal:
            return await _refused(request, post, Notice(_NOTICES[type(refusal)]), refusal.status)
        except (DatabaseUnavailable, BrokenRule):  # the latter: its thread was merged into another in this instant
            return await _refused(request, post, Notice("busy", 60), 503)
    return await _done(request, post, posted)


async def _spend(request: Request[AppState], post: Post) -> None:
    site = post.view.site
    await policy.check_post(
        request.state["limits"],
        site.id,
        rates_of(site.rules.limits),
        address=request.scope["client_address"],
        thread=post.view.page.alias,
        now=clock.now(),
    )


async def _done(request: Request[AppState], post: Post, posted: Posted) -> Response:
    response = see_other(_private_view(post, posted.comment.id, posted.private))
    told = replace(posted.person, name=post.draft.name, website=post.draft.website)
    goes_by_another_name = post.remembered and told != posted.person
    if (post.draft.remember or goes_by_another_name) and not post.author.sandboxed:
        await identity.remember(request, response, told)
    return response


async def _posted_before(request: Request[AppState], post: Post, earlier: store.EarlierPost) -> Response:
    """An equal post exists. Who proves to be the same browser gets his private view, anybody else the public place."""
    state, site = request.state, post.view.site
    comment = await store.one(state["db"], site.id, earlier.comment_id)
    have_it = replace(post.empty_visit, notice=Notice("have-it"))
    if comment is None:
        return await thread_answer(request, post.view, have_it)
    if _same_browser(post, earlier, comment.person_id) and comment.private_hash:
        private = ownership.remade_private_link(state["keys"], comment.id, comment.private_hash)
        if private:
            return await _answered_alike(request, post, comment.id, private)
    if comment.is_approved:
        return see_other(f"{post.view.address()}#c-{ids.encode(comment.id)}")
    return await thread_answer(request, post.view, have_it)


async def _answered_alike(request: Request[AppState], post: Post, comment_id: int, private: str) -> Response:
    """The first answer may never have arrived, so its cookie is sent again too."""
    response = see_other(_private_view(post, comment_id, private))
    comment = await store.one(request.state["db"], post.view.site.id, comment_id)
    person_id = comment.person_id if comment else None
    person = await people.by_id(request.state["db"], post.view.site.id, person_id) if person_id else None
    if post.draft.remember and person and not post.author.sandboxed:
        await identity.remember(request, response, person)
    return response


async def _posted_elsewhere(request: Request[AppState], post: Post, key: str) -> Response:
    """Another process kept the equal post between our look and our write."""
    earlier = await store.earlier_post(request.state["db"], post.view.site.id, key, clock.now() - DAY)
    if earlier is None:
        return await _refused(request, post, Notice("busy", 60), 503)
    return await _posted_before(request, post, earlier)


def _same_browser(post: Post, earlier: store.EarlierPost, person_id: int | None) -> bool:
    if post.author.person is not None and post.author.person.id == person_id:
        return True
    recent = clock.now() - earlier.created_at < _SAME_BROWSER_FOR
    return recent and earlier.address_key == post.author.address_key


async def _refused(request: Request[AppState], post: Post, notice: Notice, status: int) -> Response:
    return await thread_answer(request, post.view, replace(post.visit, notice=notice), status)


async def _again(request: Request[AppState], fields: Fields, code: str, status: int) -> Response:
    """A form that can't be trusted, shown again: its token says which page, and is believed in nothing else."""
    payload = peek(fields.values.get("token", "")) or {}
    site_id = payload.get("s")
    site = await sites.by_id(request.state["db"], site_id) if type(site_id) is int and 0 < site_id < 2**63 else None
    view = await view_in(request, site, payload) if site else None
    if site is None or view is None:
        return await lost_form(request, fields.values, status)
    parent = payload.get("p")
    draft = read_comment(fields.values, site.rules)
    typed = Typed(draft, ids.decode(parent) if isinstance(parent, str) else None)
    came_from = sender(request.scope["headers"], request.state["settings"].base_url)
    visit = await known_visit(request, site, None, came_from)
    return await thread_answer(request, view, replace(visit, typed=typed, notice=Notice(code)), status)


def _private_view(post: Post, comment_id: int, private: str) -> str:
    kept = "1" if post.draft.remember else None
    return f"{post.view.address(mine=private, kept=kept)}#c-{ids.encode(comment_id)}"


def _author(request: Request[AppState], site: Site, person: Person | None, came_from: Sender) -> Author:
    keys, address = request.state["keys"], request.scope["client_address"]
    return Author(
        person,
        _address_key(request, site),
        sandboxed=came_from is Sender.ANONYMOUS,
        wide_key=wide_key(keys, site.id, address),
        marks=marks_of(keys, site.id, address=address, person_id=person.id if person else None),
    )


def _address_key(request: Request[AppState], site: Site) -> str:
    """A keyed hash of the sender's network, good for telling the same browser for ten minutes."""
    prefix = address_keys(request.scope["client_address"])[0][0]
    return request.state["keys"].mac("address.v1", site.id, prefix).hex()[:32]


@asynccontextmanager
async def _alone(in_flight: dict[str, asyncio.Lock], key: str) -> AsyncIterator[None]:
    """One equal post at a time in this process; the others wait and find it done."""
    lock = in_flight.setdefault(key, asyncio.Lock())
    try:
        async with lock:
            yield
    finally:
        if not lock.locked() and in_flight.get(key) is lock:
            del in_flight[key]
