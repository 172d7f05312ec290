"""A text on its way to be kept: prepared once outside the transaction, weighed against the rules inside it."""

from dataclasses import dataclass

from widget.comments import store_writes
from widget.comments.comment import State
from widget.comments.text import fingerprint
from widget.db.engine import Tx
from widget.errors import TooManyLinks
from widget.markup.links import links_in
from widget.markup.render import to_html
from widget.sites.site import Site
from widget.spam.hosts import busiest_host
from widget.spam.judging import judge
from widget.spam.verdict import Facts, Outcome, Verdict

STATE_AFTER = {Outcome.PUBLISH: State.APPROVED, Outcome.HOLD: State.PENDING, Outcome.SPAM: State.SPAM}


@dataclass(frozen=True, slots=True)
class Text:
    """What was written, as html, and what the checks see of it."""

    body: str
    body_html: str
    fingerprint: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How it was written. `age` of the form in milliseconds; `sandboxed` hides where it came from.

    `standing` is what moderators have settled about the author, `likeness` how much the text looks like spam.
    """

    name: str
    trap: str
    age: int
    trusted: bool
    sandboxed: bool
    standing: str = ""
    likeness: float | None = None


def prepared(body: str) -> Text:
    """A normalised body, rendered and taken apart."""
    body_html = to_html(body)
    return Text(body, body_html, fingerprint(body), tuple(links_in(body_html)))


async def weigh(
    tx: Tx, site: Site, thread_id: int, text: Text, how: Circumstances, person_id: int, now: int
) -> Verdict:
    """What becomes of a text, and why. Raises TooManyLinks."""
    strange = bool(text.links and site.rules.host_threads and not how.trusted)
    facts = Facts(
        body=text.body,
        name=how.name,
        links=text.links,
        trap=how.trap,
        age=how.age,
        repeats=await store_writes.note_text(tx, site.id, text.fingerprint, person_id, now),
        trusted=how.trusted,
        sandboxed=how.sandboxed,
        standing=how.standing,
        busiest_host=await busiest_host(tx, site, thread_id, text.links, now) if strange else ("", 0),
        likeness=how.likeness,
    )
    verdict = judge(site.rules, facts)
    if verdict.outcome is Outcome.REFUSE:
        raise TooManyLinks
    return verdict
