"""The pages of rules, bans and authors, each as somebody comes to it; states.py has the others."""

from collections.abc import Callable

from tests.screens.scenes import CAREFUL, OPEN, Asked
from tests.screens.states import Visit, private
from tests.screens.thread_states import owning
from widget.comments.comment import State

UNWANTED = "Zorro the Banned"
"""A name that no other state writes under."""


def rules_tried(visit: Visit) -> None:
    """Rules on trial: false alarms, and what would be caught."""
    visit.written(Asked(2, 1))
    visit.written(Asked(1, state=State.SPAM))
    owning(visit)
    visit.open(f"/admin/site/{OPEN}/rules")
    visit.page.fill("#hold_words", "timetable\ntram")
    visit.page.click("#settings [value=try]:not(.unseen)")
    visit.page.wait_for_selector(".rehearsal")
    visit.page.click(".rehearsal summary")


def rules_at_fault(visit: Visit) -> None:
    """Numbers that are none."""
    owning(visit)
    visit.open(f"/admin/site/{OPEN}/rules")
    visit.page.fill("#hold_links", "many")
    visit.page.fill("#bayes_percent", "10")
    visit.page.click("#settings [value=save]")
    visit.page.wait_for_selector(".fault")


def ban(visit: Visit) -> None:
    """The form of a ban, from a comment that has just been sent."""
    private(visit)
    visit.signed_in()
    visit.page.click(".row .by__time")
    visit.page.click("a[href^='/admin/bans/new']")
    visit.page.wait_for_selector("#ban")


def ban_at_fault(visit: Visit) -> None:
    """A network that is none, for ever."""
    owning(visit)
    visit.open(f"/admin/bans/new?site={CAREFUL}")
    visit.page.check("#target-typed")
    visit.page.fill("#network", "nowhere")
    visit.page.select_option("#days", "0")
    visit.page.click("#ban .button--danger")
    visit.page.wait_for_selector(".fault")


def bans(visit: Visit) -> None:
    """The list, with a new one and one that was lifted."""
    owning(visit)
    for _ in range(2):
        _ban_unwanted(visit)
    visit.page.click("#bans [name=lift]:not(.unseen)")
    visit.page.wait_for_selector("[role=status]")


def banned(visit: Visit) -> None:
    """What the banned reader sees."""
    owning(visit)
    _ban_unwanted(visit)
    visit.thread(CAREFUL)
    visit.page.fill("#ta", "Let me in")
    visit.page.fill("#write-name", UNWANTED)
    visit.page.click("#write [value=post]")
    visit.page.wait_for_selector("#notice, .notice--warn")


def author(visit: Visit) -> None:
    """An author with a note, who is always held; and a second note of nothing."""
    private(visit)
    visit.signed_in()
    visit.page.click("a[href^='/admin/author/']")
    visit.page.check("#standing-hold")
    visit.page.click("#standing button")
    visit.page.wait_for_selector("[role=status]")
    visit.page.fill("#note", "Writes often.\nKnows the timetable by heart.")
    visit.page.click("#add-note button")
    visit.page.wait_for_selector(".note")
    visit.page.click("#add-note button")
    visit.page.wait_for_selector("#fault")


def _ban_unwanted(visit: Visit) -> None:
    visit.open(f"/admin/bans/new?site={CAREFUL}")
    visit.page.check("#target-name")
    visit.page.fill("#name", f"{UNWANTED}*")
    visit.page.fill("#reason", "Advertising")
    visit.page.click("#ban .button--danger")
    visit.page.wait_for_selector("#bans")


RULE_STATES: dict[str, Callable[[Visit], None]] = {
    "rules-tried": rules_tried,
    "rules-at-fault": rules_at_fault,
    "ban": ban,
    "ban-at-fault": ban_at_fault,
    "bans": bans,
    "banned": banned,
    "author": author,
}
