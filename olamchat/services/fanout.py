"""One process's readers of logs: a single subscription feeds them all, and each gets every entry once, in order.

The subscription wakes; the log is the truth. It is read again whenever the subscription was away or does not hear its own pulse,
so a deaf subscription costs latency and no token. Made of plain threads, which gevent's monkey patching turns into greenlets.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

from olamchat import redis
from olamchat.services import following
from olamchat.services.following import Opening, with_id
from olamchat.tokenlog import START, Entry, Subscription, TokenLog, order, token_log
from olamchat.tokenlog.events import SignedOut, parse

logger = logging.getLogger(__name__)

# Bytes that may wait for one reader before it is cut off; it comes back and resumes by id.
BUFFER_BYTES = 1 << 20
# Seconds between two pulses, how long one may take, and how often every served log is read again in any case.
PULSE_S = 1.0
DEAF_S = 3.0
REREAD_S = 15.0
# Seconds to wait for the subscription to hear a new topic before the reader is turned away.
HEAR_S = 3.0
# How long the subscription may go on before the streams get their turn.
TURN_S = 0.02
# The pause after waking streams, for each that was woken: a few are woken at once, a thousand find several events to write at a time.
WAKE_EACH_S = 0.000_04
WAKE_MOST_S = 0.1
SIGNED_OUT = b"event: signed_out\n"


class Reader:
    """One open stream: bytes that wait to be written, and why it has to end ("" while it has not)."""

    def __init__(self, topic: str, *, control: str | None = None, session_id: str | None = None) -> None:
        self.topic = topic
        self.control = control
        self.session_id = session_id
        self.ended = ""
        self._last: tuple[int, int] | None = None
        self._early: list[tuple[tuple[int, int], bytes]] = []
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._wake = threading.Event()

    def begin(self, opening: Opening) -> None:
        """Put the opening before everything that was heard since, leaving out what both tell."""
        self._last = order(opening.reaches)
        self._waiting.clear()
        self._bytes = 0
        for body in opening.frames:
            self._push(body)
        early, self._early = self._early, []
        for at, body in early:
            self.hear(at, body)
        self.wake()

    def hear(self, at: tuple[int, int], body: bytes) -> bool:
        """Queue an entry, unless it was told before; True when it is the first that waits, so that the stream is to be woken.

        `at` orders the entry, `body` is its frame with the id; all readers share both.
        """
        if self._last is None:
            self._early.append((at, body))
        elif at > self._last:
            self._last = at
            self._push(body)
            return len(self._waiting) == 1
        return False

    def end(self, why: str) -> None:
        """Have the stream end after what waits is written."""
        self.ended = self.ended or why
        self.wake()

    def wake(self) -> None:
        """Let the stream write what waits."""
        self._wake.set()

    def take(self, wait_s: float) -> bytes:
        """Return all that waits as one piece, waiting up to `wait_s` for it; empty when nothing came."""
        self._wake.wait(wait_s)
        self._wake.clear()
        taken = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return taken

    def _push(self, body: bytes) -> None:
        self._waiting.append(body)
        self._bytes += len(body)
        if self._bytes > BUFFER_BYTES:
            self.end("slow")


@dataclass
class Served:
    """A topic that this process listens to: who reads it, the id up to which all of them were told, and whether the wire carries it."""

    readers: list[Reader] = field(default_factory=list)
    controlled: list[Reader] = field(default_factory=list)
    last: str | None = None  # None until the first reader has its opening
    reaches: tuple[int, int] = order(START)
    heard: threading.Event = field(default_factory=threading.Event)

    def move(self, last: str) -> None:
        """Stand at an id, whether before or after the one it stands at."""
        self.last, self.reaches = last, order(last)


class Fanout:
    """The readers of this process. `open` and `close` are called by streams, the rest is the fan-out's own business."""

    def __init__(self, log: TokenLog | None = None) -> None:
        self.draining = False
        self._log = log or token_log()
        self._served: dict[str, Served] = {}
        self._lock, self._catching = threading.RLock(), threading.Lock()
        self._ear: Subscription | None = None
        self._pulse = f"pulse:{uuid4().hex}"
        self._pulse_heard = self._heard_at = time.monotonic()
        self._started = False
        self._stirred: list[Reader] = []
        self._stirring = threading.Event()

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return sum(len(served.readers) for served in self._served.values())

    @property
    def deaf_s(self) -> float:
        """Seconds since the subscription last heard its own pulse."""
        return time.monotonic() - self._pulse_heard

    def open(self, reader: Reader, position: str | None) -> None:
        """Start feeding a reader that stands at `position`. Raises redis.Lost when that can't be done now."""
        self._start()
        try:
            self._listen_for(reader)
            self._begin(reader, position)
        except BaseException:
            self.close(reader)
            raise

    def _begin(self, reader: Reader, position: str | None) -> None:
        opening = following.open_log(self._log, reader.topic, position)
        reader.begin(opening)
        served = self._served[reader.topic]
        if served.last is None:  # who comes later must not hide from those before it that they missed something
            served.move(opening.reaches)

    def close(self, reader: Reader) -> None:
        """Stop feeding a reader; a topic that nobody reads is not listened to any more."""
        with self._lock:
            for topic in filter(None, (reader.topic, reader.control)):
                served = self._served.get(topic)
                if served is None:
                    continue
                served.readers = [one for one in served.readers if one is not reader]
                served.controlled = [one for one in served.controlled if one is not reader]
                if not served.readers and not served.controlled:
                    del self._served[topic]
                    self._unsubscribe(topic)

    def drain(self) -> None:
        """Have every stream end with a word to come back elsewhere, and take no new ones."""
        self.draining = True
        with self._lock:
            for served in self._served.values():
                for reader in served.readers:
                    reader.end("drain")

    def _listen_for(self, reader: Reader) -> None:
        with self._lock:
            topics = [self._serve(reader.topic)]
            self._served[reader.topic].readers.append(reader)
            if reader.control:
                topics.append(self._serve(reader.control))
                self._served[reader.control].controlled.append(reader)
        for served in topics:
            if not served.heard.wait(HEAR_S):
                raise redis.Lost("the subscription does not answer")

    def _serve(self, topic: str) -> Served:
        served = self._served.get(topic)
        if served is None:
            served = self._served[topic] = Served()
            if self._ear is not None:
                try:
                    self._ear.add(topic)
                except redis.Lost:
                    logger.debug("the subscription is away; %s is added when it is back", topic)
        return served

    def _unsubscribe(self, topic: str) -> None:
        if self._ear is not None:
            try:
                self._ear.remove(topic)
            except redis.Lost:
                logger.debug("the subscription is away; %s is gone with it", topic)

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
        for work in (self._hear_for_ever, self._check_for_ever, self._wake_for_ever):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()

    def _hear_for_ever(self) -> None:
        pause_s = 0.05
        while True:
            try:
                self._hear()
            except redis.Lost as error:
                logger.warning("the subscription is lost, again in %.1f s: %s", pause_s, error)
            except Exception:
                logger.exception("the subscription failed, again in %.1f s", pause_s)
            if self.deaf_s < DEAF_S:
                pause_s = 0.05
            time.sleep(pause_s)
            pause_s = min(2.0, pause_s * 2)

    def _hear(self) -> None:
        ear = self._log.subscribe()
        try:
            with self._lock:
                self._ear = ear
                for topic in [self._pulse, *self._served]:
                    ear.add(topic)
            turn_ends = time.monotonic() + TURN_S
            for topic, entry in ear.listen():
                self._heard(topic, entry)
                self._heard_at = time.monotonic()
                if self._heard_at > turn_ends:
                    time.sleep(0)
                    turn_ends = time.monotonic() + TURN_S
        finally:
            with self._lock:
                if self._ear is ear:
                    self._ear = None
            ear.close()

    def _heard(self, topic: str, entry: Entry | None) -> None:
        if topic == self._pulse:
            self._pulse_heard = time.monotonic()
        elif entry is not None:
            self._hand_on(topic, [entry])
        elif (served := self._served.get(topic)) is not None:
            if served.heard.is_set():  # the wire was away
                self._catch_up({topic: served})
            served.heard.set()

    def _hand_on(self, topic: str, entries: Iterable[Entry]) -> None:
        served = self._served.get(topic)
        if served is None:
            return
        for entry in entries:
            at, body = order(entry.id), with_id(entry)
            if at > served.reaches:
                served.last, served.reaches = entry.id, at
            for reader in served.readers:
                if reader.hear(at, body):
                    self._stir(reader)
            if served.controlled and entry.body.startswith(SIGNED_OUT):
                self._sign_out(served, entry)

    def _stir(self, reader: Reader) -> None:
        self._stirred.append(reader)
        if len(self._stirred) == 1:
            self._stirring.set()

    def _wake_for_ever(self) -> None:
        while True:
            self._stirring.wait()
            self._stirring.clear()
            stirred, self._stirred = self._stirred, []
            for reader in stirred:
                reader.wake()
            time.sleep(min(WAKE_MOST_S, len(stirred) * WAKE_EACH_S))

    def _sign_out(self, served: Served, entry: Entry) -> None:
        event = parse(entry.body)
        assert isinstance(event, SignedOut)
        for reader in served.controlled:
            if event.session_id in (None, reader.session_id):
                reader.end("signed_out")

    def _check_for_ever(self) -> None:
        reread_at = time.monotonic() + REREAD_S
        while True:
            time.sleep(PULSE_S)
            try:
                self._log.wake(self._pulse)
                if self.deaf_s > DEAF_S:
                    self._wake_ear()
                if self.deaf_s > DEAF_S or time.monotonic() > reread_at:
                    self._catch_up(dict(self._served))
                    reread_at = time.monotonic() + REREAD_S
            except redis.Lost as error:
                logger.warning("the log can't be read now: %s", error)
            except Exception:
                logger.exception("the log could not be read again")

    def _wake_ear(self) -> None:
        """Close a subscription that hears nothing: listening then fails, and a new one is made.

        One that is only behind, its pulse waiting in line, goes on: a new one would have the same to hear, and more.
        """
        with self._lock:
            if self._ear is not None and time.monotonic() - self._heard_at > DEAF_S:
                logger.warning("the subscription has heard nothing for %.1f s; it is made anew", self.deaf_s)
                self._ear.close()

    def _catch_up(self, served: dict[str, Served]) -> None:
        """Hand on what the logs have and the readers don't. A log that lost the readers' place is told from its beginning.

        First read, then look for the place: a log that still has it was whole when it was read. One at a time, so that
        nobody hands on what follows a loss before the readers know of the loss.
        """
        with self._catching:
            behind = {topic: one.last for topic, one in served.items() if one.readers and one.heard.is_set() and one.last is not None}
            told = self._log.read_many(behind)
            lost = self._log.lost(behind)
            for topic in behind:
                if topic in lost:
                    self._start_anew(topic, served[topic])
                elif topic in told:
                    self._hand_on(topic, told[topic])

    def _start_anew(self, topic: str, served: Served) -> None:
        opening = following.open_log(self._log, topic, served.last)
        for reader in list(served.readers):
            reader.begin(opening)
        served.move(opening.reaches)


_fanout: Fanout | None = None


def fanout() -> Fanout:
    """Return this process's fan-out."""
    global _fanout
    _fanout = _fanout or Fanout()
    return _fanout
