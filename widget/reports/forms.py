"""What was typed into the forms for reports, notices and appeals: a draft and its faults. Nothing typed is dropped."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from widget.comments.text import is_blank, normalise_body, normalise_name, unstorable
from widget.reports.report import (
    LONGEST_APPEAL,
    LONGEST_EMAIL,
    LONGEST_NOTICE,
    LONGEST_REPORT,
    LONGEST_SENDER,
    Reason,
)

_REASONS = {reason.value: reason for reason in Reason}
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]+\.[^@\s<>\".]+")


class FaultCode(StrEnum):
    """What is wrong with a field; templates/reports/_faults.html holds the sentences."""

    NO_REASON = "no-reason"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNSTORABLE = "unstorable"
    NAME_NEEDED = "name-needed"
    NAME_TOO_LONG = "name-too-long"
    BAD_EMAIL = "bad-email"
    NOT_IN_GOOD_FAITH = "not-in-good-faith"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one field. `count` and `most` are the numbers that the sentence needs."""

    field: str
    code: FaultCode
    count: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A report, a notice or an appeal on its way, and the faults that keep it from being sent."""

    reason: Reason | None = None
    body: str = ""
    name: str = ""
    email: str = ""
    exempt: bool = False
    good_faith: bool = False
    trap: str = ""
    faults: tuple[Fault, ...] = ()
    area: str = "ta"

    def fault_of(self, field: str) -> Fault | None:
        """The first fault of a field."""
        return next((fault for fault in self.faults if fault.field == field), None)

    def field_id(self, field: str) -> str:
        """The id of a field; of the reasons the first one's."""
        return {"body": self.area, "reason": "reason-spam"}.get(field, field)


NO_APPEAL = Draft(area="appeal-body")
"""An empty appeal; its page may have another form beside it."""


def read_report(fields: Mapping[str, str]) -> Draft:
    """The report in a form's fields. What somebody thinks illegal is asked about in a form of its own."""
    draft = _read(fields)
    body = _body_faults(draft.body, LONGEST_REPORT)
    if draft.reason is None:
        body = (Fault("reason", FaultCode.NO_REASON), *body)
    elif draft.reason is Reason.OTHER and not body:
        body = _missing(draft.body)
    return replace(draft, faults=() if draft.reason is Reason.ILLEGAL else body)


def read_notice(fields: Mapping[str, str]) -> Draft:
    """The notice of illegal content in a form's fields, with what Art. 16(2) asks for."""
    draft = _read(fields)
    faults = _body_faults(draft.body, LONGEST_NOTICE) or _missing(draft.body)
    faults += _sender_faults(draft)
    if not draft.good_faith:
        faults += (Fault("good_faith", FaultCode.NOT_IN_GOOD_FAITH),)
    return replace(draft, reason=Reason.ILLEGAL, faults=faults)


def read_appeal(fields: Mapping[str, str]) -> Draft:
    """The appeal in a form's fields."""
    draft = _read(fields)
    return replace(NO_APPEAL, body=draft.body, faults=_body_faults(draft.body, LONGEST_APPEAL) or _missing(draft.body))


def _read(fields: Mapping[str, str]) -> Draft:
    typed, name = fields.get("body", ""), fields.get("name", "")
    return Draft(
        reason=_REASONS.get(fields.get("reason", "")),
        body=typed if unstorable(typed) else normalise_body(typed).strip(),
        name=name if unstorable(name) else normalise_name(name),
        email=fields.get("email", "").strip(),
        exempt=bool(fields.get("exempt")),
        good_faith=bool(fields.get("good_faith")),
        trap=fields.get("url", ""),
    )


def _body_faults(body: str, most: int) -> tuple[Fault, ...]:
    if unstorable(body):
        return (Fault("body", FaultCode.UNSTORABLE),)
    return (Fault("body", FaultCode.TOO_LONG, len(body), most),) if len(body) > most else ()


def _missing(body: str) -> tuple[Fault, ...]:
    return (Fault("body", FaultCode.EMPTY),) if is_blank(body) else ()


def _sender_faults(draft: Draft) -> tuple[Fault, ...]:
    """Who gives notice says who he is, but for the offences of Directive 2011/93/EU; what he gives must be right."""
    faults: tuple[Fault, ...] = ()
    if unstorable(draft.name):
        faults += (Fault("name", FaultCode.UNSTORABLE),)
    elif len(draft.name) > LONGEST_SENDER:
        faults += (Fault("name", FaultCode.NAME_TOO_LONG, len(draft.name), LONGEST_SENDER),)
    elif is_blank(draft.name) and not draft.exempt:
        faults += (Fault("name", FaultCode.NAME_NEEDED),)
    if not (draft.exempt and not draft.email) and not _is_email(draft.email):
        faults += (Fault("email", FaultCode.BAD_EMAIL),)
    return faults


def _is_email(typed: str) -> bool:
    return len(typed) <= LONGEST_EMAIL and not unstorable(typed) and _EMAIL.fullmatch(typed) is not None
