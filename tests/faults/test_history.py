"""The checker finds each kind of broken promise, and none where there is none."""

from typing import Any

import pytest

from tests.faults.history import Step, check

TEXT = " w0 w1"


def event(name: str, entry: str, **given: Any) -> Step:
    return Step("tab", "event", answer="a", name=name, entry=entry, attempt=1, **given)


ASKED = [Step("asker", "ask"), Step("asker", "accepted", answer="a")]
TOLD = [event("started", "1-0"), event("delta", "1-1"), event("delta", "2-0"), event("done", "10-0")]
ROW = Step("rows", "row", answer="a", name="done", text=TEXT)
SHOWN = Step("tab", "shown", answer="a", name="done", text=TEXT)
WHOLE = [*ASKED, *TOLD, ROW, SHOWN]


def test_a_history_in_which_all_went_well_has_nothing_to_tell() -> None:
    assert check(WHOLE, TEXT) == []
    assert check([*WHOLE, Step("tab", "row", answer="a", name="done", attempt=1)], TEXT) == []


def test_what_a_store_forgot_may_be_told_again_after_a_sync() -> None:
    again = [event("sync", ""), event("done", "3-0"), event("started", "4-0", connection=2)]
    assert check([*WHOLE, *again], TEXT) == []


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ([*ASKED, *TOLD], "lost"),
        ([*ASKED, Step("rows", "row", answer="a", name="done", text=" w1")], "lost"),
        ([*ASKED, Step("rows", "row", answer="a", name="failed", text=TEXT)], "lost"),
        ([*WHOLE, Step("late", "shown", answer="a", name="running", text=" w0")], "lost"),
        ([*WHOLE, ROW], "doubled"),
        ([*WHOLE, event("done", "11-0")], "doubled"),
        ([*ASKED, event("delta", "2-0"), event("delta", "1-1"), ROW], "reordered"),
        ([*WHOLE, event("delta", "11-0")], "resurrected"),
        ([*WHOLE, Step("tab", "row", answer="a", name="running", attempt=1)], "resurrected"),
        ([*WHOLE, Step("asker", "deleted", answer="a"), Step("asker", "found", answer="a")], "resurrected"),
    ],
)
def test_each_broken_promise_is_found_and_named(steps: list[Step], word: str) -> None:
    [sentence] = check(steps, TEXT)
    assert sentence.startswith(word)
