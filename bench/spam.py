"""How well a site's own filter tells spam from ham, and what asking and teaching it costs."""

import asyncio
import time
from pathlib import Path

from bench.report import Report, middle
from bench.seed import Shape, add_site, add_thread, address, parents_in, samples
from tests.corpora import corpora
from tests.spam.youtube import Trial, of, trained, tried, videos, without
from widget import clock
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.sites.site import BAYES_PERCENT, Site, SiteRules
from widget.spam import learning
from widget.spam.judging import judge
from widget.spam.likeness import likeness_of
from widget.spam.verdict import Facts

LEAST_RECALL = 0.80
MOST_FALSE_ALARMS = 0.01
_ASKED = 300
_WORDS = tuple(f"unwanted{number}" for number in range(1_000))


def measure(report: Report, folder: Path, decisions: int) -> None:
    """Print the figures. The database lies in `folder`."""
    report.head("Spam: a site's own filter")
    if corpora() is None:
        report.line("recall on real comments", "not measured: no corpora (set CORPORA_DIR)")
    else:
        _print_recall(report)
    asyncio.run(_measure_cost(report, folder, decisions))


def _print_recall(report: Report) -> None:
    trials = {video: tried(of(video), trained(without(video))) for video in videos()}
    for video, trial in trials.items():
        report.line(f"taught by three videos, recall on {video}", _told(trial))
    average = sum(trial.recall(trial.bound) for trial in trials.values()) / len(trials)
    report.least("recall at 1 % of false alarms, average of four", average, LEAST_RECALL, "")
    bound = BAYES_PERCENT / 100 - 1e-9
    alarms = sum(trial.false_alarms(bound) for trial in trials.values()) / len(trials)
    kept = sum(trial.recall(bound) for trial in trials.values()) / len(trials)
    report.most(f"false alarms at {BAYES_PERCENT} %, average", alarms, MOST_FALSE_ALARMS, "", f"recall {kept:.3f}")


def _told(trial: Trial) -> str:
    bound = BAYES_PERCENT / 100 - 1e-9
    shipped = f"{trial.recall(bound):.3f} with {trial.false_alarms(bound):.3f} false alarms"
    return f"{trial.recall(trial.bound):.3f} at 1 % of false alarms; at {BAYES_PERCENT} %: {shipped}"


async def _measure_cost(report: Report, folder: Path, decisions: int) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db)
        await add_thread(db, site, address(Shape.ROOTS, decisions), parents_in(Shape.ROOTS, decisions))
        await _print_teaching(report, db, site)
        await _print_asking(report, db, site)
    finally:
        await db.close()


async def _print_teaching(report: Report, db: Db, site: Site) -> None:
    rows = await db.rows("select id from comment where site_id = :site_id order by id", site_id=site.id)
    comment_ids = [row["id"] for row in rows]
    begun = time.perf_counter()
    async with db.transaction() as tx:
        await learning.note_decision(tx, site.id, comment_ids[::2], "approve")
        await learning.note_decision(tx, site.id, comment_ids[1::2], "spam")
    noted = time.perf_counter() - begun
    report.line(f"noting {len(comment_ids):,} decisions, in their transaction", f"{noted * 1_000:,.0f} ms")
    begun = time.perf_counter()
    learned = await learning.learn(db, now=clock.now())
    report.line("learning from decisions, afterwards, per second", f"{learned / (time.perf_counter() - begun):,.0f}")


async def _print_asking(report: Report, db: Db, site: Site) -> None:
    asked, judged = list[float](), list[float]()
    rules = SiteRules(hold_words=_WORDS, spam_words=_WORDS)
    for number in range(_ASKED):
        body = samples()[number % len(samples())].body
        begun = time.perf_counter()
        likeness = await likeness_of(db, site, body, "Ada", ())
        asked.append((time.perf_counter() - begun) * 1_000)
        facts = Facts(body, "Ada", (), trap="", age=10_000, repeats=0, trusted=False, sandboxed=False)
        begun = time.perf_counter()
        judge(rules, facts)
        judged.append((time.perf_counter() - begun) * 1_000)
        assert likeness is not None
    report.line("asking it about a comment, p50", f"{middle(asked):.2f} ms")
    report.line("all other checks, lists of 2,000 words, p50", f"{middle(judged):.3f} ms")
