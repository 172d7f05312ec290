"""Walking through time: no comment is passed over, whatever the spans hold, and none is looked at twice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene import NOW, a_comment, a_site
from widget.db.engine import Db
from widget.search.spans import BITS, Walk, cover, marks_of
from widget.search.stems import are_checked, more_to_look_at
from widget.search.wanted import Wanted
from widget.search.words import terms_of

IDS = st.integers(0, 2**63 - 1)


@pytest.mark.anyio
async def test_each_comment_has_one_of_the_marks_of_every_span_it_is_in(db: Db) -> None:
    if db.name != "postgres":
        return
    site = await a_site(db, "one")
    comment = await a_comment(db, site, now=NOW)
    for bits in BITS:
        found = [mark for mark in marks_of(bits, comment.id >> bits) if await _holds(db, mark)]
        assert len(found) == 1


async def _holds(db: Db, mark: str) -> bool:
    return bool(await db.rows("select id from comment_search where words @@ cast(:mark as tsquery)", mark=f"'{mark}'"))


@given(first=IDS, seen=IDS, last=IDS, newest=st.booleans(), full=st.lists(st.booleans(), max_size=60))
def test_a_walk_covers_all_between_its_ends_once(
    first: int, seen: int, last: int, newest: bool, full: list[bool]
) -> None:
    ends = sorted((first, seen, last), reverse=newest)
    walk = Walk.behind(Wanted((1,), newest=newest), *ends)
    looked_at: list[tuple[int, int]] = []
    for is_full in [*full, *[False] * 400]:
        if walk.is_over:
            break
        if is_full and walk.level:
            walk.shorten()
        else:
            looked_at.append(walk.rest_of_span)
            walk.pass_on()
    assert walk.is_over
    begins, ends_at = (ends[2], ends[1]) if newest else (ends[1] + 1, ends[2] + 1)
    if newest:
        looked_at.reverse()
    if begins < ends_at:
        assert (looked_at[0][0], looked_at[-1][1]) == (begins, ends_at)
    assert all(one[1] == other[0] for one, other in pairwise(looked_at))


@given(begins=IDS, length=st.integers(1, 2**58), part=st.floats(0, 1))
def test_what_covers_a_time_holds_all_of_it(begins: int, length: int, part: float) -> None:
    marks = cover(begins, begins + length)
    inside = min(begins + int(length * part), begins + length - 1)
    for at in (begins, inside, begins + length - 1):
        assert len([mark for bits in BITS[::2] for mark in marks_of(bits, at >> bits) if mark in marks]) == 1
    assert len(marks) < 200


@given(hits=st.lists(st.integers(2**50, 2**60), max_size=4), apart=st.integers(1, 2**57), newest=st.booleans())
def test_a_leap_passes_no_hit(hits: list[int], apart: int, newest: bool) -> None:
    walk = Walk(Wanted((1,), newest=newest), 2**50 - 1, 2**60 + 1, 0)
    begins, ends = walk.until(hits, apart)
    assert not [hit for hit in hits if begins <= hit < ends]
    walk.leap((begins, ends))
    assert walk.is_over == (not hits)
    assert (walk.over + 1, walk.under) == ((2**50, begins) if newest else (ends, 2**60 + 1))


@pytest.mark.parametrize(
    ("text", "stems", "others", "wanted"),
    [
        ("elect* harbour", 300, 4, True),
        ("elect* harbour", 0, 0, True),
        ("elect* harbour", 3, 4, False),
        ("elect*", 300, 400, False),
        ("harbour", 400, 4, False),
    ],
)
def test_the_rarer_ones_are_looked_up(text: str, stems: int, others: int, wanted: bool) -> None:
    assert are_checked(Wanted((1,), waiting=True, terms=terms_of(text)), stems, others) is wanted


@pytest.mark.parametrize(
    ("text", "fitting", "wanted"),
    [("elect*", 40, 2_400), ("elect*", 0, 0), ("elect*", 2, 0), ("elect*", 200, 0), ("elect* harbour", 40, 0)],
)
def test_more_is_looked_at_where_that_fills_a_page(text: str, fitting: int, wanted: int) -> None:
    assert more_to_look_at(Wanted((1,), waiting=True, terms=terms_of(text)), 400, fitting, 200) == wanted
