"""Which passwords are taken."""

import time

import pytest

from widget.people.common_passwords import COMMON_WORDS
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


ENDINGS = (
    "",
    "1",
    "12",
    "123",
    "1234",
    "!",
    "1!",
    "123!",
    "01",
    "69",
    "2024",
    "2025",
    "2026",
    "1990",
    "!!",
    "_1",
    "007",
)
_MOST_USED = """
12345678 123456789 1234567890 11111111 00000000 88888888 987654321 87654321 123123123 147258369 12341234 11223344
1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx !qaz2wsx qwertyuiop qwerty123 qwerty12 qwerty1234 asdfghjkl zxcvbnm123
q1w2e3r4 abcd1234 abc12345 a1b2c3d4 aa123456 a123456789 123456789a 123456abc 12345qwert 1234qwer qwer1234 asdf1234
qazwsxedc password password1 password12 password123 password! passw0rd p@ssw0rd p@$$w0rd pa55word Password1
Passw0rd! PASSWORD iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 baseball
baseball1 superman superman1 batman123 starwars starwars1 trustno1 michael1 jennifer jessica1 charlie1 jordan23
michelle welcome1 welcome123 letmein1 letmein! dragon123 monkey12 monkey123 shadow123 master123 computer computer1
internet liverpool liverpool1 chelsea1 arsenal1 chocolate butterfly whatever whatever1 samsung1 minecraft pokemon1
fuckyou1 blink182 metallica slipknot summer2024 winter2025! Spring2026 december1 christmas birthday1 changeme
changeme1 changeme123 admin123 admin1234 administrator adminadmin root1234 test1234 testtest tester123 default1
secret123 access14 master12 hello123 hellohello abcdefgh abcdefghi aaaaaaaa asdfasdf asdasdasd qweqweqwe zxcvbnm1
qwertz123 azertyuiop passwort passwort1 motdepasse Sommer2025 hallo123 schalke04 bayern123 moderator1 comments1
commentwidget widget123 wordpress1 disqus123 postgres1
"""


def test_three_thousand_common_ones_and_more_are_refused() -> None:
    """ASVS 6.2.4: not a list, but the ways in which such passwords are made."""
    tried = {word + ending for word in COMMON_WORDS for ending in ENDINGS if len(word + ending) >= 8}
    tried |= {word.capitalize() + ending for word in COMMON_WORDS for ending in ENDINGS if len(word + ending) >= 8}
    assert len(tried) >= 3_000
    assert [one for one in tried if weakness_of(one, EMAIL) is not Weakness.COMMON] == []


@pytest.mark.parametrize("password", _MOST_USED.split())
def test_what_people_use_most_is_refused(password: str) -> None:
    assert weakness_of(password, EMAIL) is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    [
        *("correct donkey battery", "another donkey battery", "quitefew", "tram to the harbour", "Zug um 7 nach Kiel"),
        *("xkcd-936-in-reverse", "kT9#vQ2m", "vfqzmwtr", "8f3a1c9e", "mein Hund heisst Otto", "94x1-qq7p-33vd"),
    ],
)
def test_what_nobody_guesses_first_is_taken(password: str) -> None:
    assert weakness_of(password, EMAIL) is None


def test_judging_a_long_password_takes_no_time() -> None:
    begun = time.process_time()
    for password in ("a" * LONGEST, "pass" * 250, "ab1!" * 250, "qwerty" * 166, "love hate " * 100):
        weakness_of(password, EMAIL)
    assert time.process_time() - begun < 0.05


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
