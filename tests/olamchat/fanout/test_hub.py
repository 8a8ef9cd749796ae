"""The fan-out: every reader gets every entry once and in order, whatever happens to the wire."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import valkey
from olamchat import redis
from olamchat.fanout import hub as module
from olamchat.fanout.hub import Hub
from olamchat.fanout.topics import Reader
from olamchat.tokenlog import Append, TokenLog, conv_topic, user_topic
from olamchat.tokenlog.events import Delta, Reconnect, SignedOut, Snapshot, Started, Sync, frame
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.redis_log import RedisLog
from tests.conftest import free_port

TOPIC = conv_topic("a")


class Browser:
    """A wire that keeps what is written to it; `room` bytes of it, then it is a slow reader."""

    def __init__(self, room: int = 1 << 30) -> None:
        self.got, self.room, self.ended, self.was_cut = b"", room, False, False

    def write(self, data: bytes, chunk: bytes) -> bool:
        assert chunk.endswith(data + b"\r\n")
        self.got += data
        return len(self.got) <= self.room

    def end(self, farewell: bytes = b"") -> None:
        self.got += farewell
        self.ended = True

    def cut(self) -> None:
        self.was_cut = True

    def texts(self) -> list[bytes]:
        return [line.split(b'"text":"')[1].split(b'"')[0] for line in self.got.splitlines() if b'"text":"w' in line]


def until(done: Callable[[], object], within_s: float = 10) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, done
        threading.Event().wait(0.005)


def word(number: int) -> bytes:
    return frame(Delta(message_id="m", attempt=1, at=number, text=f"w{number}"))


def words(*numbers: int) -> list[bytes]:
    return [f"w{number}".encode() for number in numbers]


def opened(hub: Hub, topic: str = TOPIC, position: str | None = None, *, session: str = "", room: int = 1 << 30) -> Browser:
    browser = Browser(room)
    control = user_topic("u") if session else ""
    hub.open(Reader(browser, topic, position, control=control, session_id=session))
    return browser


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def hub(log: MemoryLog) -> Iterator[Hub]:
    hub = Hub(log)
    yield hub
    hub.stop()


def test_two_readers_of_one_topic_get_the_same_bytes(hub: Hub, log: MemoryLog) -> None:
    first, second = opened(hub), opened(hub)
    log.tell(TOPIC, [word(0), word(1)])
    until(lambda: b"w1" in first.got and b"w1" in second.got)
    assert first.got == second.got
    assert first.texts() == words(0, 1)


def test_what_is_told_while_readers_open_is_told_to_each_once(hub: Hub, log: MemoryLog) -> None:
    count = 4_000

    def talk() -> None:
        for number in range(count):
            log.tell(TOPIC, [word(number)])

    talker = threading.Thread(target=talk)
    talker.start()
    browsers = []
    while talker.is_alive():
        browsers.append(opened(hub, position="0-0"))
    talker.join()
    for browser in browsers:
        until(lambda: b'"w%d"' % (count - 1) in browser.got)  # noqa: B023, called here
        assert browser.texts() == words(*range(count))


def test_a_reader_that_falls_behind_is_cut_off_and_the_others_go_on(hub: Hub, log: MemoryLog) -> None:
    slow, quick = opened(hub, room=200), opened(hub)
    log.tell(TOPIC, [word(number) for number in range(10)])
    until(lambda: slow.was_cut and b"w9" in quick.got)
    log.tell(TOPIC, [word(10)])
    until(lambda: b"w10" in quick.got)
    assert b"w10" not in slow.got
    assert hub.readers == 1


def test_a_topic_that_nobody_reads_is_not_listened_to(hub: Hub) -> None:
    reader = Reader(Browser(), TOPIC, control=user_topic("u"))
    hub.open(reader)
    assert (hub.readers, hub.topics) == (1, 2)
    hub.close(reader)
    until(lambda: hub.topics == 0)
    assert hub.readers == 0


def test_a_topic_left_and_opened_again_is_heard(hub: Hub, log: MemoryLog) -> None:
    for number in range(20):
        reader = Reader(browser := Browser(), TOPIC)
        hub.open(reader)
        log.tell(TOPIC, [word(number)])
        until(lambda: word(number) in browser.got)  # noqa: B023, called here
        hub.close(reader)
        hub._sweep()


def test_the_end_of_a_session_ends_its_streams_and_no_other(hub: Hub, log: MemoryLog) -> None:
    mine, other = opened(hub, session="s1"), opened(hub, session="s2")
    events = opened(hub, user_topic("u"), session="s2")
    log.tell(user_topic("u"), [frame(SignedOut(session_id="s1"))])
    until(lambda: mine.ended)
    assert mine.got.endswith(frame(SignedOut(session_id="s1")))
    assert not other.ended
    assert b"signed_out" not in events.got
    log.tell(user_topic("u"), [frame(SignedOut())])
    until(lambda: other.ended and events.ended)


def test_the_end_of_an_earlier_session_ends_no_later_one(hub: Hub, log: MemoryLog) -> None:
    log.tell(user_topic("u"), [frame(SignedOut())])
    later = opened(hub, session="s2")
    hub._check()
    hub._checked_at = 0
    hub._check()
    assert not later.ended


def test_a_stream_ends_with_its_token(hub: Hub) -> None:
    browser = Browser()
    hub.open(Reader(browser, TOPIC, ends_at=time.time() + 0.1))
    until(lambda: browser.ended)
    assert browser.got.endswith(frame(Reconnect(after_ms=0)))


def test_draining_ends_one_stream_after_another_with_a_word_to_come_back_at_once(hub: Hub) -> None:
    browsers = [opened(hub) for _ in range(400)]
    draining = threading.Thread(target=hub.drain)
    draining.start()
    until(lambda: hub.draining)
    some = sum(browser.ended for browser in browsers)
    late = opened(hub)
    draining.join()
    assert some < 400
    assert late.ended
    assert b"event: reconnect" in late.got
    assert all(browser.ended and browser.got.endswith(frame(Reconnect(after_ms=0))) for browser in browsers)
    assert hub.readers == 0


def test_who_waits_to_be_sent_away_is_fed_meanwhile(hub: Hub, log: MemoryLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SENT_AWAY_PER_S", 4)
    browsers = [opened(hub) for _ in range(4)]
    draining = threading.Thread(target=hub.drain)
    draining.start()
    until(lambda: any(browser.ended for browser in browsers))
    log.tell(TOPIC, [word(0)])
    draining.join()
    assert any(b"event: delta" in browser.got for browser in browsers)


def test_a_quiet_reader_is_pinged(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PING_S", 0.1)
    browser = opened(hub)
    until(lambda: browser.got.count(b"event: ping") >= 2)


def test_a_store_that_forgets_everything_has_readers_begin_anew(hub: Hub, log: MemoryLog) -> None:
    """Nothing breaks: only the log is empty all at once."""
    log.tell(TOPIC, [frame(Started(message_id="m", attempt=1, model="x"))])
    browsers = [opened(hub), opened(hub)]
    log.forget()
    until(lambda: all(frame(Sync()) in browser.got for browser in browsers))
    assert all(browser.got.endswith(frame(Snapshot())) for browser in browsers)
    log.tell(TOPIC, [word(0)])
    until(lambda: all(browser.texts() == words(0) for browser in browsers))


def test_what_is_told_after_a_store_forgot_everything_is_told_once(hub: Hub, log: MemoryLog) -> None:
    log.tell(TOPIC, [word(0)])
    browser = opened(hub, position="0-0")
    until(lambda: b"w0" in browser.got)
    log.forget()
    log.tell(TOPIC, [word(1), word(2)])
    until(lambda: b"w2" in browser.got)
    hub._checked_at = 0
    hub._check()
    hub._check()
    log.tell(TOPIC, [word(3)])
    until(lambda: b"w3" in browser.got)
    assert browser.texts() == words(0, 1, 2, 3)


def test_a_reader_that_comes_after_a_loss_does_not_hide_it_from_the_others(hub: Hub, log: MemoryLog) -> None:
    log.tell(TOPIC, [word(0)])
    before = opened(hub)
    hub._listening.remove([TOPIC])  # nothing is heard from here on
    log._entries[TOPIC].clear()
    log.tell(TOPIC, [word(1)])
    after = opened(hub)
    until(lambda: frame(Sync()) in before.got)
    assert frame(Sync()) not in after.got


class Wire:
    """A Valkey of the test's own, that it may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self, *, durable: bool = False) -> None:
        self.server = valkey.start(self.folder, self.port, log=self.folder / "log", durable=durable)

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.wait()


@pytest.fixture
def own_wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tmp_path)
    connect = redis.connect
    monkeypatch.setattr(redis, "connect", lambda _=None, **given: connect(wire.server.url, **given))
    yield wire
    wire.server.stop()


@pytest.fixture
def kept(own_wire: Wire) -> RedisLog:
    """The log in a Valkey that may be killed."""
    return RedisLog(redis.connect())


@pytest.fixture
def real_hub(kept: RedisLog) -> Iterator[Hub]:
    hub = Hub(kept)
    yield hub
    hub.stop()


def test_readers_go_on_after_redis_was_killed_and_lost_everything(own_wire: Wire, kept: RedisLog, real_hub: Hub) -> None:
    log, browser = kept, opened(real_hub)
    log.tell(TOPIC, [word(0)])
    until(lambda: b"w0" in browser.got)
    own_wire.kill()
    own_wire.start()
    until(lambda: frame(Sync()) in browser.got)
    log.tell(TOPIC, [word(1)])
    until(lambda: b"w1" in browser.got)
    assert frame(Snapshot()) in browser.got
    assert browser.texts() == words(0, 1)


def test_readers_go_on_where_they_were_when_redis_comes_back_with_its_logs(own_wire: Wire, kept: RedisLog, real_hub: Hub) -> None:
    own_wire.server.stop()
    own_wire.start(durable=True)
    hub, log, browser = real_hub, kept, opened(real_hub)
    log.tell(TOPIC, [word(0)])
    until(lambda: b"w0" in browser.got)
    own_wire.server.stop()
    late = opened(hub)
    own_wire.start(durable=True)
    tell_in_the_end(log, [word(1)])
    until(lambda: b"w1" in browser.got)
    until(lambda: b"w1" in late.got or frame(Snapshot()) in late.got)
    assert browser.texts() == words(0, 1)
    assert frame(Sync()) not in browser.got


def tell_in_the_end(log: TokenLog, bodies: list[bytes]) -> None:
    for _ in range(100):
        try:
            log.tell(TOPIC, bodies)
        except redis.Lost:
            threading.Event().wait(0.05)
        else:
            return


def test_what_a_deaf_subscription_missed_is_read_from_the_log_before_what_it_hears(own_wire: Wire, kept: RedisLog, real_hub: Hub) -> None:
    log, browser = kept, opened(real_hub)
    for number in range(3):
        log._client.xadd(f"{TOPIC}:log", {"e": word(number)})  # told to the log alone, as if the wake-ups had been lost
    until(lambda: b"w2" in browser.got)
    log.tell(TOPIC, [word(3)])
    until(lambda: b"w3" in browser.got)
    assert browser.texts() == words(0, 1, 2, 3)


def test_a_crowd_of_topics_is_told_without_a_gap(kept: RedisLog, real_hub: Hub) -> None:
    hub, log = real_hub, kept
    topics = [conv_topic(str(number)) for number in range(100)]
    browsers = [opened(hub, topic) for topic in topics]
    for topic in topics:
        log.claim(topic, "t", 1, b"event: started\n")
    for number in range(30):
        log.append([Append(topic, "t", 1, [word(number)]) for topic in topics])
    for browser in browsers:
        until(lambda: b"w29" in browser.got)  # noqa: B023, called here
        assert browser.texts() == words(*range(30))
