"""Tokens a day and a month: counted from what answers took, refused when used up, and not to be got around."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from functions.app import create_app
from olamchat.clock import now
from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.services import completions
from olamchat.services.people import roles
from olamchat.services.people.quotas import end_of
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Ending
from olamchat.tokenlog.replay import Text
from tests.functions.conftest import Person
from tests.functions.messages.test_races import at_once, statuses
from tests.security.accounts.test_sign_up import let


def answer_all(tokens: int, status: str = "done") -> int:
    """End everything that waits as workers do; each took so many tokens, a tenth of it for its prompt. Returns how many there were."""
    took, ended = {"prompt_tokens": tokens // 10, "completion_tokens": tokens - tokens // 10, "finish_reason": "stop"}, 0
    while turn := lifecycle.take(worker="w", pools=["ollama", "vllm", "demo"]):
        ending = Ending(status=status, text=Text("hi"), **({"usage": took} if status == "done" else {"spent": took}))  # type: ignore[arg-type]
        assert lifecycle.close(turn_id=turn.id, attempt=turn.attempt, ending=ending) or turn.kind == "title"
        if turn.kind == "title":
            lifecycle.entitle(turn_id=turn.id, attempt=turn.attempt, title="x")
        ended += 1
    database.execute_sql("DELETE FROM turns")
    database.close()
    return ended


def spend(person: Person, tokens: int, day: str) -> None:
    sql = "INSERT INTO spent (user_id, day, model, answers, prompt_tokens, completion_tokens) VALUES (%s, %s, 'llama', 1, 0, %s)"
    database.execute_sql(sql, [person.id, day, tokens])
    database.close()


def test_who_has_used_up_the_day_is_refused_until_it_ends(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    let(variables, tokens_per_day="500")
    conversation = ann.conversation()
    ann.ask(conversation)
    answer_all(tokens=600)

    refused = ann.post(f"{conversation}/messages", {"content": "And now?"})
    body, wait_s = refused.get_json(), int(refused.headers["Retry-After"])

    assert (refused.status_code, body["code"], body["window"], body["used"], body["allowed"]) == (429, "quota_exceeded", "day", 600, 500)
    assert abs(wait_s - (end_of("day", now()) - now()).total_seconds()) < 60
    assert (refused.headers["RateLimit-Limit"], refused.headers["RateLimit-Remaining"]) == ("500", "0")
    assert ann.get("/api/auth/quota").get_json()["day"]["used"] == 600


def test_every_way_to_an_answer_is_refused(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]
    answer_all(tokens=600, status="stopped")
    let(variables, tokens_per_month="user=-,admin=100")
    completion = {"model": "llama", "messages": [{"role": "user", "content": "hi"}]}

    refused = [
        ann.post(f"{conversation}/messages", {"content": "And now?"}),
        ann.post(f"{conversation}/messages/{answer}/regenerate", {}),
        ann.post(f"{conversation}/messages/{answer}/continue", {}),
        ann.post("/v1/chat/completions", completion),
    ]

    assert statuses(refused) == {429: 4}
    assert [each.get_json().get("code") or each.get_json()["error"]["code"] for each in refused] == ["quota_exceeded"] * 4


def test_erasing_what_was_answered_gives_no_token_back(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    let(variables, tokens_per_day="500")
    conversation = ann.conversation()
    asked = ann.ask(conversation)["user_message"]["id"]
    answer_all(tokens=600)

    assert ann.delete(f"{conversation}/messages/{asked}").status_code == 204
    assert ann.delete(conversation).status_code == 204

    assert ann.post(f"{ann.conversation()}/messages", {"content": "hi"}).status_code == 429


def test_a_new_day_and_a_new_month_begin_with_nothing(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    let(variables, tokens_per_day="500", tokens_per_month="5000")
    spend(ann, 100_000, "2026-01-01")

    told = ann.get("/api/auth/quota").get_json()

    assert (told["day"]["used"], told["month"]["used"], told["month"]["allowed"]) == (0, 0, 5000)
    ann.ask(ann.conversation())


def test_many_at_once_run_past_the_quota_by_one_answer(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    """300 of 1,000 tokens are used, an answer takes 300: what is in flight counts as such, so that the fourth is the last."""
    let(variables, tokens_per_day="1000", max_answers_per_user="20")
    ann.ask(ann.conversation())
    answer_all(tokens=300)
    conversations = [ann.conversation() for _ in range(12)]

    sent = at_once(12, lambda number: ann.post(f"{conversations[number]}/messages", {"content": "hi"}))
    answer_all(tokens=300)

    assert statuses(sent) == {202: 3, 429: 9}
    assert {each.get_json()["code"] for each in sent if each.status_code == 429} == {"too_many"}
    assert ann.get("/api/auth/quota").get_json()["day"]["used"] == 1_200


def test_a_repeated_question_is_answered_by_its_rows_whatever_is_left(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    let(variables, tokens_per_day="500")
    conversation, key = ann.conversation(), {"Idempotency-Key": "once"}
    first = ann.post(f"{conversation}/messages", {"content": "hi"}, headers=key).get_json()
    answer_all(tokens=600)

    again = ann.post(f"{conversation}/messages", {"content": "hi"}, headers=key)

    assert (again.status_code, again.get_json()["answer"]["id"]) == (202, first["answer"]["id"])


def test_a_keys_own_quota_stops_the_key_and_not_its_person(ann: Person, offers: None) -> None:
    made = ann.post("/api/auth/keys", {"name": "bot", "quota": {"day": 100}}).get_json()
    bot = Person(ann.app, "", made["key"])
    bot.ask(ann.conversation())
    answer_all(tokens=200)

    refused = bot.post(f"{ann.conversation()}/messages", {"content": "hi"})

    assert (refused.status_code, refused.get_json()["of"], refused.get_json()["used"]) == (429, "key", 200)
    assert (made["quota"], bot.get("/api/auth/quota").get_json()["day"]["allowed"]) == ({"day": 100, "month": None}, 100)
    ann.ask(ann.conversation())


def test_a_keys_own_requests_a_minute(ann: Person) -> None:
    bot = Person(ann.app, "", ann.post("/api/auth/keys", {"name": "bot", "requests_per_minute": 3}).get_json()["key"])

    assert [bot.get("/api/auth/me").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert ann.get("/api/auth/me").status_code == 200


def test_titles_cost_their_person_nothing(ann: Person, offers: None) -> None:
    ann.ask(ann.conversation())
    assert answer_all(tokens=50) == 2, "an answer and a title"
    assert ann.get("/api/auth/quota").get_json()["day"]["used"] == 50


def test_a_roles_weight_is_that_of_its_turns(ann: Person, bob: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    """What weights do is shown in tests/worker/test_fairness.py."""
    let(variables, weights="admin=4")
    completion = {"model": "llama", "messages": [{"role": "user", "content": "hi"}]}
    for person in (ann, bob):
        person.ask(person.conversation())
        completions.begin(user_id=UUID(person.id), model="llama", messages=completion["messages"], options={})  # type: ignore[arg-type]

    kept = database.execute_sql("SELECT user_id::text, weight FROM turns WHERE kind <> 'title'").fetchall()
    database.close()

    assert sorted(kept) == sorted([(ann.id, 4.0)] * 2 + [(bob.id, 1.0)] * 2)


@pytest.mark.parametrize("said", ["many=1", "admin=0", "admin=x", "admin=101", "god=2"])
def test_weights_that_cannot_be_read_are_named(variables: pytest.MonkeyPatch, said: str) -> None:
    let(variables, weights=said)
    with pytest.raises(BadSetting, match="OLAMCHAT_WEIGHTS"):
        roles.check()


@pytest.mark.parametrize("said", ["many", "user=-5", "god=7", "user=1;admin=2"])
def test_quotas_that_cannot_be_read_are_named(variables: pytest.MonkeyPatch, said: str) -> None:
    let(variables, tokens_per_day=said)
    with pytest.raises(BadSetting, match="OLAMCHAT_TOKENS_PER_DAY"):
        roles.check()
    create_app()


def test_a_month_ends_with_its_last_day() -> None:
    assert end_of("month", datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert end_of("day", datetime(2026, 2, 28, 5, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)
