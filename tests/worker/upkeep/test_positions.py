"""Where one stands in a queue of thousands is told about rightly to everybody, though not everybody is told each time."""

from uuid import uuid4

from olamchat.services.turns.lifecycle import Position
from worker.upkeep.sweeper import TELL_AT_ONCE, most_wrong


def queue(ids: list[str]) -> list[Position]:
    return [
        Position(id=one, conversation_id=uuid4(), pool="p", attempt=0, position=number)  # type: ignore[arg-type]
        for number, one in enumerate(ids, 1)
    ]


def test_nobody_in_a_long_queue_hears_something_far_from_the_truth() -> None:
    # given 5,000 who wait, of whom forty are served between two rounds
    waiting, told = [str(number) for number in range(5_000)], dict[str, int]()
    for round_ in range(60):
        positions = queue(waiting)
        for position in most_wrong(told, positions, TELL_AT_ONCE):
            told[str(position.id)] = position.position
        if round_ >= 5:  # by then everybody has heard something
            # then what each one heard last is about where they are
            assert all(abs(told[str(one.id)] - one.position) <= max(45, one.position / 4) for one in positions)
        waiting = waiting[40:]


def test_who_was_told_right_is_not_told_again() -> None:
    positions = queue(["a", "b"])
    assert most_wrong({"a": 1, "b": 5}, positions, 10) == positions[1:]
