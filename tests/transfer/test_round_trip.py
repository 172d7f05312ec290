"""Our own export: imported into an empty site and exported again it is the same bytes."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.scene import a_comment
from tests.transfer import rows
from tests.transfer.own_scene import another_engine, brought_back, empty_site, exported, lively
from widget.comments.comment import Comment, State
from widget.comments.text import normalise_body, normalise_name
from widget.db.engine import Db
from widget.sites.site import Site

pytestmark = pytest.mark.anyio
_numbers = itertools.count()
Step = tuple[int, State, str, int]


async def test_a_site_in_the_same_database_gives_the_same_bytes(db: Db, site: Site, tmp_path: Path) -> None:
    """All ids are taken there by the first site."""
    await lively(db, site, tmp_path)
    first = await exported(db, site)
    other = await empty_site(db)
    await brought_back(db, other, first, tmp_path)
    assert await exported(db, other) == first
    assert await rows.faults(db, other.id) == []
    here, there = await rows.comments(db, site.id), await rows.comments(db, other.id)
    assert not {row["id"] for row in here} & {row["id"] for row in there}


async def test_across_engines_and_back_ids_and_bytes_stay(
    db: Db, site: Site, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await lively(db, site, tmp_path)
    first = await exported(db, site)
    async with another_engine(db, request, tmp_path) as other:
        there = await empty_site(other)
        await brought_back(other, there, first, tmp_path)
        second = await exported(other, there)
        back = await empty_site(db, 9, "back")
        await brought_back(db, back, second, tmp_path)
        kept = [row["id"] for row in await rows.comments(other, there.id)]
    assert second == first
    assert await exported(db, back) == first
    assert kept == [row["id"] for row in await rows.comments(db, site.id)]


async def test_the_same_file_again_and_into_its_own_site_adds_nothing(db: Db, site: Site, tmp_path: Path) -> None:
    await lively(db, site, tmp_path)
    first = await exported(db, site)
    other = await empty_site(db)
    await brought_back(db, other, first, tmp_path)
    before = await rows.everything(db)
    for place in (site, other):
        report = await brought_back(db, place, first, tmp_path)
        assert (report.comments.total(), report.pages_made) == (0, 0)
        assert report.already_here == json.loads(first.splitlines()[0])["comments"]
    assert await rows.everything(db) == before


async def test_nothing_of_a_reader_but_what_his_page_shows(db: Db, site: Site, tmp_path: Path) -> None:
    await lively(db, site, tmp_path)
    text = await exported(db, site)
    marks = await rows.email_marks(db)
    assert marks
    assert not [mark for mark in marks if mark in text]
    assert "reader.example" not in text.replace("https://ada.example", "")
    assert "I regret this" not in text
    assert '"name":"Ada"' in text


async def test_every_key_is_told_in_the_documentation(db: Db, site: Site, tmp_path: Path) -> None:
    await lively(db, site, tmp_path)
    told = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    lines = [json.loads(line) for line in (await exported(db, site)).split("\n") if line]
    keys = {key for line in lines for key in _keys(line)}
    assert {"html", "original", "history", "written_at"} < keys
    assert [key for key in sorted(keys) if f"`{key}`" not in told] == []


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in _keys(one)}
    return {key for one in value for key in _keys(one)} if isinstance(value, list) else set()


STEPS = st.lists(
    st.tuples(
        st.integers(-8, 8),
        st.sampled_from(State),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
)
"""Comments: whom of those before each answers (nobody below 0), its state, its text, milliseconds since the last."""


@pytest.mark.case("C80")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_any_forest_survives(db: Db, tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> None:
    number = next(_numbers)
    site = await empty_site(db, 100 + 2 * number, f"from-{number}")
    other = await empty_site(db, 101 + 2 * number, f"to-{number}")
    await _a_forest(db, site, steps)
    first = await exported(db, site)
    await brought_back(db, other, first, tmp_path_factory.mktemp("forest"))
    assert await exported(db, other) == first
    assert len(await rows.comments(db, other.id)) == len(steps)


async def _a_forest(db: Db, site: Site, steps: list[Step]) -> None:
    now, made = NOW, list[tuple[Comment, str]]()
    for answered, state, text, later in steps:
        now += later
        parent, page = made[answered % len(made)] if made and answered >= 0 else (None, f"/{answered % 2}")
        body, name = normalise_body(text.replace("\0", "")), normalise_name(text.replace("\0", ""))
        one = await a_comment(db, site, body, state=state, name=name, page=page, parent=parent, now=now)
        made.append((one, page))
