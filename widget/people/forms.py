"""What a moderator typed about himself, about his team, and into an invitation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from widget.people.passwords import weakness_of
from widget.people.person import Role
from widget.people.signing_in import read_email

LONGEST_NAME = 60
LONGEST_NOTE = 100

_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who has filled an invitation in. `faults` by field; templates hold the sentences."""

    name: str = ""
    email: str = ""
    password: str = field(default="", repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an owner asks for: a role for somebody, and a note to know him by."""

    role: Role | None = Role.MODERATOR
    note: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def read_name(typed: str) -> str | None:
    """A name on one line, or None: it is empty, too long, or holds what can't be printed."""
    name = " ".join(typed.split())
    return name if 0 < len(name) <= LONGEST_NAME and name.isprintable() else None


def read_new_password(fields: Mapping[str, str], email: str) -> tuple[str, str]:
    """A new password, typed twice, and why it is refused (nothing where it isn't)."""
    password, again = fields.get("new_password", ""), fields.get("new_password_again", "")
    weakness = weakness_of(password, email)
    if weakness:
        return password, str(weakness)
    return password, "" if password == again else "differ"


def read_newcomer(fields: Mapping[str, str]) -> Newcomer:
    """Who wants to join with a new account."""
    typed_name, typed_email = fields.get("name", ""), fields.get("email", "")
    password, weakness = read_new_password(fields, typed_email.strip())
    faults = {
        "name": "" if read_name(typed_name) else "name",
        "email": "" if read_email(typed_email) else "email",
        "new_password": weakness,
    }
    return Newcomer(
        read_name(typed_name) or typed_name,
        typed_email.strip(),
        password,
        {name: fault for name, fault in faults.items() if fault},
    )


def read_invitation(fields: Mapping[str, str]) -> Invitation:
    """Whom an owner invites, as what."""
    note, role = " ".join(fields.get("note", "").split()), read_role(fields)
    faults = {
        "role": "" if role else "role",
        "note": "" if len(note) <= LONGEST_NOTE and note.isprintable() else "note",
    }
    return Invitation(role, note, {name: fault for name, fault in faults.items() if fault})


def read_role(fields: Mapping[str, str]) -> Role | None:
    """The role that was chosen, or None."""
    return _ROLES.get(fields.get("role", ""))
