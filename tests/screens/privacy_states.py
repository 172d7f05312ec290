"""The pages about what is kept about somebody, each as its reader or an owner comes to it; states.py has the others."""

from collections.abc import Callable

from tests.screens.site_states import owner
from tests.screens.states import Visit, private


def kept(visit: Visit) -> None:
    """What is kept behind a private link."""
    private(visit)
    visit.open(f"{visit.page.get_attribute('.private', 'href')}/data")


def erasing(visit: Visit) -> None:
    """The page that asks once more."""
    kept(visit)
    visit.page.check("#how-all")
    visit.page.click("#choose button")
    visit.page.wait_for_selector("#erase")


def erased(visit: Visit) -> None:
    """What is said afterwards."""
    erasing(visit)
    visit.page.click("#erase button")
    visit.page.wait_for_selector("#notice")


def found(visit: Visit) -> None:
    """What an owner has found, with a password that doesn't fit."""
    private(visit)
    link = str(visit.page.get_attribute(".private", "href"))
    owner(visit, "person")
    visit.page.fill("#who", link)
    visit.page.click("#find button")
    visit.page.check("#how-name")
    visit.page.fill("#password", "wrong")
    visit.page.click("#erase button")
    visit.page.wait_for_selector("#again-fault")


PRIVACY_STATES: dict[str, Callable[[Visit], None]] = {
    "kept": kept,
    "erasing": erasing,
    "erased": erased,
    "dead-link": lambda visit: visit.open("/mine/nobody"),
    "used-link": lambda visit: visit.open("/privacy/open/mail/used"),
    "person-found": found,
}
