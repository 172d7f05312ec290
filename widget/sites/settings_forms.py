"""The forms of a site's settings: what they hold, what was typed, what is wrong with it, and the change it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from widget.commas import between_commas
from widget.sites.changing import Change
from widget.sites.origins import OriginError, read_origin
from widget.sites.site import Site, SiteRules

LONGEST_NAME = 100
MOST_ORIGINS = 50
MOST_LINES = 100

_SEVERAL_LINES = ("house_rules",)
_NO_COMMAS = ("keep_query",)
"""Lists whose parts hold no comma: it ends a part there as a line end does."""
_SCHEMA: dict[str, dict[str, Any]] = SiteRules.model_json_schema()["properties"]


class FaultCode(StrEnum):
    """What is wrong with a field; templates/admin/site/_fields.html holds the sentences."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    NUMBER = "number"
    NOT_LISTED = "not-listed"
    COLOUR = "colour"
    FONT = "font"
    ORIGIN = "origin"
    RATE = "rate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, the bounds that it has, and the part of it that is at fault."""

    code: FaultCode
    least: int = 0
    most: int = 0
    part: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown: each field as text (a box that is ticked as `1`), and what is wrong with it."""

    values: Mapping[str, str]
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @property
    def fields_at_fault(self) -> list[str]:
        """The names of the fields at fault, in the form's order."""
        return [name for name in self.values if name in self.faults]


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of one page. `name` is the end of its address."""

    name: str
    rules: tuple[str, ...]
    names_site: bool = False


GENERAL = Group("general", ("language",), names_site=True)
EMBEDDING = Group("embedding", ("strict", "keep_query"))
COMMENTS = Group(
    "comments",
    tuple(
        name
        for name in (
            *("rule", "trust_after", "close_after_days", "edit_minutes", "order", "depth"),
            *("reasons", "house_rules", "contact"),
        )
        if name in SiteRules.model_fields
    ),
)
ANNOUNCING = Group("announcing", ("announcement", "frozen"))
FIELDS = Group("fields", ("name_required", "anonymous", "website_field"))
APPEARANCE = Group("appearance", ("accent", "accent_dark", "radius", "font", "density"))


def form_of(site: Site, group: Group) -> Form:
    """The form with what is in force."""
    own = {"name": site.name, "origins": "\n".join(site.origins)} if group.names_site else {}
    return Form({**own, **{name: _as_text(getattr(site.rules, name)) for name in group.rules}})


def untouched(group: Group) -> Change:
    """A change of everything in the group, for `print_of`: what would be overwritten."""
    own: dict[str, Any] = {"name": "", "origins": ()} if group.names_site else {}
    return Change(**own, rules=dict.fromkeys(group.rules))


def read_form(group: Group, items: Sequence[tuple[str, str]]) -> tuple[Form, Change]:
    """What was typed into the form, and the change it asks for, which counts only where there is no fault."""
    typed = {name: _tidy(name, value) for name, value in items}
    rules = {name: _value(name, typed) for name in group.rules}
    faults = _rule_faults(rules)
    values = {name: typed.get(name, "") for name in group.rules}
    if not group.names_site:
        return Form(values, faults), Change(rules=_checked(rules, faults))
    name, origins, own_faults = _read_names(typed)
    values = {"name": typed.get("name", ""), "origins": typed.get("origins", ""), **values}
    return Form(values, {**own_faults, **faults}), Change(name, origins, _checked(rules, faults))


def read_look(query: Mapping[str, str], rules: SiteRules) -> SiteRules:
    """The rules with the look that an address asks to try; what can't be read stays as it is."""
    asked = {name: query[name] for name in APPEARANCE.rules if name in query}
    try:
        return SiteRules.model_validate({**rules.model_dump(exclude_defaults=True), **asked})
    except ValidationError:
        return rules


def read_grace(typed: str, most: int) -> int | None:
    """Days that older secrets stay good; None where it is no such number."""
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most else None


def _checked(rules: Mapping[str, object], faults: Mapping[str, Fault]) -> dict[str, object]:
    """The values in their one spelling; nothing where any is at fault."""
    if faults:
        return {}
    model = SiteRules.model_validate(rules)
    return {name: getattr(model, name) for name in rules}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "\n".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _tidy(name: str, value: str) -> str:
    """Without controls; in one line where the field has one."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = ["".join(char if char.isprintable() else " " for char in line) for line in lines]
    return "\n".join(plain).strip()


def _value(name: str, typed: Mapping[str, str]) -> object:
    """A field as SiteRules reads it."""
    text, annotation = typed.get(name, ""), SiteRules.model_fields[name].annotation
    if annotation is bool:
        return text == "1"
    if get_origin(annotation) is tuple:
        return tuple(dict.fromkeys(_one_by_one(text) if name in _NO_COMMAS else _lines(text)))
    return text if name in _SEVERAL_LINES else " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _one_by_one(text: str) -> list[str]:
    return [part for line in _lines(text) for part in between_commas(line)]


def _rule_faults(rules: Mapping[str, object]) -> dict[str, Fault]:
    try:
        SiteRules.model_validate(rules)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        return {str(error["loc"][0]): _fault(error) for error in reversed(errors)}
    return {
        name: Fault(FaultCode.TOO_MANY, most=MOST_LINES)
        for name, value in rules.items()
        if isinstance(value, tuple) and len(value) > MOST_LINES
    }


def _fault(error: ErrorDetails) -> Fault:
    name, kind = str(error["loc"][0]), error["type"]
    least, most, longest = _bounds(name)
    if name in ("accent", "accent_dark"):
        return Fault(FaultCode.COLOUR)
    if kind == "string_too_long":
        limit = error.get("ctx", {}).get("max_length", longest)
        return Fault(
            FaultCode.TOO_LONG, most=int(limit), part=str(error["input"])[:40] if len(error["loc"]) > 1 else ""
        )
    if name == "font":
        return Fault(FaultCode.FONT)
    if kind.startswith(("int_", "greater_", "less_")):
        return Fault(FaultCode.NUMBER, least, most)
    return Fault(FaultCode.NOT_LISTED if kind in ("enum", "literal_error") else FaultCode.OTHER)


def _bounds(name: str) -> tuple[int, int, int]:
    """The least and the greatest number that a rule takes, and the most characters."""
    known = _SCHEMA[name]
    return known.get("minimum", 0), known.get("maximum", 0), known.get("maxLength", 0)


def _read_names(typed: Mapping[str, str]) -> tuple[str, tuple[str, ...], dict[str, Fault]]:
    name, faults = " ".join(typed.get("name", "").split()), {}
    if not name or len(name) > LONGEST_NAME:
        faults["name"] = Fault(FaultCode.TOO_LONG if name else FaultCode.MISSING, most=LONGEST_NAME)
    lines = _one_by_one(typed.get("origins", ""))
    origins: list[str] = []
    for line in lines:
        try:
            origins.append(read_origin(line))
        except OriginError as refused:
            faults.setdefault("origins", Fault(FaultCode.ORIGIN, part=line[:100], why=refused.why))
    if not lines or len(lines) > MOST_ORIGINS:
        faults["origins"] = Fault(FaultCode.TOO_MANY if lines else FaultCode.MISSING, most=MOST_ORIGINS)
    return name, tuple(dict.fromkeys(origins)), faults
