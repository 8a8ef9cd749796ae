"""The fan-out: every reader gets every entry once and in order, whatever happens to the wire."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from local import valkey
from olamchat import redis
from olamchat.services import fanout as module
from olamchat.services.fanout import Fanout, Reader
from olamchat.tokenlog import conv_topic, user_topic
from olamchat.tokenlog.events import Delta, SignedOut, Snapshot, Sync, frame
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.redis_log import RedisLog
from tests.conftest import free_port

TOPIC = conv_topic("a")


def word(number: int) -> bytes:
    return frame(Delta(message_id="m", attempt=1, at=number, text=f"w{number}"))


def read_until(reader: Reader, done: Callable[[bytes], bool], within_s: float = 10) -> bytes:
    """Take what the reader gets until it is enough."""
    got, deadline = b"", time.monotonic() + within_s
    while not done(got):
        assert time.monotonic() < deadline, got[-2000:]
        got += reader.take(0.1)
    return got


def texts(got: bytes) -> list[bytes]:
    return [line.split(b'"text":"')[1].split(b'"')[0] for line in got.splitlines() if b'"text":"w' in line]


@pytest.fixture
def hub() -> Fanout:
    return Fanout(MemoryLog())


def test_two_readers_of_one_topic_get_the_same_bytes(hub: Fanout) -> None:
    readers = [Reader(TOPIC), Reader(TOPIC)]
    for reader in readers:
        hub.open(reader, None)
    hub._log.tell(TOPIC, [word(0), word(1)])
    first, second = (read_until(reader, lambda got: b"w1" in got) for reader in readers)
    assert first == second
    assert texts(first) == [b"w0", b"w1"]


def test_what_is_told_while_a_reader_opens_is_told_to_it_once(hub: Fanout) -> None:
    stop = threading.Event()

    def talk() -> None:
        number = 0
        while not stop.is_set() and number < 5_000:
            hub._log.tell(TOPIC, [word(number)])
            number += 1

    talker = threading.Thread(target=talk)
    talker.start()
    reader = Reader(TOPIC)
    hub.open(reader, "0-0")
    stop.set()
    talker.join()
    last = len(hub._log.read(TOPIC, limit=10_000)) - 1
    got = read_until(reader, lambda got: f'"w{last}"'.encode() in got)
    assert texts(got) == [f"w{number}".encode() for number in range(last + 1)]


def test_a_reader_that_falls_behind_is_cut_off(hub: Fanout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUFFER_BYTES", 100)
    reader = Reader(TOPIC)
    hub.open(reader, None)
    hub._log.tell(TOPIC, [word(number) for number in range(10)])
    deadline = time.monotonic() + 5
    while not reader.ended and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert reader.ended == "slow"


def forget(log: MemoryLog, topic: str) -> None:
    log._entries[topic].clear()


def test_what_was_told_and_lost_before_it_was_heard_is_fetched(hub: Fanout) -> None:
    reader = Reader(TOPIC)
    hub._log.tell(TOPIC, [word(0)])
    hub.open(reader, None)
    forget(cast("MemoryLog", hub._log), TOPIC)
    hub._catch_up(dict(hub._served))
    assert frame(Sync()) in read_until(reader, lambda got: b"snapshot" in got.split(b"sync")[-1])


def test_a_reader_that_comes_after_the_loss_does_not_hide_it_from_the_others(hub: Fanout) -> None:
    before, after = Reader(TOPIC), Reader(TOPIC)
    hub._log.tell(TOPIC, [word(0)])
    hub.open(before, None)
    hub._unsubscribe(TOPIC)  # nothing is heard from here on
    forget(cast("MemoryLog", hub._log), TOPIC)
    hub._log.tell(TOPIC, [word(1)])
    hub.open(after, None)
    hub._catch_up(dict(hub._served))
    assert frame(Sync()) in read_until(before, lambda got: b"sync" in got)


def test_a_topic_that_nobody_reads_is_not_listened_to(hub: Fanout) -> None:
    reader = Reader(TOPIC, control=user_topic("u"))
    hub.open(reader, None)
    hub.close(reader)
    assert (hub.readers, hub._served) == (0, {})


def test_the_end_of_a_session_ends_its_streams_and_no_other(hub: Fanout) -> None:
    mine, other = (Reader(TOPIC, control=user_topic("u"), session_id=session) for session in ("s1", "s2"))
    hub.open(mine, None)
    hub.open(other, None)
    hub._log.tell(user_topic("u"), [frame(SignedOut(session_id="s1"))])
    deadline = time.monotonic() + 5
    while not mine.ended and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert (mine.ended, other.ended) == ("signed_out", "")


def test_draining_ends_every_stream(hub: Fanout) -> None:
    reader = Reader(TOPIC)
    hub.open(reader, None)
    hub.drain()
    assert reader.ended == "drain"


class Wire:
    """A Valkey of the test's own, that it may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        self.server = valkey.start(self.folder, self.port, log=self.folder / "log", durable=False)


@pytest.fixture
def own_wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tmp_path)
    connect = redis.connect
    monkeypatch.setattr(redis, "connect", lambda _=None, **given: connect(wire.server.url, **given))
    yield wire
    wire.server.stop()


def test_readers_go_on_after_redis_was_killed_and_lost_everything(own_wire: Wire) -> None:
    log = RedisLog(redis.connect())
    hub, reader = Fanout(log), Reader(TOPIC)
    hub.open(reader, None)
    log.tell(TOPIC, [word(0)])
    read_until(reader, lambda got: b"w0" in got)
    own_wire.server.process.kill()
    own_wire.server.process.wait()
    own_wire.start()
    got = read_until(reader, lambda got: frame(Sync()) in got)
    log.tell(TOPIC, [word(1)])
    got += read_until(reader, lambda got: b"w1" in got)
    assert frame(Snapshot()) in got
    assert texts(got) == [b"w1"]


def test_what_a_deaf_subscription_missed_is_read_from_the_log(own_wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    log = RedisLog(redis.connect())
    monkeypatch.setattr(module, "REREAD_S", 0.5)
    hub, reader = Fanout(log), Reader(TOPIC)
    hub.open(reader, None)
    log._client.xadd(f"{TOPIC}:log", {"e": word(0)})  # told to the log alone, as if the wake-up had been lost
    assert texts(read_until(reader, lambda got: b"w0" in got)) == [b"w0"]
