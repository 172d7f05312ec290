"""GET and POST /admin/site/{slug}/rules: what is held, what is spam; tried on the last comments, then switched on."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from widget.db.engine import Db
from widget.moderation import store_past
from widget.moderation.rehearsing import LAST, Past, Rehearsal, Taught, past_of, rehearse
from widget.moderation.rule_forms import RULES
from widget.people.signing_in import Session
from widget.sites.changing import Change, changed_site
from widget.sites.settings_forms import form_of, read_form
from widget.sites.site import Site, SiteRules
from widget.spam import bayes_store, hosts_store
from widget.spam.bayes import ACTIVE_AFTER, LEAST_OF_EACH, Counts, is_active
from widget.web.admin import read_items, signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import Arrived, address, form_token, kept, say, settings_page
from widget.wiring import AppState


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/rules"""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _page(request, session, site, Arrived(form_of(site, RULES)))


async def change(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/rules: try what was typed, or switch it on."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    items = await read_items(request) or ()
    if ("action", "try") in items:
        return await _tried(request, session, site, items)
    arrived = await kept(request, session, site, RULES)
    if arrived.fault:
        form = arrived.form if arrived.form.values else form_of(site, RULES)
        return await _page(request, session, site, Arrived(form, arrived.fault))
    word = "saved" if arrived.changed else "same"
    return see_other(address(site, RULES.name, say(request, session, site, RULES.name, word)))


async def _tried(
    request: Request[AppState], session: Session, site: Site, items: list[tuple[str, str]] | tuple[()]
) -> Response:
    form, typed = read_form(RULES, items)
    if form.faults:
        return await _page(request, session, site, Arrived(form, "typed"))
    then = changed_site(site, Change(rules=typed.rules)).rules
    rehearsal = await _rehearsed(request.state["db"], site, then)
    return await _page(request, session, site, Arrived(form), rehearsal)


async def _rehearsed(db: Db, site: Site, then: SiteRules) -> Rehearsal:
    """Off the event loop: a thousand comments take a few hundred milliseconds."""
    rows = await store_past.last_comments(db, site.id, LAST)
    past = await asyncio.to_thread(past_of, site, rows)
    known = await hosts_store.known(db, site.id, list({host for one in past for host in one.hosts}))
    taught = await _taught(db, site, past)
    return await asyncio.to_thread(rehearse, site.rules, then, past, known, taught)


async def _taught(db: Db, site: Site, past: list[Past]) -> Taught:
    total = await bayes_store.totals_of(db, site.id)
    if not is_active(total):
        return Taught({}, Counts(), {})
    words = await bayes_store.counts_of(db, site.id, {word for one in past for word in one.found})
    return Taught(words, total, await bayes_store.labels_of(db, site.id, [one.row.id for one in past]))


async def _page(
    request: Request[AppState], session: Session, site: Site, arrived: Arrived, rehearsal: Rehearsal | None = None
) -> Response:
    total = await bayes_store.totals_of(request.state["db"], site.id)
    return await settings_page(
        request,
        session,
        site,
        RULES.name,
        fault=arrived.fault,
        form=arrived.form,
        token=form_token(request, session, site, RULES),
        rehearsal=rehearsal,
        learned=total,
        speaks=is_active(total),
        active_after=ACTIVE_AFTER,
        least_of_each=LEAST_OF_EACH,
        last=LAST,
    )
