"""One connection that carries several logs: each of them once and in order, and always with the word whose they are."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from olamchat.fanout import strands
from olamchat.fanout.hub import Hub
from olamchat.fanout.topics import Reader
from olamchat.tokenlog import START, conv_topic, user_topic
from olamchat.tokenlog.events import Followed, Ping, Reconnect, SignedOut, Steered, Title, frame
from olamchat.tokenlog.memory_log import MemoryLog
from tests.olamchat.fanout.test_hub import Browser, until, word

A, B, ANN = str(uuid4()), str(uuid4()), user_topic("ann")


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def hub(log: MemoryLog) -> Iterator[Hub]:
    hub = Hub(log)
    yield hub
    hub.stop()


def opened(hub: Hub, *follow: Followed, name: str = "tab", room: int = 1 << 30) -> Browser:
    browser = Browser(room)
    reader = Reader(strands.shared(browser), ANN, control=ANN, session_id="s", name=name)
    strands.add(reader, follow)
    hub.open(reader)
    return browser


def told(browser: Browser) -> dict[str, list[bytes]]:
    """Return what came under each name: the texts and titles, in order."""
    found: dict[str, list[bytes]] = {}
    strand = ""
    for one in browser.got.split(b"\n\n"):
        if b"event: strand" in one:
            assert one.startswith(b"id\n"), "the last id is another log's"
            strand = one.split(b'"strand":"')[1].split(b'"')[0].decode()
        elif b'"text":"w' in one:
            found.setdefault(strand, []).append(one.split(b'"text":"')[1].split(b'"')[0])
        elif b"event: title" in one:
            found.setdefault(strand, []).append(b"title")
    return found


def steer(log: MemoryLog, *follow: Followed, stream: str = "tab", leave: list[str] | None = None) -> None:
    log.tell(ANN, [frame(Steered(stream=stream, follow=list(follow), leave=leave or []))])


def test_what_comes_says_whose_it_is(hub: Hub, log: MemoryLog) -> None:
    browser = opened(hub, Followed(strand="a", conversation_id=A), Followed(strand="b", conversation_id=B))

    log.tell(conv_topic(A), [word(0)])
    log.tell(ANN, [frame(Title(conversation_id=A, title="A"))])
    log.tell(conv_topic(B), [word(1)])
    log.tell(conv_topic(A), [word(2)])

    until(lambda: told(browser) == {"a": [b"w0", b"w2"], "b": [b"w1"], "": [b"title"]})


def test_a_stream_can_be_steered_while_it_is_open(hub: Hub, log: MemoryLog) -> None:
    browser, other = opened(hub), opened(hub, name="other")
    log.tell(conv_topic(A), [word(0), word(1)])

    steer(log, Followed(strand="a", conversation_id=A, after=START))
    until(lambda: told(browser) == {"a": [b"w0", b"w1"]})
    log.tell(conv_topic(A), [word(2)])
    until(lambda: told(browser) == {"a": [b"w0", b"w1", b"w2"]})
    steer(log, Followed(strand="b", conversation_id=B), leave=["a"])
    log.tell(conv_topic(A), [word(3)])
    until(lambda: b'"strand":"b"' in browser.got)

    log.tell(conv_topic(B), [word(4)])
    until(lambda: told(browser) == {"a": [b"w0", b"w1", b"w2"], "b": [b"w4"]})
    assert told(other) == {}
    assert b"steered" not in browser.got + other.got


def test_two_strands_of_one_log_have_places_of_their_own(hub: Hub, log: MemoryLog) -> None:
    log.tell(conv_topic(A), [word(0), word(1)])
    browser = opened(hub, Followed(strand="early", conversation_id=A, after=START), Followed(strand="late", conversation_id=A))

    log.tell(conv_topic(A), [word(2)])

    until(lambda: told(browser) == {"early": [b"w0", b"w1", b"w2"], "late": [b"w2"]})


def test_a_connection_counts_once_and_ends_once(hub: Hub, log: MemoryLog) -> None:
    browser = opened(hub, Followed(strand="a", conversation_id=A), Followed(strand="b", conversation_id=B))
    assert (hub.readers, hub.readers_of(ANN)) == (1, 1)

    log.tell(ANN, [frame(SignedOut(session_id="s"))])

    until(lambda: browser.ended)
    assert browser.got.count(frame(SignedOut(session_id="s"))) == 1
    assert (hub.readers, hub.readers_of(ANN)) == (0, 0)


def test_a_drained_connection_is_sent_away_once(hub: Hub) -> None:
    browser = opened(hub, Followed(strand="a", conversation_id=A))

    hub.drain()

    assert browser.got.endswith(frame(Reconnect(after_ms=0)))
    assert browser.got.count(b"event: reconnect") == 1


def test_a_slow_reader_of_one_log_loses_the_whole_connection(hub: Hub, log: MemoryLog) -> None:
    browser = opened(hub, Followed(strand="a", conversation_id=A), room=400)

    log.tell(conv_topic(A), [word(number) for number in range(20)])

    until(lambda: browser.was_cut)
    assert hub.readers == 0


def test_a_stream_carries_so_many_logs_and_no_more(hub: Hub) -> None:
    many = [Followed(strand=f"s{number}", conversation_id=str(uuid4())) for number in range(strands.MOST + 5)]

    browser = opened(hub, *many)

    until(lambda: browser.got.count(b"event: snapshot") == strands.MOST)


def test_pings_belong_to_the_connection(hub: Hub) -> None:
    browser = opened(hub, Followed(strand="a", conversation_id=A))
    until(lambda: b"event: snapshot" in browser.got)

    for reader in list(hub._readers):
        reader.ping_at = min(reader.ping_at, 0.0) if reader.part_of is None else reader.ping_at
    hub._tick()

    assert browser.got.endswith(frame(Ping()))
