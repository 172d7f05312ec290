"""Whom a limit counts as one."""

from ipaddress import IPv6Address

import pytest

from widget.limits.address_key import UNKNOWN, address_keys, networks_of, read_network


def test_an_ipv4_address_stands_for_itself() -> None:
    assert address_keys("203.0.113.7") == (("203.0.113.7", 1),)


@pytest.mark.case("C48")
@pytest.mark.parametrize("mapped", ["::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:203.0.113.7"])
def test_a_mapped_address_is_the_ipv4_address(mapped: str) -> None:
    assert address_keys(mapped) == address_keys("203.0.113.7")


def test_an_ipv6_address_stands_for_its_64_and_wider_for_its_48() -> None:
    assert address_keys("2001:db8:1:2:3:4:5:6") == (("2001:db8:1:2::/64", 1), ("2001:db8:1::/48", 8))


@pytest.mark.case("C48")
def test_a_thousand_addresses_of_one_64_are_one_key() -> None:
    first = int(IPv6Address("2001:db8:1:2::"))
    keys = {address_keys(str(IPv6Address(first + host * 7_919_191_919))) for host in range(1_000)}
    assert len(keys) == 1


def test_neighbouring_64s_share_the_wider_key_alone() -> None:
    (narrow, wide), (other_narrow, other_wide) = address_keys("2001:db8:1:2::1"), address_keys("2001:db8:1:3::1")
    assert narrow != other_narrow
    assert wide == other_wide


def test_a_zone_changes_nothing() -> None:
    assert address_keys("fe80::1%eth0") == address_keys("fe80::1")


@pytest.mark.parametrize(
    "nobody", ["", "unix", "unknown", "1.2.3", "1.2.3.4.5", "::ffff:1.2.3.4.5", "é", "\0", "9" * 9_999]
)
def test_whoever_has_no_address_shares_one_key(nobody: str) -> None:
    assert address_keys(nobody) == ((UNKNOWN, 1),)


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("203.0.113.7", ("203.0.113.7", "203.0.113.0/24")),
        ("::ffff:203.0.113.7", ("203.0.113.7", "203.0.113.0/24")),
        ("2001:db8:1:2:3::4", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("", ()),
        ("unix:", ()),
    ],
)
def test_the_networks_that_a_ban_may_name(address: str, networks: tuple[str, ...]) -> None:
    assert networks_of(address) == networks


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7/32 ", "203.0.113.7"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9/48", "2001:db8:1::/48"),
        ("203.0.113.0/16", None),
        ("2001:db8::/32", None),
        ("203.0.113.0/024", None),
        ("203.0.113.0/²4", None),
        ("everybody", None),
        ("", None),
    ],
)
def test_a_typed_network_is_read_in_four_sizes(typed: str, network: str | None) -> None:
    assert read_network(typed) == network
