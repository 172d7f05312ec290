"""The form of a site's limits: each as `read_rate` reads it, empty where the usual one is in force."""

from collections.abc import Sequence

from widget.limits.rates import DEFAULTS, OF_A_SITE, as_text, read_rate
from widget.sites.changing import Change
from widget.sites.settings_forms import Fault, FaultCode, Form, Group
from widget.sites.site import Site

LIMITS = Group("limits", ("limits",))

_LONGEST = 60


def form_of_limits(site: Site) -> Form:
    """The form with what the site has set."""
    return Form({name: site.rules.limits.get(name, "") for name in OF_A_SITE})


def usual_limits() -> dict[str, str]:
    """What is in force where a site sets nothing, by name."""
    return {name: as_text(DEFAULTS[name]) for name in OF_A_SITE}


def read_limits(site: Site, items: Sequence[tuple[str, str]]) -> tuple[Form, Change]:
    """What was typed, and the change it asks for, which counts only where there is no fault."""
    typed = {name: " ".join(value.split()) for name, value in items if name in OF_A_SITE}
    values = {name: typed.get(name, "") for name in OF_A_SITE}
    faults = {name: Fault(FaultCode.RATE) for name, text in values.items() if text and not _is_rate(text)}
    stored = site.rules.limits
    others = {name: text for name, text in stored.items() if name not in OF_A_SITE}
    own = {name: _spelled(text, stored.get(name, "")) for name, text in values.items() if text and name not in faults}
    return Form(values, faults), Change(rules={"limits": {**others, **own}})


def _is_rate(text: str) -> bool:
    try:
        read_rate(text)
    except ValueError:
        return False
    return len(text) <= _LONGEST


def _spelled(text: str, stored: str) -> str:
    """In our one spelling, unless it is what the command has stored in another: then nothing has changed."""
    return stored if stored and read_rate(stored) == read_rate(text) else as_text(read_rate(text))
