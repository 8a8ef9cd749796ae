"""One event stream for a whole page: a real gunicorn carries several conversations over one connection, and is steered while it is open."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from olamchat import environment, redis, roster
from olamchat.roster import Offer
from olamchat.tokenlog.events import Started, frame
from tests.conftest import fresh_database
from tests.functions.server.gunicorn_house import House, Person, running, sign_up
from tests.functions.stream.test_streams import begin, write


@pytest.fixture(scope="module")
def shared_house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_database(postgres_server) as url, running(url, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    yield shared_house
    while shared_house.streams:
        shared_house.streams.pop().close()


@pytest.fixture
def model(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model that a worker of this house offers."""
    monkeypatch.setenv("REDIS_URL", house.store.url)
    for kept in (environment.environment, redis.client):
        kept.cache_clear()
    roster.announce("w1", [Offer(model="llama", pool="ollama", engine="ollama")], capacity=4, running=0)
    redis.client().close()
    for kept in (environment.environment, redis.client):
        kept.cache_clear()
    return "llama"


@pytest.fixture
def ann(house: House) -> Person:
    return sign_up(house)


def strand(name: str) -> bytes:
    return b'data: {"strand":"%s"}' % name.encode()


def test_a_named_stream_carries_conversations_beside_the_users_own_log(ann: Person) -> None:
    begin(ann)
    write(ann, 0)

    stream = ann.follow(path=f"/api/events?stream=tab&strand=a.{ann.conversation}&strand=b.{ann.conversation}.0-0")

    stream.until(lambda body: strand("a") in body and strand("b") in body and b'"text":"w000"' in body.rpartition(strand("b"))[2])
    write(ann, 1)
    stream.until(lambda body: body.count(b'"text":"w001"') == 2)
    stream.close()


def test_a_stream_is_steered_without_a_new_connection(ann: Person) -> None:
    begin(ann)
    write(ann, 0)
    stream = ann.follow(path="/api/events?stream=tab")
    stream.until(b"event: ping")

    body = {"follow": [{"strand": "a", "conversation_id": ann.conversation, "after": "0-0"}]}
    assert ann.house.call("POST", "/api/events/tab", body, ann.token)[0] == 204
    stream.until(b"w000")

    assert ann.house.call("POST", "/api/events/tab", {"leave": ["a"]}, ann.token)[0] == 204
    assert b"steered" not in stream.body
    stream.close()


def test_a_chat_that_begins_is_carried_by_the_stream_that_its_page_has(ann: Person, model: str) -> None:
    stream = ann.follow(path="/api/events?stream=tab")
    stream.until(b"event: ping")

    sent = {"model": model, "question": {"content": "hi"}, "followed_by": {"stream": "tab", "strand": "mine"}}
    status, begun = ann.house.call("POST", "/api/conversations", sent, ann.token)

    body = stream.until(lambda body: b"event: queued" in body)
    assert status == 201
    told = body.partition(strand("mine"))[2]
    assert told.count(b"event: message") == 2
    assert begun["answer"]["id"].encode() in told
    assert f"id: {begun['log_id']}".encode() in told
    stream.close()


def test_nobody_follows_what_is_not_theirs(house: House, ann: Person) -> None:
    eve = sign_up(house)
    body = {"follow": [{"strand": "a", "conversation_id": ann.conversation}]}
    stream = eve.follow(path=f"/api/events?stream=tab&strand=a.{ann.conversation}&strand=b.{eve.conversation}")
    stream.until(strand("b"))

    assert house.call("POST", "/api/events/tab", body, eve.token)[0] == 404
    ann.house.log.claim(ann.topic, "m", 1, frame(Started(message_id="m", attempt=1, model="secret")))
    write(ann, 7)
    house.log.claim(eve.topic, "m", 1, frame(Started(message_id="m", attempt=1, model="own")))

    stream.until(b'"own"')
    assert strand("a") not in stream.body
    assert b"secret" not in stream.body
    stream.close()


@pytest.mark.parametrize(
    "query", ["strand=a.{id}", "stream=tab&strand={id}", "stream=a%20b", "stream=tab&strand=a.{id}.x", "stream=" + "x" * 65]
)
def test_what_names_no_stream_is_refused(ann: Person, query: str) -> None:
    stream = ann.follow(path="/api/events?" + query.format(id=uuid4()))

    assert stream.status == 400
    stream.close()


@pytest.mark.parametrize(
    "body",
    [
        {"follow": [{"strand": "a b", "conversation_id": str(uuid4())}]},
        {"follow": [{"strand": "a", "conversation_id": "x"}]},
        {"leave": ["x"] * 65},
    ],
)
def test_a_wrong_word_to_a_stream_is_refused(ann: Person, body: dict[str, object]) -> None:
    assert ann.house.call("POST", "/api/events/tab", body, ann.token)[0] == 422
