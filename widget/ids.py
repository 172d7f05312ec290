"""Ids that sort by creation and need no sequence: 63 bits, `milliseconds since 2000 << 20 | random`.

In addresses they are 13 characters of Crockford's base 32 (https://www.crockford.com/base32.html), lower case.
"""

import secrets

_EPOCH_2000 = 946_684_800_000
_LOW_BITS = 20
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)} | {"o": 0, "i": 1, "l": 1}
_LENGTH = 13
_PAIRS = tuple(one + other for one in _ALPHABET for other in _ALPHABET)
_SHIFTS = (50, 40, 30, 20, 10, 0)


def new_id(now: int) -> int:
    """A fresh id for something made at `now` (milliseconds since 1970)."""
    return first_id(now) | secrets.randbits(_LOW_BITS)


def first_id(moment: int) -> int:
    """The smallest id of that millisecond; times before 2000 count as 2000, so ids are never negative."""
    return max(moment - _EPOCH_2000, 0) << _LOW_BITS


def created_at(id_: int) -> int:
    """When an id was made, in milliseconds since 1970."""
    return (id_ >> _LOW_BITS) + _EPOCH_2000


def encode(number: int) -> str:
    """The 13 characters that stand for an id in an address."""
    return _ALPHABET[number >> 60] + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def decode(text: str) -> int | None:
    """The id behind 13 characters, or None where they are none. Crockford's look-alikes (o, i, l) are read kindly."""
    if len(text) != _LENGTH:
        return None
    number = 0
    for char in text.lower():
        value = _VALUES.get(char)
        if value is None:
            return None
        number = number << 5 | value
    return number if number < 1 << 63 else None
