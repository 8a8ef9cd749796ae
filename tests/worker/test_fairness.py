"""Whose turn it is: nobody's many messages keep the others waiting, and no turn is taken twice."""

import threading
from collections import Counter
from uuid import UUID

import pytest

from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Ending
from olamchat.tokenlog.replay import Text
from tests.worker.conftest import House


def test_sixty_messages_of_one_user_do_not_starve_nine_others(house: House) -> None:
    greedy = house.user()
    for _ in range(60):
        house.ask(user=greedy, send=False)
    others = [house.ask(send=False) for _ in range(9)]

    taken = [lifecycle.take(worker="w", pools=["ollama"]) for _ in range(12)]

    assert {asked.user for asked in others} <= {turn.user_id for turn in taken if turn}


def rounds(house: House, slots: int, answers: dict[UUID, int], *, weights: dict[UUID, float] | None = None) -> dict[UUID, list[int]]:
    """Ask, user by user, and let so many slots answer, each answer taking one round; return in which rounds each user was answered."""
    for user, number in answers.items():
        for _ in range(number):
            asked = house.ask(user=user, send=False)
            house.run("UPDATE turns SET weight = %s WHERE id = %s", (weights or {}).get(user, 1.0), asked.id)
    seen: dict[UUID, list[int]] = {user: [] for user in answers}
    number = 0
    while taken := [turn for _ in range(slots) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]:
        for turn in taken:
            seen[turn.user_id].append(number)
            lifecycle.close(turn_id=turn.id, attempt=turn.attempt, ending=Ending(status="done", text=Text("x")))
        number += 1
    return seen


@pytest.mark.parametrize("weight", [1.0, 4.0])
def test_nine_are_answered_as_if_the_sixty_messages_of_one_were_not_there(house: House, weight: float) -> None:
    """Four slots: without the sixty the nine are answered in the rounds 0 0 0 0 1 1 1 1 2; with them each at most one round later."""
    alone = rounds(house, 4, {house.user(): 1 for _ in range(9)})
    greedy, nine = house.user(), [house.user() for _ in range(9)]

    seen = rounds(house, 4, {greedy: 60, **dict.fromkeys(nine, 1)}, weights={greedy: weight})

    without = sorted(number for found in alone.values() for number in found)
    beside = sorted(number for user in nine for number in seen[user])
    assert without == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    assert all(later - sooner <= 1 for sooner, later in zip(without, beside, strict=True)), beside
    assert len(seen[greedy]) == 60


def test_who_asks_while_one_has_all_slots_is_next(house: House) -> None:
    greedy, nine = house.user(), [house.user() for _ in range(9)]
    for _ in range(60):
        house.ask(user=greedy, send=False)
    busy = [turn.user_id for _ in range(4) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]
    for user in nine:
        house.ask(user=user, send=False)

    after = [turn.user_id for _ in range(10) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]

    assert (busy, after) == ([greedy] * 4, [*nine, greedy])


@pytest.mark.parametrize(("slots", "expected"), [(3, [2, 1]), (6, [4, 2])])
def test_weights_share_the_slots(house: House, slots: int, expected: list[int]) -> None:
    heavy, light = house.user(), house.user()
    seen = rounds(house, slots, {light: 20, heavy: 20}, weights={heavy: 2.0})
    assert [[seen[user].count(number) for user in (heavy, light)] for number in range(3)] == [expected] * 3


def test_weights_share_a_single_slot_and_starve_nobody(house: House) -> None:
    """Of the first 30 answers of the one slot the one with twice the weight gets 20."""
    heavy, light = house.user(), house.user()
    seen = rounds(house, 1, {heavy: 40, light: 40}, weights={heavy: 2.0})
    first = [sum(number < 30 for number in seen[user]) for user in (heavy, light)]
    assert first == [20, 10]


def test_titles_are_never_ahead_of_answers(house: House) -> None:
    for _ in range(3):
        asked = house.ask(send=False)
        house.run("UPDATE turns SET kind = 'title', rank = 10 WHERE id = %s", asked.id)
    heavy = house.user()
    for _ in range(5):
        house.ask(user=heavy, send=False)

    kinds = [turn.kind for _ in range(8) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]

    assert kinds == ["answer"] * 5 + ["title"] * 3


def test_a_user_with_fewer_running_answers_comes_first(house: House) -> None:
    first, second = house.user(), house.user()
    order = [house.ask(user=user, send=False).user for user in (first, first, first, second, second)]
    assert order == [first] * 3 + [second] * 2
    taken = [turn.user_id for _ in range(5) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]
    assert taken == [first, second, first, second, first]


def test_positions_say_in_which_order_turns_will_be_taken(house: House) -> None:
    first, second = house.user(), house.user()
    for user in (first, first, first, second):
        house.ask(user=user, send=False)
    places = {position.id: position.position for position in lifecycle.positions()}
    taken = [places[turn.id] for _ in range(4) if (turn := lifecycle.take(worker="w", pools=["ollama"]))]
    assert taken == [1, 2, 3, 4]


def test_no_two_takers_get_the_same_turn(house: House) -> None:
    for _ in range(40):
        house.ask(send=False)
    taken: list[UUID] = []

    def take() -> None:
        while turn := lifecycle.take(worker="w", pools=["ollama"]):
            taken.append(turn.id)

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 40
    assert Counter(taken).most_common(1)[0][1] == 1


def test_an_older_attempt_can_neither_save_nor_close_nor_hand_back(house: House) -> None:
    asked = house.ask(send=False)
    old = lifecycle.take(worker="old", pools=["ollama"])
    assert old
    lifecycle.hand_back(turn_id=old.id, attempt=old.attempt)
    new = lifecycle.take(worker="new", pools=["ollama"])
    assert new
    assert new.attempt == old.attempt + 1

    lifecycle.save([lifecycle.Partial(id=old.id, attempt=old.attempt, text=Text("zombie", ""))])
    assert lifecycle.close(turn_id=old.id, attempt=old.attempt, ending=Ending(status="done", text=Text("zombie", ""))) is None
    assert lifecycle.hand_back(turn_id=old.id, attempt=old.attempt, text=Text("zombie", "")) is None
    assert lifecycle.count_failure(turn_id=old.id, attempt=old.attempt) is None
    assert lifecycle.held({old.id: old.attempt}) == {}

    assert (asked.row["content"], asked.row["status"], asked.row["attempt"]) == ("", "running", 2)


def test_a_pool_is_served_by_its_own_jobs_alone(house: House) -> None:
    house.ask(pool="vllm", send=False)
    assert lifecycle.take(worker="w", pools=["ollama"]) is None
    assert lifecycle.take(worker="w", pools=["ollama", "vllm"])
