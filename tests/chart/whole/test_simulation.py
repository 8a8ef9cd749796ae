"""The simulator of autoscaling, and the table that docs/scaling.md shows of it."""

from scripts.simulate_scaling import SLOTS, Policy, run, table, trace
from tests.chart.rendering import ROOT


def test_the_table_in_the_docs_is_what_the_simulator_says() -> None:
    assert table(trace()) in (ROOT / "docs/scaling.md").read_text()


def test_every_question_is_answered_by_every_policy() -> None:
    questions = trace()
    for policy in (Policy("a", 0, 6), Policy("b", 5, 5)):
        assert len(run(policy, questions).waits) == len(questions)


def test_a_pool_that_may_goes_to_zero_and_comes_back() -> None:
    night = [10.0, 7200.0]
    pool = run(Policy("to zero", 0, 2), night)
    assert len(pool.waits) == 2
    assert min(pool.waits) > 60
    assert pool.pod_seconds < 3600


def test_more_people_than_slots_get_more_pods() -> None:
    assert run(Policy("up to six", 1, 6), [100.0] * (SLOTS * 3)).most_pods == 3
