"""One process's readers of logs: a single subscription feeds them all, and each gets every entry once, in order.

The subscription wakes; the log is the truth. Whatever happens to the wire, a topic catches up by reading its log from the last entry it told:
a deaf subscription costs latency and no token. Where the log itself was lost, readers are told so and begun anew.
Made of plain threads, which gevent's monkey patching turns into greenlets. Nothing waits while it holds the lock.
"""

import logging
import random
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from olamchat import tracing
from olamchat.fanout import catch_up, strands
from olamchat.fanout.rounds import BEGUN_ANEW, CUT_OFF, EVENTS, STREAMS, safely, slices
from olamchat.fanout.subscription import Listening
from olamchat.fanout.topics import Reader, Topic
from olamchat.fanout.tracing import Deliveries
from olamchat.redis import Lost
from olamchat.tokenlog import Entry, TokenLog, order, token_log
from olamchat.tokenlog.base import Heard
from olamchat.tokenlog.events import Event, Ping, Reconnect, SignedOut, Steered, frame, parse

# How often the logs' tails are compared with what was told; a topic that was behind twice is read again.
CHECK_S = 1.0
# How long a new reader waits for its topic to be heard before it waits in the background.
HEAR_S = 3.0
# The pause after writing, for each reader that was written to: a few are served at once, a thousand find several events to get at a time.
PAUSE_EACH_S, PAUSE_MOST_S = 0.000_04, 0.04
# A reader gets a ping in any case, this long after the last.
PING_S = 12.0
# When a process goes, it sends its readers elsewhere within this time, or so many of them in a second where they are few.
SPREAD_S, SENT_AWAY_PER_S, SEND_AWAY_EACH_S = 5.0, 200, 0.02
PING = frame(Ping())

_log = logging.getLogger(__name__)


class Hub:
    """The readers of this process. `open`, `close` and `drain` are called by streams, the rest is the fan-out's own business."""

    def __init__(self, log: TokenLog | None = None) -> None:
        self.draining = False
        self._log = log or token_log()
        self._lock = threading.RLock()
        self._topics: dict[str, Topic] = {}
        self._readers: set[Reader] = set()
        self._streams = 0
        self._waiting: set[Reader] = set()  # begun as soon as the log can be read
        self._idle: set[str] = set()
        self._listening = Listening(self._log, names=lambda: list(self._topics), take=self._take, lost=self._hold)
        self._deliveries = Deliveries() if tracing.is_on() else None
        self._memory = ""
        self._tails: dict[str, str] = {}
        self._checked_at = 0.0
        self._look = threading.Event()
        self._started = self._ended = False

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return self._streams

    def readers_of(self, control: str) -> int:
        """Return how many streams this user has open here, by the topic that tells of their sessions."""
        topic = self._topics.get(control)
        return len(topic.sessions) if topic else 0

    @property
    def topics(self) -> int:
        """How many topics are listened to."""
        return len(self._topics)

    @property
    def deaf_s(self) -> float:
        """Seconds since the subscription last heard its own pulse; 0 while it is not needed yet."""
        return self._listening.deaf_s if self._started else 0.0

    def start(self) -> None:
        """Begin to listen; open() does it too."""
        with self._lock:
            if self._started:
                return
            self._started = True
        for work in (self._listening.run, self._check_for_ever, self._tick_for_ever):
            threading.Thread(target=work, name=work.__qualname__, daemon=True).start()

    def stop(self) -> None:
        """Listen no more; streams that are open stay so, and get nothing."""
        self._ended = True
        self._look.set()
        self._listening.stop()

    def open(self, reader: Reader) -> None:
        """Feed a reader until it or its session ends. While the log can't be read it gets pings, and the rest when it can."""
        self.start()
        if self.draining:
            reader.wire.end(frame(Reconnect(after_ms=random.randint(100, 500))))
            return
        reader.ping_at = time.monotonic() + random.uniform(PING_S / 2, PING_S)
        with self._lock:
            self._readers.add(reader)
            self._streams += 1
            STREAMS.set(self._streams)
        self._feed([reader, *reader.strands.values()])

    def _feed(self, readers: Sequence[Reader]) -> None:
        """Tell each where its log stands, and then what happens."""
        with self._lock:
            readers = [one for one in readers if self._is_wanted(one)]
            fresh = {name for one in readers for name in (one.topic, one.control) if name and name not in self._topics}
            self._topics.update((name, Topic(name)) for name in fresh)
            for one in readers:
                self._readers.add(one)
                self._topics[one.topic].late[one] = None
                if one.control:
                    self._topics[one.control].sessions[one] = None
        for name in fresh:
            self._listening.add(name)
        for one in readers:
            self._begin(one, 0 if self._waiting else HEAR_S)

    def _is_wanted(self, reader: Reader) -> bool:
        """Tell whether the browser is still there, and has not left this log meanwhile."""
        whole = reader.part_of
        return reader in self._readers if whole is None else whole in self._readers and reader in whole.strands.values()

    def close(self, reader: Reader) -> None:
        """Stop feeding a reader whose browser has gone."""
        with self._lock:
            self._forget(reader)

    def sessions(self) -> set[str]:
        """Return the ids of the sessions that have a stream open here."""
        with self._lock:
            return {reader.session_id for reader in self._readers if reader.session_id}

    def sign_out(self, sessions: Collection[str]) -> None:
        """End the streams of these sessions."""
        with self._lock:
            for reader in [one for one in self._readers if one.session_id in sessions]:
                self._end(reader, SignedOut(session_id=reader.session_id))

    def drain(self) -> None:
        """End the streams one after another, each with a word to come back elsewhere at once, and new ones as they come.

        Who has still to wait for that is fed meanwhile, so that nobody's text stands still for longer than it takes to connect.
        """
        self.draining = True
        readers = [one for one in list(self._readers) if one.part_of is None]
        random.shuffle(readers)
        spread_s, began, ended = min(SPREAD_S, len(readers) / SENT_AWAY_PER_S), time.monotonic(), 0
        while ended < len(readers):
            due = 1 + int(len(readers) * (time.monotonic() - began) / spread_s)
            with self._lock:
                for reader in readers[ended:due]:
                    self._end(reader, Reconnect(after_ms=0))
            ended = due
            time.sleep(SEND_AWAY_EACH_S)

    # What the subscription brings.

    def _take(self, heard: Sequence[Heard]) -> float:
        """Tell what was heard. Returns how long to pause, so that more can be told at a time when there is much of it."""
        with self._lock:
            stirred: dict[str, Topic] = {}
            for name, entry in heard:
                topic = self._topics.get(name)
                if topic is None:
                    continue
                if entry is None:
                    self._is_heard(topic)
                elif topic.held is not None:
                    topic.held.append(entry)
                else:
                    stirred[name] = topic
                    self._tell(topic, entry)
            return min(PAUSE_MOST_S, PAUSE_EACH_S * self._flush(stirred.values()))

    def _is_heard(self, topic: Topic) -> None:
        if topic.heard is not None:
            topic.heard.set()
            topic.heard = None
        if topic.held is not None:
            self._look.set()

    def _tell(self, topic: Topic, entry: Entry) -> None:
        if self._deliveries is not None and topic.readers:
            self._deliveries.heard(topic.name, entry.body, len(topic.readers))
        self._cut_off(topic.tell(entry))
        if topic.sessions and catch_up.is_private(entry):
            self._obey(topic, parse(entry.body))

    def _obey(self, topic: Topic, event: Event) -> None:
        if isinstance(event, SignedOut):
            for reader in [one for one in topic.sessions if event.session_id in {None, one.session_id}]:
                self._end(reader, event)
        elif isinstance(event, Steered):
            for reader in [one for one in topic.sessions if one.name == event.stream]:
                self._steer(reader, event)

    def _steer(self, reader: Reader, event: Steered) -> None:
        for name in event.leave:
            if (left := reader.strands.pop(name, None)) is not None:
                self._drop(left)
        if fresh := strands.add(reader, event.follow):
            # What they are told first is read from the log, and nothing may wait here.
            threading.Thread(target=self._feed, args=[fresh], name="strands", daemon=True).start()

    def _flush(self, topics: Iterable[Topic]) -> int:
        """Send what the topics have to tell. Returns how many readers were written to."""
        written = events = 0
        for topic in topics:
            written += len(topic.readers)
            count, gone = topic.flush()
            events += count
            self._cut_off(gone)
        if events:
            EVENTS.inc(events)
        return written

    def _hold(self) -> None:
        """The subscription broke: every topic has to catch up, once the next one has it."""
        with self._lock:
            for topic in self._topics.values():
                topic.held = []
                topic.heard = topic.heard or threading.Event()

    # What the log brings.

    def _begin(self, reader: Reader, wait_s: float) -> None:
        """Tell a reader where things stand; put off until the log can be read."""
        try:
            while not self._try_to_begin(reader, wait_s):
                _log.debug("the log of %s was begun anew meanwhile", reader.topic)
        except Lost:
            with self._lock:
                if reader in self._readers:
                    self._waiting.add(reader)

    def _try_to_begin(self, reader: Reader, wait_s: float) -> bool:
        with self._lock:
            topic, reader.held = self._topics.get(reader.topic), []
            if topic is None or reader not in self._readers:
                return True
            heard, anew = topic.heard, topic.anew
        if heard is not None and not heard.wait(wait_s):
            raise Lost(f"{reader.topic} is not heard yet")
        opening = self._opening(reader.topic, reader.position)
        with self._lock:
            if reader not in self._readers:
                return True
            if topic.anew != anew:
                return False
            if self._deliveries is not None:
                self._deliveries.joined(topic.name, opening.frames)
            if not topic.join(reader, opening):
                self._cut_off([reader])
        return True

    def _opening(self, name: str, position: str | None) -> catch_up.Opening:
        return catch_up.open_log(self._log, name, position, snapshot=not name.startswith("user:"))

    def _catch_up(self, topic: Topic) -> None:
        """Tell what a topic missed, or begin its readers anew where the log has lost its place. Raises Lost."""
        position = topic.last
        news = catch_up.missed(self._log, topic.name, position)
        opening = None if news is not None else self._opening(topic.name, position)
        with self._lock:
            held, topic.held = topic.held or [], None
            if opening is not None:
                BEGUN_ANEW.inc()
                self._cut_off(topic.begin_anew(opening))
            for entry in [*(news or []), *held]:
                self._tell(topic, entry)
            self._flush([topic])

    def _compare(self) -> None:
        """Find topics that are behind their logs, or ahead of them: those have lost what was told. Raises Lost."""
        places = {name: topic.place for name, topic in list(self._topics.items()) if topic.heard is None and topic.held is None}
        seen: dict[str, str] = {}
        for names in slices(list(places)):
            tails = self._log.tails(names)
            if self._memory not in {"", tails.memory}:
                _log.warning("the store of the logs has forgotten what it knew; every topic looks whether its place is still there")
                self._hold_some(places)
            self._memory = tails.memory
            seen.update(zip(names, tails.ids, strict=True))
        self._pass_over(seen)
        self._hold_some(name for name, tail in seen.items() if order(tail) < places[name])
        self._hold_some(name for name, tail in self._tails.items() if name in seen and self._is_behind(name, tail))
        self._tails = seen

    def _pass_over(self, tails: Mapping[str, str]) -> None:
        with self._lock:
            for name, tail in tails.items():
                if topic := self._topics.get(name):
                    topic.pass_over(tail)

    def _is_behind(self, name: str, tail: str) -> bool:
        topic = self._topics.get(name)
        return topic is not None and topic.place < order(tail)

    def _hold_some(self, names: Iterable[str]) -> None:
        with self._lock:
            for name in names:
                topic = self._topics.get(name)
                if topic is not None and topic.held is None:
                    topic.held = []
                    self._look.set()

    # What the clock brings.

    def _check_for_ever(self) -> None:
        while not self._ended:
            self._look.wait(CHECK_S)
            self._look.clear()
            safely(self._check)

    def _check(self) -> None:
        due = time.monotonic() - self._checked_at >= CHECK_S
        if due:
            self._checked_at = time.monotonic()
            self._listening.pulse()
            self._compare()
        for topic in [one for one in list(self._topics.values()) if one.held is not None and one.heard is None]:
            self._catch_up(topic)
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for reader in waiting:
            self._begin(reader, 0)

    def _tick_for_ever(self) -> None:
        while not self._ended:
            time.sleep(1)
            safely(self._tick)
            safely(self._sweep)

    def _tick(self) -> None:
        """Ping those whose turn it is, and end streams that have outlived their token."""
        for some in slices(list(self._readers)):
            wall, clock = time.time(), time.monotonic()
            with self._lock:
                for reader in some:
                    if wall >= reader.ends_at:
                        self._end(reader, Reconnect(after_ms=0))
                    elif clock >= reader.ping_at:
                        reader.ping_at = clock + PING_S
                        self._cut_off([] if reader.write(PING) else [reader])
            time.sleep(0)

    def _sweep(self) -> None:
        """Listen no more to topics that nobody needs."""
        with self._listening.sending:
            with self._lock:
                names = [name for name in self._idle if name in self._topics and self._topics[name].is_idle]
                self._idle.clear()
                for name in names:
                    del self._topics[name]
            self._listening.remove(names)

    def _end(self, reader: Reader, event: Event) -> None:
        if reader in self._readers:
            reader.wire.end(frame(event))
            self._forget(reader)

    def _cut_off(self, readers: Sequence[Reader]) -> None:
        for reader in [one for one in readers if one in self._readers]:
            CUT_OFF.inc()
            reader.wire.cut()
            self._forget(reader)

    def _forget(self, reader: Reader) -> None:
        """Forget a whole stream: one of its logs that has to go takes the connection with it."""
        whole = reader.part_of or reader
        if whole in self._readers:
            self._streams -= 1
        for one in (whole, *whole.strands.values()):
            self._drop(one)
        STREAMS.set(self._streams)

    def _drop(self, reader: Reader) -> None:
        self._readers.discard(reader)
        self._waiting.discard(reader)
        for name in (reader.topic, reader.control):
            if topic := self._topics.get(name):
                topic.drop(reader)
                if topic.is_idle:
                    self._idle.add(name)


@cache
def fanout() -> Hub:
    """Return this process's fan-out."""
    return Hub()
