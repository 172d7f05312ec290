"""A site: a partner with its origins and its rules."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from widget.clock import DAY, MINUTE

Language = Literal["en", "de", "ar"]
Order = Literal["oldest", "newest"]


class Rule(StrEnum):
    """Which comments wait for a moderator."""

    PRE = "pre"
    FIRST = "first"
    POST = "post"


class SiteRules(BaseModel):
    """What a site decides for itself: `comment-widget site set SLUG KEY=VALUE`. The descriptions document it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Rule = Field(
        Rule.FIRST,
        description="`pre` holds every comment; `first` holds until the author has enough approved comments; "
        "`post` holds only what the checks doubt.",
    )
    trust_after: int = Field(
        1, ge=1, le=100, description="Approved comments after which rule `first` trusts an author."
    )
    language: Language = Field(
        "en", description="The language of the pages when neither address nor browser names one."
    )
    order: Order = Field("oldest", description="The order of a thread when the address names none.")
    depth: int = Field(4, ge=1, le=6, description="Steps of indentation; deeper replies name whom they answer.")
    name_required: bool = Field(False, description="Whether a comment needs a name.")
    anonymous: str = Field("", max_length=60, description='The word for a comment without a name (empty: "Anonymous").')
    website_field: bool = Field(False, description="Whether the form asks for a web site.")
    edit_minutes: int = Field(15, ge=0, le=1440, description="Minutes in which an author may edit a comment.")
    close_after_days: int = Field(
        0, ge=0, le=36500, description="Days after which a thread takes no comments (0: never)."
    )
    hold_links: int = Field(1, ge=0, le=100, description="A comment of a stranger with more links than this is held.")
    refuse_links: int = Field(
        3, ge=0, le=100, description="A comment of a stranger with more links than this is refused."
    )
    hold_words: tuple[str, ...] = Field((), description="Words that hold a comment.")
    spam_words: tuple[str, ...] = Field((), description="Words that make a comment spam.")
    keep_query: tuple[str, ...] = Field(
        (), description="Query parameters that belong to an article's address (WordPress: `p,page_id,attachment_id`)."
    )
    strict: bool = Field(False, description="Whether the frame's address must be signed (`sig`).")
    house_rules: str = Field("", max_length=2000, description="A sentence or two shown above the form.")
    limits: dict[str, str] = Field({}, description="Rate limits that differ from the defaults.")


@dataclass(frozen=True, slots=True)
class Site:
    """A registered site. `origins` are exact: scheme, host and, where it isn't the default, port.

    `version` changes with all the rest.
    """

    id: int
    slug: str
    name: str
    origins: tuple[str, ...]
    rules: SiteRules
    version: int = field(default=1, compare=False)

    @property
    def edit_window(self) -> int:
        """How long an author may edit, in milliseconds."""
        return self.rules.edit_minutes * MINUTE

    @property
    def close_after(self) -> int:
        """How long a thread is open, in milliseconds; 0 is for ever."""
        return self.rules.close_after_days * DAY
