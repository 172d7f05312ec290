"""GET /admin/threads; GET and POST /admin/thread/{thread} and /admin/thread/{thread}/merge."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments.staff import write_as_staff
from widget.errors import AlreadyPosted, NotFound
from widget.moderation.deciding import NotAllowed
from widget.moderation.thread_forms import Task, TaskFault, TaskForm, read_task
from widget.moderation.thread_lists import ThreadView, leads_to, listed, read_thread_filter, viewed
from widget.people.signing_in import Session
from widget.sites import store as sites
from widget.threads import closing, moves_store
from widget.threads import store as threads
from widget.threads.moving import Occupied, merge_threads, move_thread, undo_moves
from widget.threads.thread import Thread
from widget.web.admin import admin_page, read_items, signed_in, signed_in_sender
from widget.web.responses import see_other
from widget.web.tasks import TOLD, done_query, done_word, fault_of, opened_task, task_token
from widget.wiring import AppState


async def every(request: Request[AppState]) -> Response:
    """GET /admin/threads"""
    session = await signed_in(request)
    own = [one for one in await sites.every(request.state["db"]) if one.id in session.moderator.roles]
    wanted = read_thread_filter(request.query_params, own)
    found = await listed(request.state["db"], own, wanted, clock.now())
    return await admin_page(request, "threads/list.html", session, wanted=wanted, found=found)


async def show(request: Request[AppState]) -> Response:
    """GET /admin/thread/{thread}; one that was merged leads to where its comments are."""
    session = await signed_in(request)
    thread_id = _thread_id(request)
    into_id = await leads_to(request.state["db"], session.moderator, thread_id)
    if into_id is not None:
        return see_other(f"/admin/thread/{ids.encode(into_id)}")
    return await _page(request, session, TaskForm())


async def change(request: Request[AppState]) -> Response:
    """POST /admin/thread/{thread}: close, reopen, restrict, announce, write, move, undo."""
    session = await signed_in_sender(request)
    view = await _own(request, session)
    form = read_task(await read_items(request))
    if form.fault:
        return await _page(request, session, form)
    try:
        return await _done(request, session, view, form)
    except Occupied as other:
        into = ids.encode(other.thread_id)
        return see_other(f"/admin/thread/{ids.encode(view.thread.id)}/merge?into={into}")
    except TOLD as refusal:
        fault, status = fault_of(refusal)
        return await _page(request, session, TaskForm(form.task, form.typed, fault), status)


async def ask_merge(request: Request[AppState]) -> Response:
    """GET /admin/thread/{thread}/merge?into=: both threads, and the question."""
    session = await signed_in(request)
    return await _merge_page(request, session, await _own(request, session), TaskForm())


async def merge(request: Request[AppState]) -> Response:
    """POST /admin/thread/{thread}/merge?into="""
    session = await signed_in_sender(request)
    view = await _own(request, session)
    into = await _into(request, view)
    form = read_task(await read_items(request))
    if form.fault:
        return await _merge_page(request, session, view, form)
    db, by_id, now = request.state["db"], session.moderator.id, clock.now()
    try:
        opened_task(request, session, _about(view.thread), form.typed["token"])
        await merge_threads(db, view.site, by_id, view.thread.id, into.id, now=now)
    except TOLD as refusal:
        fault, status = fault_of(refusal)
        return await _merge_page(request, session, view, TaskForm(form.task, form.typed, fault), status)
    return see_other(f"/admin/thread/{ids.encode(into.id)}?{done_query(request, session, Task.MERGE)}")


async def _done(request: Request[AppState], session: Session, view: ThreadView, form: TaskForm) -> Response:
    """Do the task, then see what it has come to."""
    payload = opened_task(request, session, _about(view.thread), form.typed["token"])
    db, site, by, now = request.state["db"], view.site, session.moderator, clock.now()
    thread_id, typed, word = view.thread.id, form.typed, str(form.task)
    match form.task:
        case Task.CLOSE:
            changed = await closing.close_thread(db, site, by.id, thread_id, typed["reason"], now=now)
        case Task.REOPEN:
            changed = await closing.reopen_thread(db, site, by.id, thread_id, now=now)
        case Task.REPLIES_ONLY:
            changed = await closing.take_replies_only(db, site, by.id, thread_id, now=now)
        case Task.ALL_COMMENTS:
            changed = await closing.take_everything(db, site, by.id, thread_id, now=now)
        case Task.ANNOUNCE:
            changed = await closing.announce(db, site, by.id, thread_id, typed["announcement"], now=now)
            word = word if typed["announcement"] else "end-announcement"
        case Task.MOVE:
            changed = bool(await move_thread(db, site, by.id, thread_id, typed["url"], now=now))
        case Task.UNDO:
            thread_id, changed = await _undone(request, session, view, form.batch), True
        case Task.WRITE:
            changed = await _written(request, session, view, typed["body"], str(payload["n"]))
        case _:
            return await _page(request, session, TaskForm(None, typed, TaskFault.NOTHING_PRESSED))
    said = done_query(request, session, word if changed else "same")
    return see_other(f"/admin/thread/{ids.encode(thread_id)}?{said}")


async def _undone(request: Request[AppState], session: Session, view: ThreadView, batch: int) -> int:
    """Take a move back; the thread to look at then. A whole remap is undone on its own page, by an owner."""
    db, now = request.state["db"], clock.now()
    made = await moves_store.moves_of(db, view.site.id, batch)
    if len(made) != 1 or view.thread.id not in (made[0].thread_id, made[0].into_id):
        raise NotFound
    await undo_moves(db, view.site, session.moderator.id, batch, now=now)
    return made[0].thread_id


async def _written(request: Request[AppState], session: Session, view: ThreadView, body: str, nonce: str) -> bool:
    db, now = request.state["db"], clock.now()
    try:
        await write_as_staff(db, view.site, session.moderator, view.thread.id, None, body, nonce=nonce, now=now)
    except AlreadyPosted:
        return False
    return True


async def _own(request: Request[AppState], session: Session) -> ThreadView:
    """The thread, for whoever may change it. Raises NotFound, NotAllowed."""
    view = await viewed(request.state["db"], session.moderator, _thread_id(request), clock.now())
    if not view.may_decide:
        raise NotAllowed
    return view


async def _page(request: Request[AppState], session: Session, form: TaskForm, status: int = 422) -> Response:
    view = await viewed(request.state["db"], session.moderator, _thread_id(request), clock.now())
    return await admin_page(
        request,
        "threads/thread.html",
        session,
        status=status if form.fault else 200,
        view=view,
        form=form,
        token=task_token(request, session, _about(view.thread)),
        done=done_word(request, session),
    )


async def _merge_page(
    request: Request[AppState], session: Session, view: ThreadView, form: TaskForm, status: int = 422
) -> Response:
    return await admin_page(
        request,
        "threads/merge.html",
        session,
        status=status if form.fault else 200,
        view=view,
        into=await _into(request, view),
        form=form,
        token=task_token(request, session, _about(view.thread)),
    )


async def _into(request: Request[AppState], view: ThreadView) -> Thread:
    """The other thread. Raises NotFound: unknown, of another site, or the same one."""
    into_id = ids.decode(request.query_params.get("into", ""))
    into = await threads.by_id(request.state["db"], view.site.id, into_id) if into_id is not None else None
    if into is None or into.id == view.thread.id:
        raise NotFound
    return into


def _about(thread: Thread) -> str:
    return f"thread-{ids.encode(thread.id)}"


def _thread_id(request: Request[AppState]) -> int:
    thread_id = ids.decode(request.path_params["thread"])
    if thread_id is None:
        raise NotFound
    return thread_id
