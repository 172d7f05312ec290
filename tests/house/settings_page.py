"""docs/settings.md, made from the fields of widget/settings.py and widget/sites/site.py by `make settings`."""

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from widget.limits.rates import DEFAULTS, as_text
from widget.settings import Settings, env_name
from widget.sites.site import SiteRules

_HEAD = """\
# Settings of the server

This page is made from `widget/settings.py` and `widget/sites/site.py` by `make settings`.

A setting can stand in four places; the first that has it wins:

1. a flag of the command (`--host`, `--port`, `--workers`);
2. the environment: `WIDGET_PORT=8000`, or `WIDGET_PORT_FILE=/run/secrets/port`, a file that holds the value;
3. the file `widget.toml` in the working directory, or the one that `WIDGET_CONFIG` names: `port = 8000`;
4. the default.

In the environment the parts of a list are separated by commas, and an empty variable counts as not set. A name that
does not exist is an error with a suggestion. A file that holds a secret is refused when everybody on the machine can
read it. `comment-widget check` prints what is in force, secrets masked.

"""

_SITE = """\
# Rules of a site

These belong to each site: `comment-widget site set SLUG KEY=VALUE...`; `comment-widget site show SLUG` prints them.
Lists are separated by commas. `name=` and `origins=` (whole list), `origins+=` and `origins-=` (one more, one fewer)
are changed the same way.

| Key | What it does | Default |
|---|---|---|
"""

_LIMITS = """\

# Limits of a site

How often something may happen, as `COUNT/PERIOD burst N`: `20/1h`, `1/15s burst 3`, `600` (a minute) or `off`. IPv6
addresses count by their /64, and eight times as much by their /48.

| Key | What it limits | Default |
|---|---|---|
"""

_LIMITED = {
    "limit_post_address": "comments of one address, in a short time",
    "limit_post_hour": "comments of one address in an hour",
    "limit_post_day": "comments of one address in a day",
    "limit_post_thread": "comments on one thread",
    "limit_post_site": "comments on the whole site",
    "limit_preview": "previews and edits of one address",
}


def page() -> str:
    """The whole page."""
    server = "\n".join([_HEAD, *(_section(name, field) for name, field in Settings.model_fields.items())])
    rules = "".join(_rule(name, field) for name, field in SiteRules.model_fields.items() if name != "limits")
    limits = "".join(f"| `{name}` | {what} | `{as_text(DEFAULTS[name])}` |\n" for name, what in _LIMITED.items())
    return f"{server}\n{_SITE}{rules}{_LIMITS}{limits}"


def _rule(name: str, field: FieldInfo) -> str:
    default = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default)
    return f"| `{name}` | {field.description} | {f'`{default}`' if default else 'empty'} |\n"


def _section(name: str, field: FieldInfo) -> str:
    example = (field.examples or [""])[0]
    return f"## {env_name(name)}\n\n{field.description}\n\nDefault: {_default(field)}. Example: `{example}`\n"


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "`http://127.0.0.1:` and the port"
    return f"`{field.default}`" if field.default not in ((), None) else "none"


if __name__ == "__main__":
    print(page(), end="")
