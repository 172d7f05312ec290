"""`:name` -> `$1`: our SQL's named parameters, renamed for PostgreSQL once and remembered."""

import functools
import re

# What may hold a colon that is no parameter comes first. Lexical rules: PostgreSQL manual, chapter 4.1.
_TOKEN = re.compile(
    r"""
    \b [eE] ' (?: [^'\\] | \\. | '' )* '     # string with backslashes
    | ' (?: [^'] | '' )* '                   # string
    | " (?: [^"] | "" )* "                   # quoted name
    | \$ (?P<tag> [A-Za-z_]* ) \$ .*? \$ (?P=tag) \$   # dollar-quoted string
    | -- [^\n]*                              # comment
    | /\* .*? \*/                            # comment
    | ::                                     # cast
    | : (?P<name> [A-Za-z_][A-Za-z0-9_]* )   # ours
    """,
    re.VERBOSE | re.DOTALL,
)


@functools.lru_cache(maxsize=2_048)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1`, `$2`... and the names they stand for, in that order; a name used twice is one number."""
    names: dict[str, int] = {}

    def renamed(match: re.Match[str]) -> str:
        name = match["name"]
        return f"${names.setdefault(name, len(names) + 1)}" if name else match[0]

    return _TOKEN.sub(renamed, sql), tuple(names)
