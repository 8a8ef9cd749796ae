"""Every interleaving of the protocol keeps its promises, and each rule of it is there for a reason."""

import pytest

from tests.protocol.explore import explore
from tests.protocol.model import Budget, Rules, first

CALM = Budget(0, 0, 0, 0, 0, 0)

DEATH = CALM._replace(crashes=1)
EXPIRY = CALM._replace(expiries=1)
WIPE = CALM._replace(wipes=1)
LAG = CALM._replace(lags=1)
PERSON = CALM._replace(stops=1, continues=1)


@pytest.mark.parametrize(
    "budget",
    [
        DEATH._replace(expiries=1),
        DEATH._replace(wipes=1),
        EXPIRY._replace(wipes=1),
        PERSON._replace(crashes=1),
        PERSON._replace(wipes=1),
        PERSON._replace(expiries=1),
        LAG._replace(crashes=1),
    ],
    ids=["death-expiry", "death-wipe", "expiry-wipe", "death-person", "wipe-person", "expiry-person", "lag-death"],
)
def test_every_interleaving_ends_with_one_answer_told_once(budget: Budget) -> None:
    found = explore(first(budget), Rules())

    assert found.broken is None, " → ".join(found.story)
    assert found.states > 1_000


@pytest.mark.parametrize(
    ("rule", "budget", "promise"),
    [
        ("log_fenced", DEATH, "the closing event was told twice"),
        ("row_guarded", EXPIRY, "a final row was written twice"),
        ("closed_stays_until_told", DEATH, "the answer can never arrive"),
        ("lost_is_told_again", WIPE, "who comes now can't be given the text's beginning"),
        ("retold_is_fetched", EXPIRY._replace(wipes=1), "a reader can't see that its text is not the answer's"),
        ("older_is_ignored", EXPIRY._replace(wipes=1), "the answer can never arrive"),
        ("newer_attempt_reopens", PERSON, "attempts without end"),
        ("delete_checks_attempt", PERSON._replace(crashes=1), "the answer can never arrive"),
        ("tail_checked", LAG, "the log has a gap"),
        ("attempt_survives", PERSON, "the answer can never arrive"),
    ],
)
def test_each_rule_is_needed(rule: str, budget: Budget, promise: str) -> None:
    found = explore(first(budget), Rules()._replace(**{rule: False}))

    assert found.broken == promise
    assert found.story
