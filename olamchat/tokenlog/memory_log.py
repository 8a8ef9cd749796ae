"""The token log in this process's memory: the twin that tests and models of the protocol run against."""

import queue
import threading
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from uuid import uuid4

from olamchat.tokenlog.base import START, Append, Entry, Fate, Heard, Subscription, Tails, order


class MemoryLog:
    """A TokenLog that lives as long as the object; several threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._clock = 0
        self.forget()

    def forget(self) -> None:
        """Lose everything, as a wiped Redis does."""
        with self._lock:
            self._entries: dict[str, list[Entry]] = defaultdict(list)
            self._fences: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
            self._told: dict[tuple[str, str], int] = {}
            self._since: dict[str, str] = {}
            self._cut: set[str] = set()
            self._memory = uuid4().hex
            self._ears: list[MemorySubscription] = getattr(self, "_ears", [])

    def replica(self) -> object:
        """Return all that is known now, as a replica has it that stands still from here on."""
        with self._lock:
            return deepcopy((dict(self._entries), dict(self._fences), self._told, self._since, self._cut))

    def promote(self, replica: Any) -> None:
        """Know no more than a replica did; who listens has to find that out."""
        with self._lock:
            entries, fences, self._told, self._since, self._cut = deepcopy(replica)
            self._entries, self._fences = defaultdict(list, entries), defaultdict(dict, fences)

    def claim(self, topic: str, turn_id: str, attempt: int, body: bytes) -> Fate:
        with self._lock:
            held, closed = self._fences[topic].get(turn_id, (0, False))
            if held > attempt or (held == attempt and closed):
                return "stale"
            if turn_id not in self._fences[topic] and topic in self._since:
                self.trim(topic, self._since[topic])
            self._fences[topic][turn_id] = (attempt, False)
            self._told.pop((topic, turn_id), None)
            self._add(topic, body)
            return "ok"

    def append(self, appends: Sequence[Append]) -> list[Fate]:
        with self._lock:
            return [self._append(one) for one in appends]

    def _append(self, one: Append) -> Fate:
        held, closed = self._fences[one.topic].get(one.turn_id, (0, False))
        if held > one.attempt or (closed and held >= one.attempt):
            return "stale"
        if (held, closed) != (one.attempt, False) and not one.closes:
            return "lost"
        if one.number and not one.confirmed <= self._told.get((one.topic, one.turn_id), 0) < one.number:
            return "lost"
        for body in one.bodies:
            last = self._add(one.topic, body)
        self._told[one.topic, one.turn_id] = one.number
        if one.closes:
            self._fences[one.topic][one.turn_id] = (one.attempt, True)
            self._since[one.topic] = last
        return "ok"

    def tell(self, topic: str, bodies: Sequence[bytes]) -> str:
        with self._lock:
            return [self._add(topic, body) for body in bodies][-1]

    def tell_all(self, news: Sequence[tuple[str, Sequence[bytes]]]) -> str:
        return [self.tell(topic, bodies) for topic, bodies in news][-1]

    def _add(self, topic: str, body: bytes) -> str:
        self._clock += 1
        entry = Entry(f"{self._clock}-0", body)
        self._entries[topic].append(entry)
        for ear in self._ears:
            ear.take_in(topic, entry)
        return entry.id

    def wake(self, topic: str) -> None:
        with self._lock:
            for ear in self._ears:
                ear.take_in(topic, Entry(START, b""))

    def read(self, topic: str, after: str = START, limit: int = 1000) -> list[Entry]:
        with self._lock:
            return [entry for entry in self._entries[topic] if order(entry.id) > order(after)][:limit]

    def has(self, topic: str, entry_id: str) -> bool:
        with self._lock:
            if entry_id == START:
                return topic not in self._cut
            return any(entry.id == entry_id for entry in self._entries[topic])

    def tail(self, topic: str) -> str:
        with self._lock:
            return self._entries[topic][-1].id if self._entries[topic] else START

    def tails(self, topics: Sequence[str]) -> Tails:
        with self._lock:
            return Tails(self._memory, [self.tail(topic) for topic in topics])

    def trim(self, topic: str, before: str) -> None:
        with self._lock:
            kept = [entry for entry in self._entries[topic] if order(entry.id) >= order(before)]
            if len(kept) < len(self._entries[topic]):
                self._cut.add(topic)
            self._entries[topic] = kept

    def subscribe(self) -> Subscription:
        with self._lock:
            ear = MemorySubscription()
            self._ears.append(ear)
            return ear


class MemorySubscription:
    """A Subscription to a MemoryLog."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()

    def add(self, topics: Sequence[str]) -> None:
        for topic in topics:
            self._topics.add(topic)
            self._heard.put((topic, None))

    def remove(self, topics: Sequence[str]) -> None:
        self._topics.difference_update(topics)

    def take_in(self, topic: str, entry: Entry) -> None:
        """Take in an entry when its topic is listened to."""
        if topic in self._topics:
            self._heard.put((topic, entry))

    def hear(self) -> Sequence[Heard]:
        heard: list[Heard] = []
        try:
            heard.append(self._heard.get(timeout=1))
            while True:
                heard.append(self._heard.get_nowait())
        except queue.Empty:
            return heard

    def close(self) -> None:
        self._topics.clear()
