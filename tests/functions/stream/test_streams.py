"""Event streams out of a real gunicorn process with gevent, over real Postgres and Valkey."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from olamchat import redis
from olamchat.tokenlog import Append, user_topic
from olamchat.tokenlog.events import Delta, Done, SignedOut, Started, frame
from tests.conftest import fresh_database
from tests.functions.server.gunicorn_house import House, Person, running, sign_up


@pytest.fixture(scope="module")
def shared_house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_database(postgres_server) as url, running(url, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """A house that the tests share; each has people of its own."""
    yield shared_house
    while shared_house.streams:
        shared_house.streams.pop().close()


@pytest.fixture
def own_house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, whose parts it may kill."""
    with running(database_url, tmp_path) as house:
        yield house
        for stream in house.streams:
            stream.close()


@pytest.fixture
def ann(house: House) -> Person:
    return sign_up(house)


@pytest.fixture
def eve(own_house: House) -> Person:
    """Somebody who lives in a house where things break."""
    return sign_up(own_house)


def word(number: int, *, size: int = 0) -> bytes:
    return frame(Delta(message_id="m", attempt=1, at=4 * number, text=f"w{number:03}{'x' * size}"))


def write(person: Person, *numbers: int, size: int = 0) -> None:
    [fate] = person.house.log.append([Append(person.topic, "m", 1, [word(number, size=size) for number in numbers])])
    assert fate == "ok"


def begin(person: Person) -> None:
    assert person.house.log.claim(person.topic, "m", 1, frame(Started(message_id="m", attempt=1, model="x"))) == "ok"


def end(person: Person) -> None:
    person.house.log.append([Append(person.topic, "m", 1, [frame(Done(message={"id": "m"}, length=0))], closes=True)])


def numbers(body: bytes) -> list[int]:
    return [
        int(line.split(b'"text":"w')[1][:3])
        for line in body.splitlines()
        if line.startswith(b"data: ") and b'"at":' in line and b'"w' in line
    ]


def test_a_reader_gets_a_snapshot_and_then_what_happens(ann: Person) -> None:
    begin(ann)
    write(ann, 0, 1)
    stream = ann.follow()
    stream.until(b"w000w001")
    write(ann, 2)
    stream.until(b"w002")
    assert stream.status == 200
    assert b"Content-Type: text/event-stream" in stream.head
    assert b"X-Accel-Buffering: no" in stream.head
    assert stream.body.startswith(b"id: ")
    assert numbers(stream.body) == [2]
    stream.close()


def test_a_reader_that_comes_back_gets_exactly_what_it_missed(ann: Person) -> None:
    begin(ann)
    write(ann, *range(10))
    whole = ann.follow("0-0")
    whole.until(b"w009")
    for cut, entry_id in enumerate(whole.ids()[:-1]):
        for stream in (ann.follow(entry_id), ann.follow("0-0", last=entry_id)):
            stream.until(b"w009")
            assert stream.ids() == whole.ids()[cut + 1 :]
            assert whole.body.endswith(stream.body)
            stream.close()


def test_two_readers_get_the_same_bytes(ann: Person) -> None:
    begin(ann)
    readers = [ann.follow(), ann.follow()]
    for reader in readers:
        reader.until(b"snapshot")
    for number in range(50):
        write(ann, number)
    first, second = (reader.until(b"w049") for reader in readers)
    assert first == second
    assert numbers(first) == list(range(50))


def test_a_reader_without_chunks_gets_the_same_events(ann: Person) -> None:
    begin(ann)
    old = ann.follow(version="1.0")
    old.until(b"snapshot")
    write(ann, 0)
    assert b"chunked" not in old.head
    assert old.until(b"w000").endswith(b"\n\n")


def test_somebody_elses_conversation_is_not_there(house: House, ann: Person) -> None:
    bob = sign_up(house)
    path = f"/api/conversations/{ann.conversation}/stream"
    assert house.call("GET", path, token=bob.token)[0] == 404
    assert house.call("GET", path)[0] == 401
    assert house.call("GET", path + "?after=yesterday", token=ann.token)[0] == 400


def test_a_head_is_answered_and_nothing_follows(house: House, ann: Person) -> None:
    assert house.call("HEAD", f"/api/conversations/{ann.conversation}/stream", token=ann.token) == (200, b"")


def test_the_users_events_tell_of_all_conversations(house: House, ann: Person) -> None:
    stream = ann.follow(path="/api/events")
    stream.until(b"event: ping")
    assert stream.ids()
    house.call("PATCH", f"/api/conversations/{ann.conversation}", {"title": "Tea"}, ann.token)
    stream.until(b"Tea")
    assert b"event: conversation" in stream.body


def test_a_slow_reader_is_cut_off_and_resumes_by_its_last_id(house: House, ann: Person) -> None:
    begin(ann)
    slow = house.stream(f"/api/conversations/{ann.conversation}/stream?after=0-0", ann.token, buffer=4096)
    for number in range(300):
        write(ann, number, size=10_000)
    wait_for(lambda: b"olamchat_open_streams 0.0" in house.call("GET", "/metrics")[1])
    body = slow.to_the_end()
    assert not slow.ended
    whole = body[: body.rindex(b"\n\n") + 2]
    again = ann.follow(last=[line for line in whole.splitlines() if line.startswith(b"id: ")][-1][4:].decode())
    again.until(b"w299")
    assert numbers(whole) + numbers(again.body) == list(range(300))


def wait_for(done: Callable[[], object], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_browser_that_leaves_is_forgotten_at_once(house: House, ann: Person) -> None:
    streams = [ann.follow() for _ in range(3)]
    for stream in streams:
        stream.until(b"snapshot")
    wait_for(lambda: b"olamchat_open_streams 3.0" in house.call("GET", "/metrics")[1])
    for stream in streams:
        stream.close()
    wait_for(lambda: b"olamchat_open_streams 0.0" in house.call("GET", "/metrics")[1], within_s=3)


def test_readers_stay_while_redis_is_away_and_go_on_when_it_is_back(own_house: House, eve: Person) -> None:
    begin(eve)
    stream = eve.follow()
    stream.until(b"snapshot")
    write(eve, 0)
    stream.until(b"w000")
    own_house.store.stop()
    late = eve.follow()
    own_house.start_store()
    wait_for(lambda: told(eve, 1))
    stream.until(b"w001")
    late.until(b"w001")
    assert numbers(stream.body) == [0, 1]
    assert b"event: sync" not in stream.body
    assert (own_house.call("GET", "/health/ready")[0]) == 200


def told(person: Person, number: int) -> bool:
    try:
        write(person, number)
    except redis.Lost:
        return False
    return True


def test_readers_begin_anew_after_redis_forgot_everything(own_house: House, eve: Person) -> None:
    begin(eve)
    write(eve, 0)
    stream = eve.follow()
    stream.until(b"snapshot")
    own_house.log._client.flushall()
    stream.until(b"event: sync")
    begin(eve)
    write(eve, 1)
    stream.until(b"w001")
    end(eve)
    stream.until(b"event: done")
    assert stream.body.count(b"w001") == 1


def test_a_stream_ends_with_its_session(house: House, ann: Person) -> None:
    streams = [ann.follow(), ann.follow(path="/api/events")]
    for stream in streams:
        stream.until(b"id: ")
    house.log.tell(user_topic(ann.id), [frame(SignedOut(session_id=str(uuid4()))), frame(SignedOut(session_id=ann.session_id))])
    for stream in streams:
        assert stream.to_the_end().count(b"event: signed_out") == 1
        assert stream.ended


@pytest.mark.parametrize("how", ["sigterm", "hook"])
def test_a_process_that_goes_ends_its_streams_cleanly_and_one_after_another(own_house: House, eve: Person, how: str) -> None:
    with ThreadPoolExecutor(20) as pool:
        streams = list(pool.map(lambda _: eve.follow(), range(200)))
    for stream in streams:
        stream.until(b"snapshot")
    began = time.monotonic()
    if how == "sigterm":
        own_house.process.send_signal(signal.SIGTERM)
    else:
        assert own_house.call("POST", "/health/drain")[0] == 200
        assert own_house.call("GET", "/health/ready")[0] == 503
        assert b"event: reconnect" in eve.follow().to_the_end()
    bodies = [stream.to_the_end() for stream in streams]
    assert all(stream.ended for stream in streams)
    pauses = [json.loads(body.rsplit(b"event: reconnect\ndata: ", 1)[1])["after_ms"] for body in bodies]
    assert set(pauses) == {0}
    assert time.monotonic() - began > 0.5  # two hundred in a second
    if how == "sigterm":
        assert own_house.process.wait(15) == 0
