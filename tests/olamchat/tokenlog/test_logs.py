"""What every token log does, asked of each: the one in Redis and its twin in memory."""

import threading
from collections.abc import Callable

import pytest

from olamchat import redis
from olamchat.tokenlog import START, Append, Fate, Subscription, TokenLog, conv_topic
from olamchat.tokenlog.base import Heard
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.redis_log import RedisLog

TOPIC = conv_topic("a")


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[TokenLog, Callable[[], object]]:
    """A log, and a way to make it forget everything."""
    if request.param == "memory":
        memory = MemoryLog()
        return memory, memory.forget
    url = request.getfixturevalue("redis_url")
    client = redis.connect(url)
    connect = redis.connect
    monkeypatch.setattr(redis, "connect", lambda _=None, **given: connect(url, **given))
    request.addfinalizer(client.close)  # noqa: PT021, only one of the two stores has something to close
    return RedisLog(client), client.flushall


@pytest.fixture
def log(store: tuple[TokenLog, Callable[[], object]]) -> TokenLog:
    return store[0]


def bodies(log: TokenLog, after: str = START) -> list[bytes]:
    return [entry.body for entry in log.read(TOPIC, after)]


def write(log: TokenLog, attempt: int, *said: bytes, turn: str = "t", closes: bool = False) -> str:
    return log.append([Append(TOPIC, turn, attempt, said, closes)])[0]


def numbered(log: TokenLog, body: bytes, *, number: int, confirmed: int) -> Fate:
    [fate] = log.append([Append(TOPIC, "t", 1, [body], number=number, confirmed=confirmed)])
    return fate


def test_what_a_claimed_attempt_appends_is_read_in_order(log: TokenLog) -> None:
    assert log.claim(TOPIC, "t", 1, b"started") == "ok"
    assert write(log, 1, b"a", b"b") == "ok"
    assert write(log, 1, b"c") == "ok"
    assert bodies(log) == [b"started", b"a", b"b", b"c"]


def test_a_reader_goes_on_after_the_entry_it_names(log: TokenLog) -> None:
    log.tell(TOPIC, [b"a"])
    second = log.tell(TOPIC, [b"b"])
    log.tell(TOPIC, [b"c"])
    assert bodies(log, second) == [b"c"]


def test_several_topics_are_told_in_one_trip(log: TokenLog) -> None:
    last = log.tell_all([(TOPIC, [b"a", b"b"]), ("user:1", [b"c"])])

    assert [entry.body for entry in log.read(TOPIC)] == [b"a", b"b"]
    assert [(entry.id, entry.body) for entry in log.read("user:1")] == [(last, b"c")]


def test_an_older_attempt_is_refused(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"first")
    log.claim(TOPIC, "t", 2, b"second")
    assert write(log, 1, b"zombie") == "stale"
    assert log.claim(TOPIC, "t", 1, b"zombie") == "stale"
    assert bodies(log) == [b"first", b"second"]


def test_an_attempt_may_claim_again_what_it_holds(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"first")
    assert log.claim(TOPIC, "t", 1, b"again") == "ok"


def test_a_closed_turn_takes_no_more_words_from_any_attempt_up_to_its_own(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 2, b"started")
    assert write(log, 2, b"end", closes=True) == "ok"
    assert [write(log, attempt, b"zombie") for attempt in (1, 2)] == ["stale", "stale"]
    assert write(log, 2, b"end again", closes=True) == "stale"
    assert log.claim(TOPIC, "t", 2, b"zombie") == "stale"
    assert bodies(log) == [b"started", b"end"]


def test_a_closed_turn_is_opened_by_a_newer_attempt(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"started")
    write(log, 1, b"failed", closes=True)
    assert log.claim(TOPIC, "t", 2, b"goes on") == "ok"
    assert write(log, 2, b"more") == "ok"


def test_a_turn_that_was_never_claimed_can_be_closed_once(log: TokenLog) -> None:
    assert write(log, 0, b"stopped", closes=True) == "ok"
    assert write(log, 0, b"stopped", closes=True) == "stale"


def test_a_log_that_forgot_the_claim_says_so(store: tuple[TokenLog, Callable[[], object]]) -> None:
    log, forget = store
    log.claim(TOPIC, "t", 1, b"started")
    forget()
    assert write(log, 1, b"a") == "lost"
    assert log.claim(TOPIC, "t", 1, b"again") == "ok"
    assert write(log, 1, b"a") == "ok"
    assert bodies(log) == [b"again", b"a"]


def test_a_log_that_lost_an_append_which_was_confirmed_says_so(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"started")
    assert numbered(log, b"a", number=1, confirmed=0) == "ok"
    assert numbered(log, b"c", number=3, confirmed=2) == "lost"
    assert numbered(log, b"late", number=1, confirmed=0) == "lost"
    assert numbered(log, b"b", number=3, confirmed=1) == "ok"
    assert log.claim(TOPIC, "t", 1, b"again") == "ok"
    assert numbered(log, b"d", number=4, confirmed=3) == "lost"
    assert numbered(log, b"e", number=4, confirmed=0) == "ok"
    assert bodies(log) == [b"started", b"a", b"b", b"again", b"e"]


def test_the_end_is_told_whatever_was_lost_before_it(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"started")
    numbered(log, b"a", number=1, confirmed=0)
    assert write(log, 1, b"end", closes=True) == "ok"


def test_many_turns_are_written_in_one_trip_each_with_its_own_fate(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 2, b"started")
    other = conv_topic("b")
    fates = log.append([Append(TOPIC, "t", 1, [b"zombie"]), Append(other, "u", 1, [b"x"]), Append(TOPIC, "t", 2, [b"a", b"b"])])
    assert fates == ["stale", "lost", "ok"]
    assert bodies(log) == [b"started", b"a", b"b"]
    assert log.read(other) == []


def test_nothing_to_append_is_no_trip(log: TokenLog) -> None:
    assert log.append([]) == []


def test_a_new_turns_claim_forgets_what_precedes_the_last_closing_event(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"started")
    write(log, 1, b"a", b"b")
    write(log, 1, b"end", closes=True)
    end = log.tail(TOPIC)
    log.tell(TOPIC, [b"question"])
    log.claim(TOPIC, "u", 1, b"started too")
    assert bodies(log) == [b"end", b"question", b"started too"]
    assert log.has(TOPIC, end)
    assert not log.has(TOPIC, START)


def test_it_knows_which_entries_it_still_has(log: TokenLog) -> None:
    assert log.has(TOPIC, START)
    first = log.tell(TOPIC, [b"a"])
    second = log.tell(TOPIC, [b"b"])
    assert log.has(TOPIC, first)
    assert log.has(TOPIC, START)
    log.trim(TOPIC, second)
    assert not log.has(TOPIC, first)
    assert not log.has(TOPIC, START)
    assert log.has(TOPIC, second)
    assert not log.has(TOPIC, "99-9")


def test_the_tail_is_the_newest_entry(log: TokenLog) -> None:
    assert log.tail(TOPIC) == START
    assert log.tell(TOPIC, [b"a", b"b"]) == log.tail(TOPIC)


def hear(ear: Subscription, count: int) -> list[Heard]:
    """Listen until so many were heard; no more than ten silent seconds."""
    heard: list[Heard] = []
    for _ in range(10 + count):
        if len(heard) >= count:
            break
        heard += ear.hear()
    return heard


def test_a_subscription_hears_the_same_entries_that_the_log_keeps(log: TokenLog) -> None:
    ear = log.subscribe()
    ear.add([TOPIC])
    assert hear(ear, 1) == [(TOPIC, None)]
    log.claim(TOPIC, "t", 1, b"started")
    write(log, 1, b"a\nb", b"c")
    log.tell(conv_topic("b"), [b"elsewhere"])
    write(log, 1, b"end", closes=True)
    heard = hear(ear, 4)
    ear.close()
    assert [topic for topic, _ in heard] == [TOPIC] * 4
    assert [entry for _, entry in heard] == log.read(TOPIC)


def test_a_subscription_hears_no_more_of_what_it_was_taken_off(log: TokenLog) -> None:
    ear, other = log.subscribe(), conv_topic("b")
    ear.add([TOPIC, other])
    assert hear(ear, 2) == [(TOPIC, None), (other, None)]
    ear.remove([TOPIC])
    ear.add([conv_topic("c")])
    hear(ear, 1)
    log.tell(TOPIC, [b"unheard"])
    log.tell(other, [b"heard"])
    [(topic, entry)] = hear(ear, 1)
    ear.close()
    assert (topic, entry and entry.body) == (other, b"heard")


def test_the_tails_of_many_topics_are_known_in_one_trip(log: TokenLog) -> None:
    other = conv_topic("b")
    log.tell(TOPIC, [b"a", b"b"])
    assert log.tails([TOPIC, other]).ids == [log.tail(TOPIC), START]
    assert log.tails([]).ids == []


def test_a_store_that_forgot_everything_has_another_memory(store: tuple[TokenLog, Callable[[], object]]) -> None:
    log, forget = store
    before = log.tails([]).memory
    assert log.tails([]).memory == before
    forget()
    assert log.tails([]).memory != before


def test_two_attempts_at_once_leave_the_words_of_the_newest_in_one_piece(log: TokenLog) -> None:
    log.claim(TOPIC, "t", 1, b"1")
    done = threading.Event()

    def scribble() -> None:
        while write(log, 1, b"old") == "ok":
            pass
        done.set()

    thread = threading.Thread(target=scribble)
    thread.start()
    log.claim(TOPIC, "t", 2, b"2")
    claimed = log.tail(TOPIC)
    for _ in range(20):
        assert write(log, 2, b"new") == "ok"
    assert done.wait(5)
    thread.join()
    assert bodies(log, claimed) == [b"new"] * 20
