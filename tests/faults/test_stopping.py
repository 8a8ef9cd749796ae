"""The checker's verdict on an answer that a person stopped."""

import pytest

from tests.faults.stopping import TEXT, Pressed, judge_stop

SEEN, KEPT = TEXT[:40], TEXT[:80]


def test_a_stopped_answer_keeps_what_was_seen_and_is_the_same_everywhere() -> None:
    assert judge_stop(Pressed(0, SEEN, "running"), "stopped", KEPT, [KEPT, KEPT], "") == []


def test_an_answer_that_was_done_before_the_stop_was_sent_is_whole() -> None:
    late = Pressed(0, SEEN, "done")
    assert judge_stop(late, "done", TEXT, [TEXT, TEXT], "") == []
    assert [problem.split(":")[0] for problem in judge_stop(late, "done", KEPT, [KEPT, KEPT], "")] == ["lost"]


@pytest.mark.parametrize(
    ("press", "status", "content", "shown"),
    [
        (Pressed(0, SEEN, "running"), "done", TEXT, TEXT),  # the stop was taken and did nothing
        (Pressed(0, SEEN, "running"), "failed", KEPT, KEPT),
        (Pressed(0, KEPT, "running"), "stopped", SEEN, SEEN),  # less than was on the screen
        (Pressed(0, SEEN, "running"), "stopped", KEPT, SEEN),  # a tab shows something else than the row
        (Pressed(0, SEEN, "running"), "stopped", SEEN + SEEN, SEEN + SEEN),
    ],
)
def test_anything_else_is_a_fault(press: Pressed, status: str, content: str, shown: str) -> None:
    assert judge_stop(press, status, content, [shown, shown], "")
