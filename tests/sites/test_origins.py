"""Origins: one spelling each, and nothing but that spelling lets anybody in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.sites.origins import AddressError, is_registered, origin_of, read_origin, take_apart


@pytest.mark.case("C90")
@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://partner.example", "https://partner.example"),
        (" HTTPS://Partner.Example/ ", "https://partner.example"),
        ("https://partner.example:443", "https://partner.example"),
        ("https://partner.example:", "https://partner.example"),
        ("http://partner.example:80", "http://partner.example"),
        ("http://partner.example:443", "http://partner.example:443"),
        ("https://partner.example:08443", "https://partner.example:8443"),
        ("https://partner.example.", "https://partner.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER。example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://xn--i-7iq.example", "https://xn--i-7iq.example"),
        ("https://faß.example", "https://xn--fa-hia.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://my_blog.example", "http://my_blog.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://[2001:DB8:0:0::1]", "http://[2001:db8::1]"),
        ("http://[::ffff:192.0.2.1]", "http://[::ffff:c000:201]"),
    ],
)
def test_an_origin_has_one_spelling(typed: str, origin: str) -> None:
    assert read_origin(typed) == origin
    assert read_origin(origin) == origin


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "Write the origin"),
        ("partner.example", "scheme"),
        ("//partner.example", "scheme"),
        ("https:/partner.example", "slashes"),
        ("ftp://partner.example", "http://"),
        ("javascript:alert(1)", "http://"),
        ("partner.example:443", "http://"),
        ("https://partner.example/blog", "path"),
        ("https://partner.example//", "path"),
        ("https://partner.example?x", "path"),
        ("https://partner.example/?", "path"),
        ("https://partner.example#", "path"),
        ("https://*.partner.example", "star"),
        ("*", "star"),
        ("https://ada@partner.example", "user name"),
        ("https://good.example:x@evil.test", "user name"),
        ("https://part ner.example", "spaces"),
        ("https://partner.example\t.evil.test", "spaces"),
        ("https://partner.example\\@evil.test", "backslash"),
        ("https:\\\\partner.example", "slashes"),
        ("https://partner.example\x00", "control"),
        ("https://partner.example:0", "port"),
        ("https://partner.example:65536", "port"),
        ("https://partner.example:٤٤٣", "port"),
        ("https://partner.example:4_43", "port"),
        ("https://partner.example:-1", "port"),
        ("https://", "host"),
        ("https://:443", "host"),
        ("https://.example", "host"),
        ("https://a..example", "host"),
        ("https://a.example..", "host"),
        ("https://-a.example", "host"),
        ("https://a%2eexample", "host"),
        ("https://a<b>.example", "host"),
        (f"https://{'a' * 64}.example", "host"),
        (f"https://{'a.' * 130}example", "host"),
        ("https://xn--a.example", "host"),
        ("https://xn--abc-.example", "host"),
        ("https://127.1", "host"),
        ("https://2130706433", "host"),
        ("https://0x7f.1", "host"),
        ("https://127.0.0.01", "host"),
        ("https://256.0.0.1", "host"),
        ("https://[::1", "host"),
        ("https://[::1%25eth0]", "host"),
        ("https://[partner.example]", "host"),
        ("https://::1", "host"),
    ],
)
def test_what_is_no_origin_is_refused_with_a_sentence_and_an_example(typed: str, word: str) -> None:
    with pytest.raises(ValueError, match=word) as refused:
        read_origin(typed)
    assert "https://partner.example" in str(refused.value)


@pytest.mark.case("C90")
@pytest.mark.parametrize(
    "origin",
    [
        "https://a.test.evil",
        "https://evil-a.test",
        "https://a.test.a.test",
        "https://b.a.test",
        "https://a.test:444",
        "http://a.test",
        "https://a.test/",
        "https://a.test/x",
        "https://A.test",
        "https://a.test@evil.test",
        "https://xn--a-0ga.test",
        "a.test",
        "null",
        "",
        "https://",
    ],
)
def test_only_the_very_origin_is_registered(origin: str) -> None:
    assert not is_registered(origin, ["https://a.test"])


def test_a_registered_origin_is() -> None:
    assert is_registered(origin_of("HTTPS://A.test:443/x?y#z"), ["https://b.test", "https://a.test"])
    assert not is_registered(origin_of("https://a.test.evil/https://a.test"), ["https://a.test"])


def test_an_address_is_taken_apart() -> None:
    parts = take_apart("https://a.test/b;c?d?e#f#g")
    assert (parts.origin, parts.path, parts.query, parts.fragment) == ("https://a.test", "/b;c", "d?e", "f#g")
    bare = take_apart("https://a.test")
    assert (bare.path, bare.query, bare.fragment) == ("", None, None)


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_an_origin_in_one_spelling_or_refused(host: str, rest: str) -> None:
    try:
        origin = origin_of(f"https://{host}{rest}")
    except AddressError:
        return
    assert origin.isascii()
    assert origin_of(origin) == origin == read_origin(origin)
    assert not set(origin.removeprefix("https://")) & set("/?#@\\ %<>\"'*")
