"""A site: a partner with its origins and its rules."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from widget.clock import DAY, MINUTE
from widget.sites.colours import read_colour
from widget.sites.look import DEFAULT_RADIUS, LONGEST_FONT, Density, read_font, tokens

Language = Literal["en", "de", "ar"]
Order = Literal["oldest", "newest"]


BAYES_PERCENT = 88
"""Where the site's own filter holds, measured in tests/spam/test_corpus.py: about one false alarm in a hundred."""


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
    host_threads: int = Field(
        3,
        ge=0,
        le=100,
        description="A link to a new host is held when strangers link to it from so many threads within an hour "
        "(0: never).",
    )
    bayes: bool = Field(
        True,
        description="Whether the site's own filter holds what looks like spam, once it has learned from 200 decisions.",
    )
    bayes_percent: int = Field(
        BAYES_PERCENT, ge=50, le=100, description="How much a comment must look like spam to be held by it, in percent."
    )
    keep_query: tuple[str, ...] = Field(
        (), description="Query parameters that belong to an article's address (WordPress: `p,page_id,attachment_id`)."
    )
    strict: bool = Field(False, description="Whether the frame's address must be signed (`sig`).")
    two_factor: bool = Field(False, description="Whether everybody in the site's team has to sign in with two factors.")
    frozen: bool = Field(False, description="Whether nobody posts for now; every page of the site says so kindly.")
    announcement: str = Field(
        "", max_length=300, description="One line above every thread of the site; it may hold one link."
    )
    house_rules: str = Field("", max_length=2000, description="A sentence or two shown above the form.")
    reasons: tuple[str, ...] = Field(
        (),
        max_length=20,
        description="Short reasons that moderators choose from when they reject; the author is told (empty: ours).",
    )
    contact: str = Field(
        "",
        max_length=200,
        description="An e-mail address or a web page under which readers reach the site; shown with decisions.",
    )
    report_hold: int = Field(
        3,
        ge=0,
        le=1000,
        description="Reports of so many different readers hold a comment until a moderator has read it (0: never).",
    )
    accent: str = Field(
        "",
        max_length=7,
        description="The colour of links and of the main button, as `#0b5cad` (empty: ours); it is darkened or "
        "lightened as far as reading needs.",
    )
    accent_dark: str = Field("", max_length=7, description="The same in the dark scheme (empty: made from `accent`).")
    radius: int = Field(DEFAULT_RADIUS, ge=0, le=16, description="How round corners are, in pixels.")
    font: str = Field(
        "",
        max_length=LONGEST_FONT,
        description="Names of fonts that readers may have, the best first, as `Georgia, serif` (empty: the system's).",
    )
    density: Density = Field("cosy", description="How much room is left around things: `cosy` or `compact`.")
    limits: dict[str, str] = Field({}, description="Rate limits that differ from the defaults.")

    @field_validator("accent", "accent_dark", mode="before")
    @classmethod
    def _one_spelling_of_colours(cls, typed: object) -> object:
        return read_colour(typed) if isinstance(typed, str) else typed

    @field_validator("font")
    @classmethod
    def _names_of_fonts(cls, typed: str) -> str:
        return read_font(typed)

    @property
    def look(self) -> str:
        """What follows our stylesheet on the readers' pages of this site."""
        return tokens(self.accent, self.accent_dark, self.radius, self.font, self.density)


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
