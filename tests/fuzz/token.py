"""`python -m tests.fuzz.token SECONDS`: tokens of forms."""

import sys
from collections.abc import Sequence

from tests.fuzz.trying import Property, try_for_seconds


def properties() -> Sequence[Property]:
    """Imported late, so that atheris sees the branches of what they call."""
    from tests.fuzz import properties as known

    return (
        known.a_token_is_ours_or_none,
        known.a_signed_token_says_what_was_signed,
    )


if __name__ == "__main__":
    try_for_seconds("token", sys.argv[1], properties)
