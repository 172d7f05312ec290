"""The cases of docs/security.md that no test shows: with the reason for good, or not yet."""

EXCEPTIONS = {
    "C31": "No mail about threads is sent, so there is no link to end them.",
    "C33": "No decision is mailed. The links that are mailed, to one's own data, are good for an hour (C72).",
    "C76": "No mail holds a comment: the only one that is sent holds a link to one's own data, in plain text.",
    "C79": "Comments cause no mails.",
    "C82": "There are no mails about threads to end.",
    "C83": "There are no feeds.",
    "C91": "A site has no key: its name stands in the snippet for everybody to read.",
    "C95": "Partners don't sign identities yet.",
    "C96": "Partners don't sign identities yet.",
    "C97": "Partners don't sign identities yet.",
    "C98": "Partners don't sign identities yet.",
    "C148": "Filling such a queue takes minutes: the bench does it and judges each filter and a bulk decision "
    "(`python -m bench --only moderation`).",
    "C155": "Partners don't sign identities yet, and nothing else would say who is a child.",
}

_OPEN = """
C92 C123
"""

OPEN = set(_OPEN.split())
"""Not shown yet. Whoever marks a test with a case takes it out here and runs `make security`."""
