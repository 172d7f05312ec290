"""What the checks do to real comments: with no training, and with a filter taught by other videos.

The figures are those of the day they were written down, a little below what was measured. Which features and constants
the filter has was chosen by trying on these same four videos, so expect less elsewhere: with the constants chosen on
three videos and tried on the fourth the average was 0.87 instead of 0.89.
"""

from datetime import datetime

import pytest

from tests.corpora import corpora, needs_corpora
from tests.spam.youtube import Sorted, Trial, of, trained, tried, videos, without, youtube_comments
from widget.clock import DAY, SECOND
from widget.sites.site import BAYES_PERCENT, Rule, SiteRules
from widget.spam.judging import CONTENT_CHECKS, judge
from widget.spam.verdict import HOLD, Facts

pytestmark = needs_corpora

RECALL = {"eminem": 0.90, "katyperry": 0.84, "lmfao": 0.86, "psy": 0.87}
"""What is reached at one false alarm in a hundred: 0.92, 0.86, 0.88, 0.89."""

VIDEOS = tuple(RECALL)


def trial(video: str) -> Trial:
    """A filter taught by the three other videos, tried on this one."""
    return tried(of(video), trained(without(video)))


@pytest.mark.parametrize("video", VIDEOS)
def test_recall_at_one_percent_of_false_alarms(video: str) -> None:
    found = trial(video)
    assert found.false_alarms(found.bound) <= 0.01
    assert found.recall(found.bound) >= RECALL[video]


@pytest.mark.case("C147")
def test_the_average_of_the_four_reaches_its_goal() -> None:
    assert set(videos()) == set(VIDEOS)
    assert sum((found := trial(video)).recall(found.bound) for video in VIDEOS) / 4 >= 0.88


@pytest.mark.case("C147")
def test_at_the_percentage_that_we_ship_it_holds_four_fifths_and_one_ham_in_a_hundred() -> None:
    trials = [trial(video) for video in VIDEOS]
    bound = BAYES_PERCENT / 100 - 1e-9
    assert sum(one.recall(bound) for one in trials) / 4 >= 0.82
    assert sum(one.false_alarms(bound) for one in trials) / 4 <= 0.01
    assert max(one.false_alarms(bound) for one in trials) <= 0.012


@pytest.mark.case("C147")
def test_untrained_at_most_one_ham_in_a_hundred_is_held_by_content_checks() -> None:
    """All four videos as one busy site, in the order of their times; those without one a day apart."""
    rules, ham, held, first_written = SiteRules(rule=Rule.POST), 0, 0, dict[str, int]()
    for number, one in enumerate(sorted(youtube_comments(), key=lambda one: one.at)):
        now = int(datetime.fromisoformat(one.at).timestamp()) * SECOND if one.at else number * DAY
        before = first_written.get(one.fingerprint)
        repeated = before is not None and now - before < DAY
        if not repeated:
            first_written[one.fingerprint] = now
        if not one.is_spam:
            ham += 1
            held += bool(_doubts(rules, one, repeats=int(repeated)))
    assert ham == 755
    assert held / ham <= 0.01


def _doubts(rules: SiteRules, one: Sorted, repeats: int) -> list[str]:
    facts = Facts(one.body, "", one.links, trap="", age=10 * SECOND, repeats=repeats, trusted=False, sandboxed=False)
    findings = judge(rules, facts).findings
    return [found.check for found in findings if found.score >= HOLD and found.check in CONTENT_CHECKS]


def test_the_corpus_is_there() -> None:
    assert corpora() is not None
    assert len(youtube_comments()) == 1_586
