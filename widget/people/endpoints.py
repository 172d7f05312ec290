"""GET and POST /admin/sign-in, POST /admin/sign-out."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.clock import MINUTE
from widget.errors import StaleForm, TooSoon
from widget.limits import policy
from widget.people import signing_in
from widget.people import two_factor_store as factors
from widget.people.browsers import browser_name
from widget.people.moderators_store import Account
from widget.people.signing_in import NotSignedIn, Session
from widget.people.two_factor import Code, fitting_code
from widget.web.admin import (
    SIGN_IN,
    admin_page,
    forget_cookie,
    keep_awake,
    local_address,
    open_signed,
    read_items,
    refuse_foreign,
    signed_in_at_all,
    signed_in_sender,
)
from widget.web.responses import see_other
from widget.web.signing import Purpose
from widget.wiring import AppState

STEP_LIVES = 5 * MINUTE
"""How long the page that asks for the code may be open."""

_log = structlog.get_logger("sign_in")


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the sign-in page shows. `step` stands for a password that was right; then the code is asked for."""

    wanted: str
    email: str = ""
    step: str = ""
    fault: str = ""
    seconds: int = 0


class _Failed(Exception):
    """Nobody is signed in by this form; `page` says why, or asks for the code."""

    def __init__(self, page: SignIn, status: int, outcome: str) -> None:
        super().__init__(outcome)
        self.page = page
        self.status = status
        self.outcome = outcome


async def sign_in_form(request: Request[AppState]) -> Response:
    """GET /admin/sign-in: the form; whoever is signed in is sent on."""
    wanted = local_address(request.query_params.get("next", ""))
    if await _session(request):
        return see_other(wanted)
    return await admin_page(request, "admin/sign_in.html", None, form=SignIn(wanted))


async def sign_in(request: Request[AppState]) -> Response:
    """POST /admin/sign-in. Unknown address and wrong password have the same answer.

    The code may come with the password, or in a second form, which holds a token in the place of the password.
    """
    refuse_foreign(request)
    fields = dict(await read_items(request) or ())
    wanted = local_address(fields.get("next", ""))
    try:
        session = await _begun(request, fields, wanted)
    except _Failed as failed:
        _log.warning("sign_in", outcome=failed.outcome)
        headers = {"retry-after": str(failed.page.seconds)} if failed.page.seconds else {}
        return await admin_page(
            request, "admin/sign_in.html", None, status=failed.status, headers=headers, form=failed.page
        )
    _log.info("sign_in", outcome="done", moderator=session.moderator.id)
    response = see_other(wanted)
    keep_awake(request, response, session)
    return response


async def sign_out(request: Request[AppState]) -> Response:
    """POST /admin/sign-out: the session's row goes, the cookie goes, and what the browser kept of our pages."""
    session = await signed_in_sender(request)
    fields = dict(await read_items(request) or ())
    try:
        open_signed(request, session, "sign-out", fields.get("token", ""))
    except StaleForm:
        return await admin_page(request, "admin/sign_out.html", session, status=409)
    await signing_in.sign_out(request.state["db"], session)
    _log.info("sign_out", moderator=session.moderator.id)
    response = see_other(SIGN_IN)
    response.headers["clear-site-data"] = '"cache"'
    forget_cookie(request, response)
    return response


async def _session(request: Request[AppState]) -> Session | None:
    try:
        return await signed_in_at_all(request)
    except NotSignedIn:
        return None


async def _begun(request: Request[AppState], fields: Mapping[str, str], wanted: str) -> Session:
    """The session that a form begins. Raises _Failed."""
    account = await _account(request, fields, wanted)
    code = await _code(request, account, fields.get("code", ""), wanted)
    old = await _session(request)
    session = await signing_in.begin_session(
        request.state["db"],
        account,
        code,
        replacing=old.id_hash if old else None,
        browser=browser_name(request.headers.get("user-agent", "")),
        now=clock.now(),
    )
    if session is None:
        raise _Failed(_step(request, account, wanted, fault="code"), 422, "code refused")
    return session


async def _account(request: Request[AppState], fields: Mapping[str, str], wanted: str) -> Account:
    """Whose password was right, now or a step before. Raises _Failed."""
    db, email = request.state["db"], fields.get("email", "")
    if fields.get("step"):
        account = await _stepped(request, fields["step"])
        if account is None:
            raise _Failed(SignIn(wanted, email, fault="over"), 409, "step over")
        return account
    try:
        await _spend(request, signing_in.read_email(email) or email)
    except TooSoon as refusal:
        page = SignIn(wanted, email, fault="too-soon", seconds=refusal.seconds)
        raise _Failed(page, 429, "limited") from None
    account = await signing_in.account_behind(db, request.state["passwords"], email, fields.get("password", ""))
    if account is None:
        raise _Failed(SignIn(wanted, email, fault="wrong"), 422, "refused")
    return account


async def _code(request: Request[AppState], account: Account, typed: str, wanted: str) -> Code | None:
    """The code that fits, or None where the account needs none. Raises _Failed."""
    state, now = request.state, clock.now()
    totp = await factors.totp_of(state["db"], account.id)
    if totp is None:
        return None
    if not typed.strip():
        raise _Failed(_step(request, account, wanted), 200, "code asked for")
    try:
        await policy.check_code(state["limits"], {}, moderator=account.id, now=now)
    except TooSoon as refusal:
        page = _step(request, account, wanted, fault="too-soon", seconds=refusal.seconds)
        raise _Failed(page, 429, "limited") from None
    code = await fitting_code(state["db"], state["passwords"], state["keys"], totp, typed, now=now)
    if code is None:
        raise _Failed(_step(request, account, wanted, fault="code"), 422, "code refused")
    return code


async def _stepped(request: Request[AppState], token: str) -> Account | None:
    try:
        facts = request.state["forms"].open(Purpose.SIGN_IN, token, clock.now(), STEP_LIVES)
    except StaleForm:
        return None
    return await signing_in.account_proved(request.state["db"], facts["m"], facts["p"])


def _step(request: Request[AppState], account: Account, wanted: str, *, fault: str = "", seconds: int = 0) -> SignIn:
    facts = {"m": account.id, "p": signing_in.password_proof(account)}
    token = request.state["forms"].sign(Purpose.SIGN_IN, facts, clock.now())
    return SignIn(wanted, account.email, token, fault, seconds)


async def _spend(request: Request[AppState], account: str) -> None:
    address = request.scope["client_address"]
    await policy.check_sign_in(request.state["limits"], {}, account=account, address=address, now=clock.now())
