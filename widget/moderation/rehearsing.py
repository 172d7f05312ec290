"""What rules would have done to the last comments of a site, before they are switched on.

`rehearse` is a pure function: comments as they were stored, the rules in force and the ones that were typed in; out
comes what each check would have caught and, first of all, its false alarms: comments that a moderator let through, or
that nobody minded, and that would have been held.

What can't be seen any more is taken from the verdict of that time: whether the hidden field was filled in, how fast a
form came back, who else had written the text. The site's own filter has learned from these very comments; each is
judged by what it would know without that one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from widget.clock import HOUR, SECOND
from widget.comments.comment import State
from widget.markup.links import links_in
from widget.moderation.store_past import PastRow
from widget.sites.site import Site, SiteRules
from widget.spam.bayes import Counts, is_active, likeness
from widget.spam.features import features
from widget.spam.hosts import busiest, foreign_hosts
from widget.spam.judging import NAMES, RULE_CHECKS, judge
from widget.spam.verdict import HOLD, Facts, Finding, Outcome, Verdict, read_findings

LAST = 1_000
"""How many comments a rehearsal looks at."""

_LISTED = 50
_UNHURRIED = 10 * SECOND
_WRONG = (State.SPAM, State.REJECTED)


@dataclass(frozen=True, slots=True)
class Taught:
    """What the site's own filter knows: features, totals, and what it has learned which comment as."""

    words: Mapping[int, Counts]
    total: Counts
    labels: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A comment of the past, with what the checks look at."""

    row: PastRow
    links: tuple[str, ...]
    hosts: tuple[str, ...]
    found: frozenset[int]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A comment that would not have been published: what would have become of it, and why. `is_new`: not so today."""

    row: PastRow
    outcome: Outcome
    findings: tuple[Finding, ...]
    is_new: bool

    @property
    def by_content(self) -> bool:
        """Whether something in the comment itself was doubted, and not only who wrote it."""
        return any(one.check not in RULE_CHECKS for one in self.findings)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a check would have caught: with the rules in force, with the new ones; of these what was approved, and what
    moderators turned down anyway."""

    check: str
    before: int
    after: int
    alarms: int
    right: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it. `before` and `after` say how many comments had which outcome."""

    looked_at: int
    since: int | None
    before: Mapping[Outcome, int]
    after: Mapping[Outcome, int]
    tallies: tuple[Tally, ...]
    alarms: tuple[Example, ...]
    caught: tuple[Example, ...]
    all_alarms: int
    all_caught: int


def past_of(site: Site, rows: Iterable[PastRow]) -> list[Past]:
    """Stored comments, taken apart once for all judgements."""
    return [_past(site, row) for row in rows]


def rehearse(now: SiteRules, then: SiteRules, past: Sequence[Past], known: set[str], taught: Taught) -> Rehearsal:
    """Compare what the rules in force (`now`) and other ones (`then`) do to these comments, the oldest first.

    `known` are the hosts that aren't new.
    """
    alike = _likenesses(past, taught)
    before = list(_judged(now, past, known, alike))
    after = list(_judged(then, past, known, alike))
    examples = [
        _example(one, verdict, was)
        for one, verdict, was in zip(past, after, before, strict=True)
        if verdict.outcome is not Outcome.PUBLISH
    ]
    alarms = _best_first(one for one in examples if one.row.state is State.APPROVED)
    caught = _best_first(one for one in examples if one.row.state in _WRONG)
    return Rehearsal(
        looked_at=len(past),
        since=past[0].row.created_at if past else None,
        before=_outcomes(before),
        after=_outcomes(after),
        tallies=tuple(_tallies(past, before, after)),
        alarms=tuple(alarms[:_LISTED]),
        caught=tuple(caught[:_LISTED]),
        all_alarms=len(alarms),
        all_caught=len(caught),
    )


def _past(site: Site, row: PastRow) -> Past:
    links = tuple(links_in(row.body_html))
    findings = read_findings(row.verdict) if row.verdict not in ("", "{}") else ()
    found = features(row.body, row.author_name, links)
    return Past(row, links, tuple(foreign_hosts(site, links)), found, findings)


def _judged(
    rules: SiteRules, past: Sequence[Past], known: set[str], alike: Sequence[float | None]
) -> Iterator[Verdict]:
    seen: dict[str, dict[int, int]] = {}
    for one, likeness_of_it in zip(past, alike, strict=True):
        facts = replace(_facts(rules, one), likeness=likeness_of_it)
        if not facts.trusted:
            facts = replace(facts, busiest_host=_busiest(seen, one, known))
        yield judge(rules, facts)


def _facts(rules: SiteRules, one: Past) -> Facts:
    stored = {finding.check: finding for finding in one.findings}
    repeat = stored.get("repeat")
    return Facts(
        body=one.row.body,
        name=one.row.author_name,
        links=one.links,
        trap="filled in" if "trap" in stored else "",
        age=0 if "haste" in stored else _UNHURRIED,
        repeats=int(repeat.detail) if repeat and repeat.detail.isdigit() else 0,
        trusted=_is_trusted(rules, one.row),
        sandboxed="sandboxed" in stored,
        standing=one.row.standing,
    )


def _is_trusted(rules: SiteRules, row: PastRow) -> bool:
    if row.standing:
        return row.standing == "trust"
    return row.person_id is not None and row.approved_before >= rules.trust_after


def _busiest(seen: dict[str, dict[int, int]], one: Past, known: set[str]) -> tuple[str, int]:
    """The same count that hosts_store keeps, in memory: host -> thread -> when a stranger linked to it last."""
    since = one.row.created_at - HOUR
    for host in one.hosts:
        seen.setdefault(host, {})[one.row.thread_id] = one.row.created_at
    counts = {host: sum(at >= since for at in seen[host].values()) for host in one.hosts if host not in known}
    return busiest(counts)


def _likenesses(past: Sequence[Past], taught: Taught) -> list[float | None]:
    """What the site's own filter says of each; nothing while it is silent."""
    speaks = is_active(taught.total)
    return [_likeness(one, taught) if speaks else None for one in past]


def _likeness(one: Past, taught: Taught) -> float:
    """As the filter would see it if it had not learned from this comment itself."""
    label = taught.labels.get(one.row.id, "")
    if not label:
        return likeness(one.found, taught.words, taught.total)
    words = {word: counts.without(label) for word in one.found if (counts := taught.words.get(word))}
    return likeness(one.found, words, taught.total.without(label))


def _example(one: Past, verdict: Verdict, was: Verdict) -> Example:
    return Example(
        row=one.row,
        outcome=verdict.outcome,
        findings=verdict.findings,
        is_new=was.outcome is Outcome.PUBLISH,
    )


def _best_first(examples: Iterable[Example]) -> list[Example]:
    """What the new rules would do for the first time, then what is doubted for its content, the newest first."""
    return sorted(examples, key=lambda one: (not one.is_new, not one.by_content, -one.row.id))


def _outcomes(verdicts: Sequence[Verdict]) -> dict[Outcome, int]:
    return {outcome: sum(one.outcome is outcome for one in verdicts) for outcome in Outcome}


def _tallies(past: Sequence[Past], before: Sequence[Verdict], after: Sequence[Verdict]) -> Iterator[Tally]:
    caught_before = [_catching(verdict) for verdict in before]
    caught_after = [_catching(verdict) for verdict in after]
    for check in NAMES:
        held = [one.row.state for one, checks in zip(past, caught_after, strict=True) if check in checks]
        was = sum(check in checks for checks in caught_before)
        if held or was:
            right = sum(state in _WRONG for state in held)
            yield Tally(check, was, len(held), held.count(State.APPROVED), right)


def _catching(verdict: Verdict) -> set[str]:
    """The checks that would have been enough alone."""
    return {one.check for one in verdict.findings if one.score >= HOLD}
