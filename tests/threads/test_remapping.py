"""A site has moved: the plan says what would be done, and it is done as a whole or not at all."""

import pytest

from tests.scene import NOW, a_comment, a_site
from tests.threads.recount import addresses, aliases, comments_in, wrong_numbers
from tests.threads.test_moving import ADA, rows_of
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.errors import ForeignOrigin, MalformedAddress
from widget.sites.site import Site
from widget.threads.moving import undo_moves
from widget.threads.remapping import PlanChanged, Prefix, plan_remap, read_pairs, read_prefix, remap

pytestmark = pytest.mark.anyio

HERE = "https://partner.example"


async def written(db: Db, site: Site, *pages: str) -> list[Comment]:
    """An approved comment on each of these pages."""
    return [
        await a_comment(db, site, f"On {page}", state=State.APPROVED, page=page, now=NOW + place)
        for place, page in enumerate(pages)
    ]


@pytest.mark.parametrize(
    ("old", "new", "url", "target"),
    [
        ("https://a.example/", "https://b.example/", "https://a.example/x?y=1", "https://b.example/x?y=1"),
        ("https://a.example/blog", "https://a.example/", "https://a.example/blog/x", "https://a.example/x"),
        ("https://a.example/blog", "https://a.example/news/", "https://a.example/blog", "https://a.example/news"),
        ("https://a.example/blog", "https://a.example/news", "https://a.example/blogger", None),
        ("https://a.example/blog", "https://a.example/news", "https://b.example/blog/x", None),
        ("https://a.example/", "https://b.example/", "https://a.example.org/x", None),
        ("https://a.example/p", "https://a.example/q", "https://a.example/p?id=1", "https://a.example/q?id=1"),
    ],
)
def test_a_prefix_ends_where_a_segment_ends(old: str, new: str, url: str, target: str | None) -> None:
    assert Prefix(old, new).target(url) == target


async def test_a_prefix_moves_all_below_it_and_is_undone_as_a_whole(db: Db) -> None:
    site = await a_site(db, "partner")
    one, two, other = await written(db, site, "/blog/1", "/blog/2", "/about")
    before = await rows_of(db, site)
    wish = read_prefix(site, f"{HERE}/blog/", f"{HERE}/news")
    plan = await plan_remap(db, site, wish)
    assert [(step.old_url, step.new_url, step.approved) for step in plan.moved] == [
        (f"{HERE}/blog/1", f"{HERE}/news/1", 1),
        (f"{HERE}/blog/2", f"{HERE}/news/2", 1),
    ]
    assert await rows_of(db, site) == before
    batch = await remap(db, site, ADA, wish, plan.digest, now=NOW)
    found = await aliases(db, site)
    assert found["1:/news/1"] == found["1:/blog/1"] == one.thread_id
    assert (await addresses(db, site))[two.thread_id] == f"{HERE}/news/2"
    assert (await addresses(db, site))[other.thread_id] == f"{HERE}/about"
    assert (await plan_remap(db, site, wish)).steps == ()
    assert await undo_moves(db, site, ADA, batch, now=NOW + 1) == 2
    assert await rows_of(db, site) == before


async def test_another_host_changes_addresses_and_no_alias(db: Db) -> None:
    site = await a_site(db, "partner")
    (one,) = await written(db, site, "/a")
    before = await aliases(db, site)
    wish = Prefix("https://partner.example/", "https://partner.example:8443/")
    plan = await plan_remap(db, site, wish)
    assert [fault.why for fault in plan.unfit] == ["foreign"]
    with pytest.raises(ForeignOrigin):
        read_prefix(site, f"{HERE}/", "https://new.example/")
    with pytest.raises(MalformedAddress):
        read_prefix(site, "blog", f"{HERE}/")
    assert await aliases(db, site) == before == {"1:/a": one.thread_id}


async def test_whoever_meets_a_thread_is_merged_into_it(db: Db) -> None:
    site = await a_site(db, "partner")
    old, there, twin = await written(db, site, "/blog/1", "/news/1", "/blog/2")
    before = await rows_of(db, site)
    wish = {f"{HERE}/blog/1": f"{HERE}/news/1", f"{HERE}/blog/2": f"{HERE}/news/1"}
    plan = await plan_remap(db, site, wish)
    assert [(step.thread_id, step.into_id) for step in plan.merged] == [
        (old.thread_id, there.thread_id),
        (twin.thread_id, there.thread_id),
    ]
    batch = await remap(db, site, ADA, wish, plan.digest, now=NOW)
    assert set((await aliases(db, site)).values()) == {there.thread_id}
    assert len(await comments_in(db, site, there.thread_id)) == 3
    assert await wrong_numbers(db, site) == []
    await undo_moves(db, site, ADA, batch, now=NOW + 1)
    assert await rows_of(db, site) == before
    assert await wrong_numbers(db, site) == []


async def test_threads_that_change_places_change_places(db: Db) -> None:
    site = await a_site(db, "partner")
    one, two, three = await written(db, site, "/1", "/2", "/3")
    before = await rows_of(db, site)
    wish = {f"{HERE}/1": f"{HERE}/2", f"{HERE}/2": f"{HERE}/3", f"{HERE}/3": f"{HERE}/1"}
    plan = await plan_remap(db, site, wish)
    assert plan.merged == ()
    batch = await remap(db, site, ADA, wish, plan.digest, now=NOW)
    assert await aliases(db, site) == {"1:/1": three.thread_id, "1:/2": one.thread_id, "1:/3": two.thread_id}
    await undo_moves(db, site, ADA, batch, now=NOW + 1)
    assert await rows_of(db, site) == before


async def test_two_threads_for_one_new_address_become_one(db: Db) -> None:
    site = await a_site(db, "partner")
    one, two = await written(db, site, "/1", "/2")
    before = await rows_of(db, site)
    wish = {f"{HERE}/1": f"{HERE}/new", f"{HERE}/2": f"{HERE}/new"}
    plan = await plan_remap(db, site, wish)
    assert [(step.thread_id, step.into_id) for step in plan.steps] == [
        (one.thread_id, None),
        (two.thread_id, one.thread_id),
    ]
    batch = await remap(db, site, ADA, wish, plan.digest, now=NOW)
    assert len(await comments_in(db, site, one.thread_id)) == 2
    await undo_moves(db, site, ADA, batch, now=NOW + 1)
    assert await rows_of(db, site) == before


async def test_another_plan_than_the_one_that_was_seen_does_nothing(db: Db) -> None:
    site = await a_site(db, "partner")
    await written(db, site, "/1")
    wish = {f"{HERE}/1": f"{HERE}/2", f"{HERE}/unknown": f"{HERE}/x"}
    plan = await plan_remap(db, site, wish)
    assert [(fault.url, fault.why) for fault in plan.unfit] == [(f"{HERE}/unknown", "unknown")]
    await a_comment(db, site, page="/2", now=NOW + 9)
    before = await rows_of(db, site)
    with pytest.raises(PlanChanged):
        await remap(db, site, ADA, wish, plan.digest, now=NOW)
    assert await rows_of(db, site) == before


async def test_another_sites_threads_stay_where_they_are(db: Db) -> None:
    site, other = await a_site(db, "partner"), await a_site(db, "other")
    await a_comment(db, other, page="/a")
    assert (await plan_remap(db, site, Prefix("https://other.example/", f"{HERE}/"))).steps == ()
    assert (await plan_remap(db, site, {"https://other.example/a": f"{HERE}/b"})).steps == ()


async def test_pairs_are_read_from_csv(db: Db) -> None:
    site = await a_site(db, "partner")
    text = 'old,new\r\n/1,/2\n\n"https://partner.example/x,y", /z \nonly-one\n/3,//evil.example/\n"/4,/5\n'
    pairs, unreadable = read_pairs(site, text)
    assert pairs == {f"{HERE}/1": f"{HERE}/2", f"{HERE}/x,y": f"{HERE}/z"}
    assert unreadable == [1, 5, 6, 7]


@pytest.mark.parametrize("comma", ["\u060c", "\u3001", "\uff0c"])
async def test_another_scripts_comma_parts_a_pair_where_no_latin_one_does(db: Db, comma: str) -> None:
    site = await a_site(db, "partner")
    pairs, unreadable = read_pairs(site, f"/1{comma} /2\n/a{comma}b,/c\n")
    assert (pairs, unreadable) == ({f"{HERE}/1": f"{HERE}/2", f"{HERE}/a{comma}b": f"{HERE}/c"}, [])


async def test_a_thousand_threads_in_one_go(db: Db) -> None:
    site = await a_site(db, "partner")
    async with db.transaction() as tx:
        await tx.run_many(
            """
            insert into thread (site_id, id, url, title, version, approved, created_at)
            values (:s, :i, :u, '', 1, 0, 1)
            """,
            [{"s": site.id, "i": place, "u": f"{HERE}/old/{place}"} for place in range(1, 1_201)],
        )
        await tx.run_many(
            "insert into thread_alias (site_id, alias, thread_id) values (:s, :a, :i)",
            [{"s": site.id, "i": place, "a": f"1:/old/{place}"} for place in range(1, 1_201)],
        )
    wish = read_prefix(site, f"{HERE}/old", f"{HERE}/new")
    plan = await plan_remap(db, site, wish)
    batch = await remap(db, site, ADA, wish, plan.digest, now=NOW)
    assert set((await addresses(db, site)).values()) == {f"{HERE}/new/{place}" for place in range(1, 1_201)}
    assert await undo_moves(db, site, ADA, batch, now=NOW) == 1_200
    assert len(await aliases(db, site)) == 1_200
