"""Whose turn it is: nobody's many messages keep the others waiting, and no turn is taken twice."""

import threading
from collections import Counter
from uuid import UUID

from olamchat.services import turns
from olamchat.services.partials import Text
from olamchat.services.turns import Ending
from tests.worker.conftest import House


def test_sixty_messages_of_one_user_do_not_starve_nine_others(house: House) -> None:
    greedy = house.user()
    for _ in range(60):
        house.ask(user=greedy, send=False)
    others = [house.ask(send=False) for _ in range(9)]

    taken = [turns.take(worker="w", pools=["ollama"]) for _ in range(12)]

    assert {asked.user for asked in others} <= {turn.user_id for turn in taken if turn}


def test_a_user_with_fewer_running_answers_comes_first(house: House) -> None:
    first, second = house.user(), house.user()
    order = [house.ask(user=user, send=False).user for user in (first, first, first, second, second)]
    assert order == [first] * 3 + [second] * 2
    taken = [turn.user_id for _ in range(5) if (turn := turns.take(worker="w", pools=["ollama"]))]
    assert taken == [first, second, first, second, first]


def test_positions_say_in_which_order_turns_will_be_taken(house: House) -> None:
    first, second = house.user(), house.user()
    for user in (first, first, first, second):
        house.ask(user=user, send=False)
    places = {position.id: position.position for position in turns.positions()}
    taken = [places[turn.id] for _ in range(4) if (turn := turns.take(worker="w", pools=["ollama"]))]
    assert taken == [1, 2, 3, 4]


def test_no_two_takers_get_the_same_turn(house: House) -> None:
    for _ in range(40):
        house.ask(send=False)
    taken: list[UUID] = []

    def take() -> None:
        while turn := turns.take(worker="w", pools=["ollama"]):
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
    old = turns.take(worker="old", pools=["ollama"])
    assert old
    turns.hand_back(turn_id=old.id, attempt=old.attempt)
    new = turns.take(worker="new", pools=["ollama"])
    assert new
    assert new.attempt == old.attempt + 1

    turns.save([turns.Partial(id=old.id, attempt=old.attempt, text=Text("zombie", ""))])
    assert turns.close(turn_id=old.id, attempt=old.attempt, ending=Ending(status="done", text=Text("zombie", ""))) is None
    assert turns.hand_back(turn_id=old.id, attempt=old.attempt, text=Text("zombie", "")) is None
    assert turns.count_failure(turn_id=old.id, attempt=old.attempt) is None
    assert turns.held({old.id: old.attempt}) == {}

    assert (asked.row["content"], asked.row["status"], asked.row["attempt"]) == ("", "running", 2)


def test_a_pool_is_served_by_its_own_jobs_alone(house: House) -> None:
    house.ask(pool="vllm", send=False)
    assert turns.take(worker="w", pools=["ollama"]) is None
    assert turns.take(worker="w", pools=["ollama", "vllm"])
