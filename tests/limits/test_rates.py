"""Rates as an owner types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.clock import DAY, HOUR, MINUTE, SECOND
from widget.limits.gcra import Rate
from widget.limits.rates import DEFAULTS, as_text, read_rate


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("600", Rate(600, MINUTE, 600)),
        ("20/h", Rate(20, HOUR, 20)),
        ("20/1h", Rate(20, HOUR, 20)),
        ("20/1h burst 3", Rate(20, HOUR, 3)),
        ("1/15s burst 3", Rate(1, 15 * SECOND, 3)),
        ("600/1m burst 600", Rate(600, MINUTE, 600)),
        ("60 / 1 day", Rate(60, DAY, 60)),
        ("  5/Min  ", Rate(5, MINUTE, 5)),
        ("30/10 minutes", Rate(30, 10 * MINUTE, 30)),
        ("100 burst 5", Rate(100, MINUTE, 5)),
        ("1000000/s", Rate(1_000_000, SECOND, 1_000_000)),
    ],
)
def test_what_is_typed_is_what_is_meant(typed: str, rate: Rate) -> None:
    assert read_rate(typed) == rate


@pytest.mark.parametrize("typed", ["off", "OFF", " off "])
def test_off(typed: str) -> None:
    assert read_rate(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "none",
        "5 per",
        "-1",
        "0",
        "0/1h",
        "20/0h",
        "5/1h burst 0",
        "1.5/h",
        "20/h burst",
        "20/1fortnight",
        "20/1h burst 3 x",
        "٣/h",
        "²/h",
        "20/32d",
        "1000001",
        "9" * 5_000,
        "20/h\nburst 3\n4",
        "20//h",
        "1e3",
        "\ud800",
    ],
)
def test_a_fault_is_told_in_one_sentence_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="20/1h") as fault:
        read_rate(typed)
    sentence = str(fault.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 220


@given(st.integers(1, 1_000_000), st.integers(1, 31 * 86_400), st.integers(1, 1_000_000))
def test_a_rate_written_and_read_again_is_the_same(count: int, seconds: int, burst: int) -> None:
    rate = Rate(count, seconds * SECOND, burst)
    assert read_rate(as_text(rate)) == rate


def test_the_defaults_as_an_owner_would_write_them() -> None:
    assert as_text(None) == "off"
    assert {name: as_text(rate) for name, rate in DEFAULTS.items()} == {
        "limit_post_address": "1/15s burst 3",
        "limit_post_hour": "20/1h",
        "limit_post_day": "60/1d",
        "limit_post_thread": "60/1m",
        "limit_post_site": "600/1m",
        "limit_preview": "30/1m",
        "limit_report": "5/1h",
        "limit_privacy": "5/1h",
        "limit_privacy_mail": "3/1d",
        "limit_sign_in": "5/1m",
        "limit_code": "30/1h burst 10",
        "limit_moderator_link": "30/1m",
    }
