"""GET and POST /admin/comment/{comment}/more: edit it, answer it, pin it, pick it."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments.marking import Mark, mark_comment, possible
from widget.comments.staff import amend, write_as_staff
from widget.errors import AlreadyDecided, AlreadyPosted, NotFound
from widget.moderation import queue as queues
from widget.moderation.deciding import NotAllowed
from widget.moderation.items import Item
from widget.moderation.thread_forms import Task, TaskFault, TaskForm, read_task
from widget.people.signing_in import Session
from widget.sites import store as sites
from widget.web.admin import admin_page, read_items, signed_in, signed_in_sender
from widget.web.responses import see_other
from widget.web.tasks import TOLD, done_query, done_word, fault_of, opened_task, task_token
from widget.wiring import AppState

_MARKS = {Task.PIN: Mark.PIN, Task.UNPIN: Mark.UNPIN, Task.FEATURE: Mark.FEATURE, Task.UNFEATURE: Mark.UNFEATURE}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/comment/{comment}/more"""
    session = await signed_in(request)
    return await _page(request, session, TaskForm())


async def change(request: Request[AppState]) -> Response:
    """POST /admin/comment/{comment}/more"""
    session = await signed_in_sender(request)
    item = await _item(request, session)
    if not session.moderator.may_decide(item.site.id):
        raise NotAllowed
    form = read_task(await read_items(request))
    if form.fault:
        return await _page(request, session, form)
    try:
        word = await _done(request, session, item, form)
    except TOLD as refusal:
        fault, status = fault_of(refusal)
        return await _page(request, session, TaskForm(form.task, form.typed, fault), status)
    if not word:
        return await _page(request, session, TaskForm(None, form.typed, TaskFault.NOTHING_PRESSED))
    said = done_query(request, session, word)
    return see_other(f"/admin/comment/{ids.encode(item.comment.id)}/more?{said}")


async def _done(request: Request[AppState], session: Session, item: Item, form: TaskForm) -> str:
    """Do the task; the word for what has happened, none where there is no such task here."""
    payload = opened_task(request, session, _about(item), form.typed["token"])
    db, by, comment, now = request.state["db"], session.moderator, item.comment, clock.now()
    if form.task in _MARKS:
        changed = await mark_comment(db, item.site.id, by.id, comment.id, _MARKS[form.task], now=now)
        return str(form.task) if changed else "same"
    if form.task is Task.EDIT:
        return await _edited(request, session, item, form, int(payload["r"]))
    if form.task is Task.WRITE:
        return await _answered(request, session, item, form.typed["body"], str(payload["n"]))
    return ""


async def _edited(request: Request[AppState], session: Session, item: Item, form: TaskForm, revision: int) -> str:
    db, by, comment, now = request.state["db"], session.moderator, item.comment, clock.now()
    if comment.revision != revision:
        raise AlreadyDecided(comment.id)
    if comment.body == form.typed["body"]:
        return "same"
    await amend(db, by, comment, form.typed["body"], form.typed["reason"], now=now)
    return str(Task.EDIT)


async def _answered(request: Request[AppState], session: Session, item: Item, body: str, nonce: str) -> str:
    db, by, comment, now = request.state["db"], session.moderator, item.comment, clock.now()
    site = await sites.by_id(db, item.site.id)
    if site is None:
        raise NotFound
    try:
        await write_as_staff(db, site, by, comment.thread_id, comment.id, body, nonce=nonce, now=now)
    except AlreadyPosted:
        return "same"
    return str(Task.WRITE)


async def _item(request: Request[AppState], session: Session) -> Item:
    comment_id = ids.decode(request.path_params["comment"])
    if comment_id is None:
        raise NotFound
    return (await queues.examined(request.state["db"], session.moderator, comment_id)).item


async def _page(request: Request[AppState], session: Session, form: TaskForm, status: int = 422) -> Response:
    item = await _item(request, session)
    return await admin_page(
        request,
        "comments/more.html",
        session,
        status=status if form.fault else 200,
        item=item,
        form=form,
        may_decide=session.moderator.may_decide(item.site.id),
        marks=possible(item.comment),
        token=task_token(request, session, _about(item), r=item.comment.revision),
        done=done_word(request, session),
    )


def _about(item: Item) -> str:
    return f"more-{ids.encode(item.comment.id)}"
