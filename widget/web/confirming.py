"""The password once more, in the very form of a dangerous change: nothing typed is lost, and nobody is led away.

For whoever guards a change with it (settings, the danger zone, the team):

    fields = dict(await read_items(request) or ())
    ...  # first open the form's token and read what else was typed: a code is used up by asking, so ask last
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await admin_page(request, "....html", session, status=proof_status(proof), proof=proof, ...typed...)

and in the form, as the last thing before its button (`proof` is none where the page is shown for the first time):

    {% from "people/_password_again.html" import password_again with context %}
    {{ password_again(session.moderator, proof) }}

It asks for `password`, and for `code` as well where the moderator has switched two-factor sign-in on. Tries are counted
together with those of signing in. A template shows the fault beside its field; where the page has a summary of its
faults, or "Error:" in its title, `proof` is what tells.
"""

from collections.abc import Mapping

import structlog
from starlette.requests import Request

from widget import clock
from widget.errors import TooSoon
from widget.limits import policy
from widget.people.proving import Doubt, Proof, code_fits, password_fits
from widget.people.signing_in import Session
from widget.wiring import AppState

_log = structlog.get_logger("sign_in")


async def confirm_password(request: Request[AppState], session: Session, typed: Mapping[str, str]) -> Proof:
    """Whether whoever sent the form is who is signed in, by the fields `password` and, with two-factor, `code`."""
    try:
        proof = await _proof(request, session, typed.get("password", ""), typed.get("code", ""))
    except TooSoon as refusal:
        proof = Proof(Doubt.TOO_SOON, refusal.seconds)
    if not proof:
        _log.warning("confirm", outcome=str(proof.doubt), moderator=session.moderator.id)
    return proof


def proof_status(proof: Proof) -> int:
    """The status of the page that says why the change was not made."""
    return 429 if proof.doubt is Doubt.TOO_SOON else 422


async def _proof(request: Request[AppState], session: Session, password: str, code: str) -> Proof:
    state, moderator, now = request.state, session.moderator, clock.now()
    if not password:
        return Proof(Doubt.PASSWORD)
    if moderator.two_factor and not code.strip():
        return Proof(Doubt.NO_CODE)
    account, address = moderator.email.casefold(), request.scope["client_address"]
    await policy.check_sign_in(state["limits"], {}, account=account, address=address, now=now)
    if not await password_fits(state["db"], state["passwords"], moderator.id, password):
        return Proof(Doubt.PASSWORD)
    if not moderator.two_factor:
        return Proof()
    await policy.check_code(state["limits"], {}, moderator=moderator.id, now=now)
    fits = await code_fits(state["db"], state["passwords"], state["keys"], moderator.id, code, now=now)
    return Proof() if fits else Proof(Doubt.CODE)
