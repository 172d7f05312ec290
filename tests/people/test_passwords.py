"""Which passwords are taken."""

import pytest

from widget.people.common_passwords import COMMON_PASSWORDS
from widget.people.passwords import LONGEST, Passwords, Weakness, weakness_of

EMAIL = "ada.lovelace@example.org"


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("", Weakness.SHORT),
        ("1234567", Weakness.SHORT),
        ("x y z ab c" * 101, Weakness.LONG),
        ("12345678", Weakness.COMMON),
        ("9876543210", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("ababababab", Weakness.COMMON),
        ("PassWord", Weakness.COMMON),
        ("CommentWidget", Weakness.COMMON),
        ("Ada.Lovelace@Example.org", Weakness.EMAIL),
        ("ada.lovelace", Weakness.EMAIL),
    ],
)
def test_weak_ones_are_refused(password: str, weakness: Weakness) -> None:
    assert weakness_of(password, EMAIL) is weakness


@pytest.mark.parametrize(
    "password", ["quitefew", "пароль из слов", "🦊🐘🐙🐝🐌🦀🐋🦉", "        x y z", "abcd efg h" * 100, "null\x00byte"]
)
def test_any_characters_will_do(password: str) -> None:
    assert weakness_of(password, EMAIL) is None


def test_the_list_holds_nothing_that_is_refused_anyway() -> None:
    assert len(COMMON_PASSWORDS) >= 100
    assert all(word == word.casefold() for word in COMMON_PASSWORDS)
    assert {weakness_of(word, EMAIL) for word in COMMON_PASSWORDS} <= {Weakness.COMMON, Weakness.SHORT}


@pytest.mark.anyio
@pytest.mark.parametrize("password", ["x" * LONGEST, "пароль из слов", "null\x00byte", "half \ud800 pair"])
async def test_what_was_typed_is_what_counts(password: str) -> None:
    passwords = Passwords()
    stored = await passwords.hashed(password)
    assert stored.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert not passwords.is_outdated(stored)
    assert await passwords.fits(password, stored)
    assert not await passwords.fits(password + " ", stored)
    assert not await passwords.fits(password, None)
    assert not await passwords.fits(password, "no hash at all")
