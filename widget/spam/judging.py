"""Runs the checks in order, adds up their doubts, and says what follows. Nothing is dropped silently."""

from collections.abc import Callable

from widget.sites.site import Rule, SiteRules
from widget.spam.bayes import find_likeness
from widget.spam.hosts import find_busy_host
from widget.spam.links import find_links, has_too_many_links
from widget.spam.repeats import find_repeat
from widget.spam.timing import find_haste
from widget.spam.trap import find_trap
from widget.spam.verdict import HOLD, SPAM, Facts, Finding, Outcome, Verdict
from widget.spam.words import find_hold_words, find_spam_words

Check = Callable[[SiteRules, Facts], Finding | None]

CHECKS: tuple[Check, ...] = (
    find_trap,
    find_haste,
    find_repeat,
    find_links,
    find_busy_host,
    find_hold_words,
    find_spam_words,
    find_likeness,
)
"""In the order in which they are run; templates/admin/_checks.html says in words what each one looks at."""

CONTENT_CHECKS = ("repeat", "links", "host", "hold-word", "spam-word", "bayes")
"""Those that look at the text, by name."""

RULE_CHECKS = ("author", "sandboxed", "every", "first")
"""What holds a comment whatever its text is, by name."""

NAMES = ("trap", "haste", *CONTENT_CHECKS, *RULE_CHECKS)
"""Every name that a finding of ours can have."""


def judge(rules: SiteRules, facts: Facts) -> Verdict:
    """Say whether a text is published, held, spam or refused, and why."""
    findings = tuple(found for check in (*CHECKS, _rule) if (found := check(rules, facts)))
    if has_too_many_links(rules, facts):
        return Verdict(Outcome.REFUSE, findings)
    return Verdict(_outcome(sum(one.score for one in findings)), findings)


def _outcome(score: int) -> Outcome:
    if score >= SPAM:
        return Outcome.SPAM
    return Outcome.HOLD if score >= HOLD else Outcome.PUBLISH


def _rule(rules: SiteRules, facts: Facts) -> Finding | None:
    """The site's own rule. A form from a sandbox without an origin proves nothing about its sender: always held."""
    if facts.standing == "hold":
        return Finding("author", HOLD)
    if facts.sandboxed:
        return Finding("sandboxed", HOLD)
    if rules.rule is Rule.PRE:
        return Finding("every", HOLD)
    if rules.rule is Rule.FIRST and not facts.trusted:
        return Finding("first", HOLD)
    return None
