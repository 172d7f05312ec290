"""A thread's page: what it shows and its forms, gathered for the template. The template decides nothing."""

from dataclasses import dataclass

from widget import ids
from widget.comments import store
from widget.comments.comment import DEEPEST, Comment
from widget.comments.forms import Draft
from widget.db.engine import Db
from widget.pages.showing import Shown, also, reply_target, shown_in
from widget.pages.view import LONGEST_VIEW, View
from widget.pages.visit import PostForm, Visit, refusal, with_notice
from widget.rendering import Pages
from widget.sites.site import Rule
from widget.threads import store as threads
from widget.threads.announcing import line_html
from widget.threads.closing import Door, Standing, standing
from widget.threads.thread import Thread


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All that the template needs; the forms still want their tokens."""

    view: View
    thread: Thread | None
    shown: Shown
    standing: Standing
    reply_line: list[Comment]
    visit: Visit
    now: int

    @property
    def closed(self) -> bool:
        """Whether nothing can be posted."""
        return self.standing.is_closed


async def gather(db: Db, view: View, visit: Visit, now: int, told: int | None = None) -> ThreadPage:
    """Read what a view shows at `now` (milliseconds). `told` is the time its words speak of: a shared page's minute."""
    thread = await threads.of_page(db, view.site.id, view.page.alias)
    stands, told = standing(view.site, thread, now), now if told is None else told
    if thread is None:
        return ThreadPage(view, None, Shown([]), stands, reply_line=[], visit=visit, now=told)
    shown = await shown_in(db, thread, view)
    wanted = visit.typed.parent_id if visit.typed else view.reply
    reply_line = await reply_target(db, thread, wanted)
    shown = await _with(db, shown, reply_line, view)
    if visit.own and visit.own.comment.thread_id == thread.id:
        shown = await _with_own(db, shown, visit.own.comment, view)
    return ThreadPage(view, thread, shown, stands, reply_line, visit, told)


def render(pages: Pages, page: ThreadPage, top_token: str, reply_token: str) -> str:
    """The page's html, with these tokens in its forms."""
    view, visit, thread = page.view, page.visit, page.thread
    more_url, more_words = _more(page)
    parent = page.reply_line[-1] if page.reply_line else None
    answering = parent is not None
    top_form = _form(page, top_token, None, first=not answering and not _editing(visit))
    reply_form = _form(page, reply_token, parent, first=True) if parent and not page.closed else None
    own = with_notice(visit.own, visit.notice)
    forms = (top_form, reply_form, own.edit_form if own else None)
    return pages.render(
        "thread/page.html",
        view.language,
        view=view,
        site=view.site,
        shown=page.shown,
        now=page.now,
        title=(thread.title if thread else "") or view.page.title,
        count=thread.approved if thread else 0,
        canonical=view.alone(lang=None, sort=None),
        closed=page.closed,
        standing=page.standing,
        announcements=_announcements(page),
        top_form=top_form,
        reply_form=reply_form,
        own=own,
        notice=visit.notice,
        notice_in_form=any(form is not None and form.notice is not None for form in forms),
        personal=visit.is_personal,
        lean=_is_lean(page),
        remembered=visit.remembered,
        first_holds=_will_wait(page),
        anonymous=view.site.rules.anonymous or pages.word("Anonymous", view.language),
        deepest=DEEPEST,
        open_for_replies=not page.closed,
        own_id=visit.own.comment.id if visit.own else None,
        focus_id=page.shown.focused.id if page.shown.focused else None,
        reply_id=parent.id if parent else None,
        reply_to=view.own(focus=_key(view.focus), after=_key(view.after), reply=""),
        unreplied=view.own(focus=_key(view.focus), after=_key(view.after)),
        more_url=more_url,
        more_words=pages.word(more_words, view.language) if more_words else "",
        more_leaves=view.in_frame and view.n >= LONGEST_VIEW,
    )


def _form(page: ThreadPage, token: str, parent: Comment | None, *, first: bool) -> PostForm | None:
    """A closed thread has no form, unless somebody's text has to be given back; one for replies has none at its top."""
    typed, person = page.visit.typed, page.visit.person
    belongs = typed is not None and (parent.id if parent else None) == _parent_shown(page)
    restricted = page.standing.door is Door.REPLIES_ONLY and parent is None
    if (page.closed or restricted) and not belongs:
        return None
    blank = Draft(name=person.name, website=person.website) if person else Draft()
    if not belongs or typed is None:
        return PostForm(token, blank, parent, first=first)
    return PostForm(token, typed.draft, parent, typed.preview, first=first, notice=refusal(page.visit.notice))


def _is_lean(page: ThreadPage) -> bool:
    """Whether the first sheet is enough: a view of the frame with comments, a form, and nothing that stands out."""
    shown, standing = page.shown, page.standing
    if not page.view.in_frame or page.visit.is_personal or page.reply_line or shown.focused or not shown.lines:
        return False
    noticed = _announcements(page) or standing.door is not Door.OPEN or standing.closes_soon(page.now)
    return not noticed and not any(line.comment.is_marked for line in shown.lines)


def _announcements(page: ThreadPage) -> list[str]:
    """The lines above the thread as html: the site's, then its own."""
    lines = (page.view.site.rules.announcement, page.thread.announcement if page.thread else "")
    return [line_html(line) for line in lines if line]


def _editing(visit: Visit) -> bool:
    return visit.own is not None and visit.own.edit_form is not None


def _parent_shown(page: ThreadPage) -> int | None:
    """Where the typed text goes back to: under its parent, or to the top when that has gone."""
    return page.reply_line[-1].id if page.reply_line and not page.closed else None


def _will_wait(page: ThreadPage) -> bool:
    """Whether the page should say beforehand that a comment will be held."""
    rule = page.view.site.rules.rule
    return rule is Rule.PRE or (rule is Rule.FIRST and not page.visit.trusted)


def _more(page: ThreadPage) -> tuple[str, str]:
    """Where the next comments are: in the frame the same page with more, on the stand-alone page the page behind."""
    view, shown = page.view, page.shown
    if shown.next_after is None:
        return "", ""
    word = _word_for_more(page)
    if not view.in_frame:
        return view.own(after=ids.encode(shown.next_after), focus=_key(view.focus)), word
    if view.n >= LONGEST_VIEW:
        return view.alone(after=ids.encode(shown.next_after)), word
    return f"{view.own(n=LONGEST_VIEW)}#c-{ids.encode(shown.next_after)}", word


def _word_for_more(page: ThreadPage) -> str:
    if page.shown.focused and not page.view.in_frame:
        return "Show more replies"
    return "Show older comments" if page.view.order == "newest" else "Show newer comments"


def _key(id_: int | None) -> str | None:
    return None if id_ is None else ids.encode(id_)


async def _with(db: Db, shown: Shown, line: list[Comment], view: View) -> Shown:
    """The comment being answered must stand on the page, or its form has no place."""
    if not line or line[-1].id in shown.ids or (shown.focused and shown.focused.id == line[-1].id):
        return shown
    return also(shown, line[-1], line[:-1], view.site.rules.depth, view.order)


async def _with_own(db: Db, shown: Shown, own: Comment, view: View) -> Shown:
    line = await store.with_ancestors(db, own.site_id, own.id)
    return also(shown, own, line[:-1], view.site.rules.depth, view.order)
