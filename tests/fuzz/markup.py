"""`python -m tests.fuzz.markup SECONDS`: texts of comments, typed and imported."""

import sys
from collections.abc import Sequence

from tests.fuzz.trying import Property, try_for_seconds


def properties() -> Sequence[Property]:
    """Imported late, so that atheris sees the branches of what they call."""
    from tests.fuzz import properties as known

    return (known.markup_is_harmless,)


if __name__ == "__main__":
    try_for_seconds("markup", sys.argv[1], properties)
