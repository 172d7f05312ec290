"""What a reader typed, read from the form's fields: a draft and its faults. Nothing that was typed is ever dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from widget.comments.comment import LONGEST_BODY, LONGEST_NAME, LONGEST_WEBSITE
from widget.comments.text import is_blank, normalise_body, normalise_name, unstorable
from widget.markup.links import safe_website
from widget.markup.plain import plain
from widget.markup.render import to_html
from widget.sites.site import SiteRules


class Action(StrEnum):
    """The button that was pressed."""

    PREVIEW = "preview"
    POST = "post"


class FaultCode(StrEnum):
    """What is wrong with a field; templates/comments/_faults.html holds the sentences."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNSTORABLE = "unstorable"
    NAME_NEEDED = "name-needed"
    NAME_TOO_LONG = "name-too-long"
    NAME_TAKEN = "name-taken"
    BAD_WEBSITE = "bad-website"
    TOO_MANY_LINKS = "too-many-links"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one field. `count` is the number that the sentence needs."""

    field: str
    code: FaultCode
    count: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment on its way: the normalised text, and the faults that keep it from being posted."""

    body: str = ""
    name: str = ""
    website: str = ""
    trap: str = ""
    remember: bool = False
    action: Action = Action.POST
    faults: tuple[Fault, ...] = ()

    def with_fault(self, fault: Fault) -> "Draft":
        """The same draft with one more fault."""
        return replace(self, faults=(*self.faults, fault))

    def fault_of(self, field: str) -> Fault | None:
        """The first fault of a field."""
        return next((fault for fault in self.faults if fault.field == field), None)


def read_comment(fields: Mapping[str, str], rules: SiteRules) -> Draft:
    """The draft in a form's fields. Text that can't be stored is kept as it was typed, and named as a fault."""
    typed_body, typed_name = fields.get("body", ""), fields.get("name", "")
    website = fields.get("website", "").strip() if rules.website_field else ""
    draft = Draft(
        body=_stored(typed_body, normalise_body(typed_body)),
        name=_stored(typed_name, normalise_name(typed_name)),
        website=website,
        trap=fields.get("url", ""),
        remember=bool(fields.get("remember")),
        action=Action.PREVIEW if fields.get("action") == Action.PREVIEW else Action.POST,
    )
    return replace(
        draft, faults=(*body_faults(draft.body), *_name_faults(draft.name, rules), *_website_faults(website))
    )


def body_faults(body: str) -> tuple[Fault, ...]:
    """What is wrong with a comment's text."""
    if unstorable(body):
        return (Fault("body", FaultCode.UNSTORABLE),)
    if len(body) > LONGEST_BODY:
        return (Fault("body", FaultCode.TOO_LONG, len(body)),)
    return (Fault("body", FaultCode.EMPTY),) if is_blank(body) or is_blank(plain(to_html(body))) else ()


def _name_faults(name: str, rules: SiteRules) -> tuple[Fault, ...]:
    if unstorable(name):
        return (Fault("name", FaultCode.UNSTORABLE),)
    if rules.name_required and is_blank(name):
        return (Fault("name", FaultCode.NAME_NEEDED),)
    return (Fault("name", FaultCode.NAME_TOO_LONG, len(name)),) if len(name) > LONGEST_NAME else ()


def _website_faults(website: str) -> tuple[Fault, ...]:
    if website and (len(website) > LONGEST_WEBSITE or safe_website(website) is None):
        return (Fault("website", FaultCode.BAD_WEBSITE),)
    return ()


def _stored(typed: str, normalised: str) -> str:
    """A text with a character that can't be stored goes back as it is; a blank one as nothing."""
    if unstorable(typed):
        return typed
    return "" if is_blank(normalised) else normalised
