"""Whose address counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.web.client_address import UNIX, TrustedProxies, client_address, read_trusted

NOBODY = TrustedProxies()
PROXY = ("10.0.0.1", 40_000)
TRUSTED = read_trusted(["10.0.0.0/8", "2001:db8:f::/48", "127.0.0.1"])
REAL = "203.0.113.7"


def forwarded(*lines: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"x"), *((b"x-forwarded-for", line.encode("latin-1")) for line in lines)]


@pytest.mark.case("C51", "C52")
@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ([], "10.0.0.1"),
        ([REAL], REAL),
        (["1.2.3.4, 203.0.113.7"], REAL),
        (["1.2.3.4,203.0.113.7,10.9.9.9"], REAL),
        (["1.2.3.4", REAL], REAL),
        (["1.2.3.4, 203.0.113.7", "10.2.2.2"], REAL),
        (["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        (["203.0.113.7:4711"], REAL),
        (["[2001:db8::1]"], "2001:db8::1"),
        (["[2001:DB8:0::1]:443"], "2001:db8::1"),
        (["2001:db8::1"], "2001:db8::1"),
        (["fe80::1%eth0"], "fe80::1"),
        (["::ffff:203.0.113.7"], REAL),
        (["1.2.3.4, ::ffff:10.0.0.9"], "1.2.3.4"),
        (["unknown"], "10.0.0.1"),
        (["1.2.3.4, unknown"], "10.0.0.1"),
        (["1.2.3.4, garbage, 10.2.2.2"], "10.2.2.2"),
        ([""], "10.0.0.1"),
        ([",,"], "10.0.0.1"),
        (["1.2.3.4, "], "10.0.0.1"),
        (["_hidden"], "10.0.0.1"),
        (["0x7f.1"], "10.0.0.1"),
        (["1.2.3.04"], "10.0.0.1"),
        (["1.2.3.4\x00"], "10.0.0.1"),
        (['"203.0.113.7"'], "10.0.0.1"),
        (["for=203.0.113.7"], "10.0.0.1"),
        ([", ".join(f"1.2.3.{n}" for n in range(50)) + ", " + REAL], REAL),
        ([", ".join(["10.0.0.2"] * 5_000)], "10.0.0.2"),
    ],
)
def test_from_the_right_to_the_first_that_is_not_trusted(lines: list[str], address: str) -> None:
    assert client_address(PROXY, forwarded(*lines), TRUSTED) == address


@pytest.mark.case("C50")
@pytest.mark.parametrize("trusted", [NOBODY, TRUSTED])
def test_what_a_stranger_says_is_not_believed(trusted: TrustedProxies) -> None:
    assert client_address((REAL, 1), forwarded("1.2.3.4"), trusted) == REAL
    assert client_address((REAL, 1), forwarded("10.0.0.1"), trusted) == REAL


def test_nobody_is_trusted_unless_named() -> None:
    assert client_address(("127.0.0.1", 1), forwarded("1.2.3.4"), NOBODY) == "127.0.0.1"


@pytest.mark.case("C53")
@pytest.mark.parametrize(
    "name", ["forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip", "client-ip", "x-forwarded"]
)
def test_no_other_header_counts(name: str) -> None:
    headers = [(name.encode(), b"for=1.2.3.4"), (name.encode(), b"1.2.3.4")]
    assert client_address(PROXY, headers, TRUSTED) == "10.0.0.1"


def test_a_mapped_peer_is_the_ipv4_address() -> None:
    assert client_address(("::ffff:203.0.113.7", 1), [], NOBODY) == REAL
    assert client_address(("::ffff:10.0.0.1", 1), forwarded(REAL), TRUSTED) == REAL


@pytest.mark.parametrize("peer", [None, ("", 0), ("/run/widget.sock", 0)])
def test_a_unix_socket_is_trusted_only_when_named(peer: tuple[str, int] | None) -> None:
    assert client_address(peer, forwarded(REAL), TRUSTED) == UNIX
    assert client_address(peer, forwarded("1.2.3.4, 203.0.113.7"), read_trusted(["unix"])) == REAL
    assert client_address(peer, [], read_trusted(["unix"])) == UNIX


@pytest.mark.case("C52")
@given(st.binary(max_size=200))
def test_whatever_is_sent_an_address_comes_out(line: bytes) -> None:
    address = client_address(PROXY, [(b"x-forwarded-for", line)], TRUSTED)
    assert client_address((address, 1), [], NOBODY) == address
    assert set(address) <= set("0123456789abcdef.:")


def test_trusted_proxies_are_read() -> None:
    trusted = read_trusted([" 10.0.0.0/8 ", "2001:db8::/32", "192.0.2.1", "unix"])
    assert trusted.unix
    assert trusted.trusts(UNIX)
    assert all(trusted.trusts(each) for each in ("10.255.0.1", "2001:db8:9::1", "192.0.2.1"))
    assert not any(trusted.trusts(each) for each in ("11.0.0.1", "192.0.2.2", "2001:db9::1"))
    assert read_trusted([]) == NOBODY


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        ("10.0.0.1/8", "10.0.0.0/8"),
        ("proxy.internal", "127.0.0.1"),
        ("*", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("10.0.0.0/33", "127.0.0.1"),
        ("0.0.0.0/0", "every visitor"),
        ("::/0", "every visitor"),
        ("x" * 5_000, "127.0.0.1"),
    ],
)
def test_a_fault_is_told_in_one_sentence(entry: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint) as fault:
        read_trusted(["10.0.0.0/8", entry])
    sentence = str(fault.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200
