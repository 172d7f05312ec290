"""The people of a site: guests with an identity nobody can type, and moderators."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What moderators have settled about a reader."""

    ANY = ""
    HOLD = "hold"
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Person:
    """A reader who can prove to be the same one: by his cookie, or by the form of his own private view."""

    id: int
    site_id: int
    name: str
    website: str
    standing: Standing = Standing.ANY


class Role(StrEnum):
    """What a moderator may do on a site."""

    OWNER = "owner"
    MODERATOR = "moderator"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who works the queue; `roles` says of which sites (site id -> role).

    `two_factor` tells whether signing in takes a code besides the password.
    """

    id: int
    email: str
    name: str
    roles: dict[int, Role]
    two_factor: bool = False

    def may_decide(self, site_id: int) -> bool:
        """Whether this moderator decides on comments of the site."""
        return self.roles.get(site_id) in (Role.OWNER, Role.MODERATOR)

    def owns(self, site_id: int) -> bool:
        """Whether this moderator changes the site itself: its rules, its look, its team."""
        return self.roles.get(site_id) is Role.OWNER

    @property
    def sites(self) -> tuple[int, ...]:
        """The sites whose queue this moderator sees."""
        return tuple(sorted(self.roles))
