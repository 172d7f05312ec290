"""The arithmetic of the limits, held against what a visitor may expect of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.clock import HOUR, MINUTE, SECOND
from widget.limits.gcra import NEVER, Rate, spend

NOW = 1_800_000_000_000
POST = Rate(1, 15 * SECOND, 3)

rates = st.builds(Rate, st.integers(1, 1_000), st.integers(1, 86_400).map(lambda s: s * SECOND), st.integers(1, 1_000))


class Key:
    """One key that is spent from."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.tat = NEVER

    def wait(self, now: int) -> int:
        tat, wait = spend(self.tat, now, self.rate)
        self.tat = self.tat if tat is None else tat
        return wait


def test_a_burst_then_one_each_interval() -> None:
    key = Key(POST)
    assert [key.wait(NOW) for _ in range(4)] == [0, 0, 0, 15 * SECOND]
    assert key.wait(NOW + 14_999) == 1
    assert key.wait(NOW + 15_000) == 0
    assert key.wait(NOW + 15_000) == 15_000


def test_a_refused_try_costs_nothing() -> None:
    key = Key(POST)
    assert [key.wait(NOW + beat) for beat in range(100)][-1] == 15_000 - 99
    assert key.wait(NOW + 15_000) == 0


def test_the_whole_burst_is_back_after_the_window() -> None:
    key = Key(POST)
    for _ in range(3):
        key.wait(NOW)
    assert [key.wait(NOW + 45 * SECOND) for _ in range(4)] == [0, 0, 0, 15 * SECOND]


@pytest.mark.case("C47")
def test_ten_minutes_at_exactly_the_rate_none_refused() -> None:
    for rate in (POST, Rate(4, MINUTE, 1), Rate(7, MINUTE, 2), Rate(600, MINUTE, 600)):
        key = Key(rate)
        beats = range(10 * rate.count * MINUTE // rate.period)
        assert not any(key.wait(NOW + -(-beat * rate.period // rate.count)) for beat in beats)


@pytest.mark.case("C47")
def test_at_twice_the_rate_half_comes_through() -> None:
    rate = Rate(60, MINUTE, 1)
    key = Key(rate)
    accepted = sum(key.wait(NOW + beat * SECOND // 2) == 0 for beat in range(1_200))
    assert abs(accepted - 600) <= 30


def test_seven_a_minute_is_not_rounded_to_milliseconds() -> None:
    key = Key(Rate(7, MINUTE, 7))
    accepted = sum(key.wait(NOW + second * SECOND) == 0 for second in range(24 * 3_600))
    assert abs(accepted - (7 * 60 * 24 + 7)) <= 1


@given(rates, st.lists(st.integers(0, 60_000), max_size=200))
def test_never_more_than_the_burst_and_what_was_earned(rate: Rate, gaps: list[int]) -> None:
    key, now, accepted = Key(rate), NOW, 0
    for gap in gaps:
        now += gap
        accepted += key.wait(now) == 0
    assert accepted <= rate.burst + (now - NOW) * 1_000 // rate.interval


@given(rates, st.integers(0, 3_000))
def test_after_the_wait_that_was_named_there_is_room(rate: Rate, tries: int) -> None:
    key = Key(rate)
    waits = [key.wait(NOW) for _ in range(min(tries, rate.burst) + 1)]
    assert waits[-1] == 0 or key.wait(NOW + waits[-1] - 1) > 0
    assert key.wait(NOW + waits[-1]) == 0 or waits[-1] == 0


@pytest.mark.case("C55")
@given(rates, st.integers(1, 2_000), st.integers(-3 * HOUR, 3 * HOUR))
def test_a_clock_step_locks_nobody_longer_than_the_window(rate: Rate, spent: int, step: int) -> None:
    key = Key(rate)
    for _ in range(min(spent, rate.burst)):
        key.wait(NOW)
    wait = key.wait(NOW + step)
    assert wait <= -(-rate.burst * rate.interval // 1_000)
    assert key.wait(NOW + step + wait) == 0 or wait == 0


@pytest.mark.case("C55")
def test_two_hours_back_gives_one_burst_and_no_more() -> None:
    key = Key(POST)
    assert [key.wait(NOW) for _ in range(4)][-1] > 0
    back = NOW - 2 * HOUR
    assert [key.wait(back) for _ in range(4)] == [0, 0, 0, 15 * SECOND]


def test_a_small_step_back_gives_nothing_away() -> None:
    key = Key(POST)
    assert [key.wait(NOW) for _ in range(3)] == [0, 0, 0]
    assert key.wait(NOW - SECOND) == 16 * SECOND


def test_a_lowered_rate_holds_at_once_for_whoever_used_the_higher_one() -> None:
    key = Key(Rate(60, MINUTE, 60))
    for _ in range(60):
        key.wait(NOW)
    key.rate = Rate(1, MINUTE, 1)
    assert [key.wait(NOW) for _ in range(2)] == [MINUTE, MINUTE]


def test_wider_and_slower() -> None:
    assert POST.times(8) == Rate(8, 15 * SECOND, 24)
    assert Rate(5, MINUTE, 5).slowed(5) == Rate(5, 5 * MINUTE, 1)
    assert Rate(5, MINUTE, 5).slowed(5).interval == 60_000_000
    assert POST.slowed(5).burst == 1


def test_nothing_is_earned_faster_than_in_a_microsecond() -> None:
    assert Rate(count=10**9, period=1, burst=1).interval == 1
