"""`python -m tests.fuzz.address SECONDS`: addresses of articles."""

import sys
from collections.abc import Sequence

from tests.fuzz.trying import Property, try_for_seconds


def properties() -> Sequence[Property]:
    """Imported late, so that atheris sees the branches of what they call."""
    from tests.fuzz import properties as known

    return (known.an_address_has_one_spelling,)


if __name__ == "__main__":
    try_for_seconds("address", sys.argv[1], properties)
