"""Each store × each of its refusals × what people do: taken, or refused for now with 503; never a 500, and nothing half done."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from werkzeug.test import TestResponse

from olamchat import environment, redis, tokenlog
from tests.functions.conftest import PASSWORD, Person, finish
from tests.refusing import Refusing

# What Postgres says while it shuts down, recovers, is a standby, is full or overloaded, or ends what waits too long.
STATES = (
    "08006", "25006", "25P03", "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "58030",
)  # fmt: skip
_TRIGGER = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$
"""


@pytest.fixture
def door(variables: pytest.MonkeyPatch, redis_url: str) -> Iterator[Refusing]:
    """A door in front of the Valkey, through which this process speaks."""
    door = Refusing(urlsplit(redis_url).port or 0)
    variables.setenv("REDIS_URL", door.url)
    for kept in (environment.environment, redis.client, tokenlog.token_log):
        kept.cache_clear()
    yield door
    door.relent()
    door.close()


@pytest.fixture
def asked(door: Refusing, ann: Person, offers: None) -> tuple[Person, str, str]:
    """Somebody with a conversation in which an answer waits: (ann, the conversation's path, the answer's id)."""
    conversation = ann.conversation(title="one")
    return ann, conversation, ann.ask(conversation)["answer"]["id"]


Doing = Callable[[Person, str, str], TestResponse]
TAKEN: dict[str, tuple[Doing, int]] = {
    "stop": (lambda ann, path, answer: ann.post(f"{path}/messages/{answer}/stop", {}), 200),
    "rename": (lambda ann, path, _: ann.patch(path, {"title": "two"}), 200),
    "list": (lambda ann, _, __: ann.get("/api/conversations"), 200),
    "read": (lambda ann, path, _: ann.get(f"{path}/messages"), 200),
    "begin": (lambda ann, _, __: ann.post("/api/conversations", {}), 201),
    "renew": (lambda ann, _, __: ann.post("/api/auth/refresh", headers={"Authorization": f"Bearer {ann.refresh_token}"}), 200),
    "delete": (lambda ann, path, _: ann.delete(path), 204),
    "name": (lambda ann, _, __: ann.patch("/api/auth/me", {"name": "Anna"}), 200),
}
REFUSED: dict[str, Doing] = {
    "sign in": lambda ann, _, __: ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD}),
    "sign up": lambda ann, _, __: ann.post("/api/auth/signup", {"email": f"{uuid4()}@example.org", "password": PASSWORD}),
}


@pytest.mark.parametrize("word", redis.REFUSALS)
def test_what_people_do_while_redis_refuses(asked: tuple[Person, str, str], door: Refusing, word: str) -> None:
    ann, path, answer = asked
    door.refuse(word)

    # what needs no Redis is done; and what was committed is taken, whatever Redis says afterwards
    other = ann.conversation()
    sent = ann.post(f"{other}/messages", {"content": "Still there?", "model": "llama"})
    assert sent.status_code == 202, sent.text
    for name, (do, status) in TAKEN.items():
        done = do(ann, path, answer)
        assert done.status_code == status, (name, done.text)
    # what can't be done without it is refused for now
    for name, attempt in REFUSED.items():
        done = attempt(ann, path, answer)
        assert (done.status_code, done.get_json()["code"], bool(done.headers["Retry-After"])) == (503, "unavailable", True), name
    assert door.refused
    assert ann.app.test_client().get("/health/live").status_code == 200
    # and afterwards all is as before
    door.relent()
    finish(sent.get_json()["answer"]["id"])
    assert ann.ask(other)["answer"]["status"] == "queued"


@pytest.mark.parametrize("state", STATES)
def test_what_people_do_while_postgres_refuses(ann: Person, offers: None, database_url: str, state: str) -> None:
    conversation, empty = ann.conversation(), ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]
    writes: dict[str, Doing] = {name: do for name, (do, _) in TAKEN.items() if name not in {"list", "read"}} | REFUSED
    writes["ask"] = lambda ann, _, __: ann.post(f"{empty}/messages", {"content": "hi"})
    with psycopg.connect(database_url, autocommit=True) as admin:
        tables = [name for (name,) in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        admin.execute(_TRIGGER.format(state=state).encode())
        for table in tables:
            admin.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()".encode()
            )

        for name, do in writes.items():
            done = do(ann, conversation, answer)
            assert (done.status_code, done.get_json()["code"], bool(done.headers["Retry-After"])) == (503, "unavailable", True), name
        assert ann.get("/api/conversations").status_code == 200

        for table in tables:
            admin.execute(f"DROP TRIGGER refuse ON {table}".encode())
    assert ann.ask(empty)["answer"]["status"] == "queued"


def test_a_database_that_is_read_only_is_read(ann: Person, offers: None, database_url: str) -> None:
    conversation = ann.conversation()
    name = database_url.rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [name])
    assert {ann.get("/api/conversations").status_code for _ in range(3)} <= {200, 503}

    refused = ann.post(f"{conversation}/messages", {"content": "hi"})

    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert ann.get("/api/conversations").status_code == 200
