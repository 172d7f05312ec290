"""`comment-widget remap --site S`: comments follow articles to their new addresses; first with --dry-run.

It ends with 0 when done, 1 when refused (as when threads would meet and nobody has said that they may), 2 when misused.
"""

import sys
from pathlib import Path

import click

from widget import clock, ids
from widget.cli.database import registered, with_database
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json
from widget.db.engine import Db
from widget.errors import ForeignOrigin, MalformedAddress, NotFound
from widget.sites.site import Site
from widget.threads.moving import MovedSince, TooLate, undo_moves
from widget.threads.remapping import Plan, PlanChanged, Wish, plan_remap, read_pairs, read_prefix, remap

_NAMED = 20


@click.command("remap")
@click.option("--site", "slug", required=True, help="The site whose articles have moved.")
@click.option("--from", "old", help="All articles below this address: https://www.example.com/blog/")
@click.option("--to", "new", help="are now below this one: https://www.example.com/news/")
@click.option(
    "--pairs", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV: old address, new one."
)
@click.option("--merge", is_flag=True, help="Merge threads whose new address has comments already.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--undo", help="Take back the remap of this number, within 15 minutes.")
@as_json
def remap_command(
    *,
    slug: str,
    old: str | None,
    new: str | None,
    pairs: Path | None,
    merge: bool,
    dry_run: bool,
    undo: str | None,
    as_json: bool,
) -> None:
    """Let comments follow articles to their new addresses. The old addresses still lead to them."""
    if undo is not None:
        with_database(lambda db: _undo(db, slug, undo))
        click.echo("Undone: every thread is where it was.")
        return
    if (pairs is None) == (old is None or new is None) or (pairs is not None and (old or new)):
        raise click.UsageError("Give --from and --to, or --pairs FILE.")
    typed = None if pairs is None else _text_of(pairs)

    async def work(db: Db) -> tuple[Plan, int | None]:
        site = await registered(db, slug)
        wish = _wish(site, old or "", new or "", typed)
        plan = await plan_remap(db, site, wish)
        if dry_run or not plan.steps:
            return plan, None
        _refuse_meetings(plan, merge=merge)
        try:
            return plan, await remap(db, site, None, wish, plan.digest, now=clock.now())
        except PlanChanged:
            raise Refused("Threads have come or moved in this moment, so nothing was changed: run it again.") from None

    plan, batch = with_database(work)
    if as_json:
        print_json(_shown(plan, batch))
    else:
        _tell(plan, batch)


async def _undo(db: Db, slug: str, key: str) -> None:
    try:
        await undo_moves(db, await registered(db, slug), None, ids.decode(key) or 0, now=clock.now())
    except NotFound:
        raise Refused(f"Nothing was moved on {slug} under the number {key!r}.") from None
    except TooLate:
        raise Refused("The 15 minutes are over: remap again, the other way round.") from None
    except MovedSince:
        raise Refused("Some of these threads were moved again since, or it was undone already.") from None


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as refused:
        raise Refused(f"{file} can't be read as UTF-8 text: {refused}.") from refused


def _wish(site: Site, old: str, new: str, text: str | None) -> Wish:
    if text is not None:
        pairs, unreadable = read_pairs(site, text)
        if unreadable[1 if unreadable[:1] == [1] else 0 :]:  # a first line of headings is fine
            lines = ", ".join(map(str, unreadable[:10]))
            raise Refused(
                f"These lines are no pairs of addresses: {lines}. A line is an old address, a comma, a new one."
            )
        return pairs
    try:
        return read_prefix(site, old, new)
    except MalformedAddress as refused:
        raise Refused(f"{refused.url!r} is no address: write it whole, beginning with https:// or http://.") from None
    except ForeignOrigin as refused:
        raise Refused(
            f"{refused.origin} is no origin of {site.slug}; add it with: "
            f"comment-widget site set {site.slug} origins+={refused.origin}"
        ) from None


def _refuse_meetings(plan: Plan, *, merge: bool) -> None:
    """Threads are merged only where somebody says so: by --merge, or asked at a terminal."""
    if not plan.merged or merge:
        return
    number = len(plan.merged)
    question = f"{number} threads would be merged with those at their new addresses. Go on?"
    if not (sys.stdin.isatty() and click.confirm(question)):
        raise Refused(
            f"{number} threads would meet others at their new addresses, so nothing was changed: "
            "look at them with --dry-run, then add --merge."
        )


def _tell(plan: Plan, batch: int | None) -> None:
    for step in (*plan.merged, *plan.moved)[:_NAMED]:
        meets = "  (merged with the thread there)" if step.into_id is not None else ""
        click.echo(f"{step.old_url} -> {step.new_url}{meets}")
    if len(plan.steps) > _NAMED:
        click.echo(f"... and {len(plan.steps) - _NAMED} more")
    for one in plan.unfit[:_NAMED]:
        click.echo(f"left out: {one.url} ({one.why})", err=True)
    counts = f"{len(plan.moved)} to move, {len(plan.merged)} to merge, {len(plan.unfit)} left out"
    if batch is None:
        click.echo(f"{counts}. Nothing was changed.")
    else:
        click.echo(f"Done: {counts}. To undo it within 15 minutes: --undo {ids.encode(batch)}")


def _shown(plan: Plan, batch: int | None) -> dict[str, object]:
    return {
        "moved": [{"old": step.old_url, "new": step.new_url, "comments": step.approved} for step in plan.moved],
        "merged": [{"old": step.old_url, "new": step.new_url, "comments": step.approved} for step in plan.merged],
        "left_out": [{"url": one.url, "why": one.why} for one in plan.unfit],
        "done": batch is not None,
        "undo": None if batch is None else ids.encode(batch),
    }
