"""Many at once: what must happen once happens once."""

import threading
from collections import Counter
from collections.abc import Callable

from flask import Flask
from werkzeug.test import TestResponse

from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, Person


def at_once(number: int, act: Callable[[int], TestResponse]) -> list[TestResponse]:
    """Do it so many times, each in a thread of its own, all let go together."""
    gate, answers = threading.Barrier(number), list[TestResponse]()

    def one(index: int) -> None:
        gate.wait()
        answers.append(act(index))

    threads = [threading.Thread(target=one, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == number
    return answers


def statuses(answers: list[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def count(table: str) -> int:
    number: int = database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0]
    database.close()
    return number


def test_of_twenty_questions_at_once_exactly_one_is_taken(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"

    answers = at_once(20, lambda number: ann.post(messages, {"content": f"question {number}"}))

    assert statuses(answers) == {202: 1, 409: 19}
    [taken] = [answer.get_json()["answer"]["id"] for answer in answers if answer.status_code == 202]
    refusals = [answer.get_json() for answer in answers if answer.status_code == 409]
    assert {(refusal["code"], refusal["message_id"]) for refusal in refusals} == {("answer_in_progress", taken)}
    assert (count("messages"), count("turns")) == (2, 1)


def test_one_question_sent_fifty_times_at_once_is_taken_once(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"

    answers = at_once(50, lambda _: ann.post(messages, {"content": "hi"}, headers={"Idempotency-Key": "k"}))

    assert statuses(answers) == {202: 50}
    assert len({answer.get_json()["answer"]["id"] for answer in answers}) == 1
    assert (count("messages"), count("turns")) == (2, 1)


def test_the_limit_of_answers_holds_against_many_at_once(ann: Person, offers: None) -> None:
    conversations = [ann.conversation() for _ in range(50)]

    def ask(number: int) -> TestResponse:
        return ann.post(f"{conversations[number]}/messages", {"content": "hi"}, headers={"Idempotency-Key": f"k{number}"})

    answers = at_once(50, ask)

    assert statuses(answers) == {202: 20, 429: 30}
    assert (count("messages"), count("turns")) == (40, 20)


def test_of_two_sign_ups_at_once_one_wins(app: Flask) -> None:
    somebody = Person(app, "a@b.org")

    answers = at_once(8, lambda _: somebody.post("/api/auth/signup", {"email": somebody.email, "password": PASSWORD}))

    assert statuses(answers) == {201: 1, 409: 7}
    assert (count("users"), count("sessions")) == (1, 1)


def test_tabs_that_refresh_at_once_stay_signed_in(ann: Person) -> None:
    by_refresh_token = Person(ann.app, ann.email, ann.refresh_token)

    answers = at_once(8, lambda _: by_refresh_token.post("/api/auth/refresh"))

    assert statuses(answers) == {200: 8}
    for answer in answers:
        assert Person(ann.app, ann.email, answer.get_json()["access_token"]).get("/api/auth/me").status_code == 200


def test_a_question_and_a_deletion_at_once_leave_no_turn_behind(ann: Person, offers: None) -> None:
    conversation = ann.conversation()

    def act(number: int) -> TestResponse:
        return ann.delete(conversation) if number == 0 else ann.post(f"{conversation}/messages", {"content": "hi"})

    answers = at_once(6, act)

    assert set(statuses(answers)) <= {202, 204, 404, 409}
    assert count("turns") == 0
