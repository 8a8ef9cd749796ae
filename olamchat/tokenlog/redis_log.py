r"""The token log in Redis: a Stream is the memory, Pub/Sub the wake-up, a Lua script writes both and checks the fence.

What is published is `<id>\n<frame>`, so that a reader can send it on unread.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from olamchat import redis
from olamchat.tokenlog.base import START, Append, Entry, Fate, Subscription, Tails
from olamchat.tokenlog.redis_ear import RedisSubscription
from olamchat.tokenlog.topics import fence_key, log_key

LIFE_MS = 24 * 3_600_000
LIFE_AFTER_CLOSE_MS = 15 * 60_000
_LIFE_AFTER_CLOSE = b"%d" % LIFE_AFTER_CLOSE_MS
# Holds a word that is made when it is missing: another word means that the store forgot what it knew.
MEMORY_KEY = "tokenlog:memory"
_HERE = Path(__file__).parent
_Rows = list[tuple[bytes, dict[bytes, bytes]]]


@lru_cache(4096)
def _keys(topic: str) -> tuple[bytes, bytes, bytes]:
    return log_key(topic).encode(), fence_key(topic).encode(), topic.encode()


class RedisLog:
    """A TokenLog over one client. Every method raises redis.Lost when Redis can't be reached."""

    def __init__(self, client: "redis.Client | None" = None) -> None:
        self._client = client or redis.client()
        self._claim, self._append, self._tell, self._tails = (
            self._client.register_script((_HERE / f"{name}.lua").read_text()) for name in ("claim", "append", "tell", "tails")
        )

    def claim(self, topic: str, turn_id: str, attempt: int, body: bytes) -> Fate:
        with redis.guard():
            fate: bytes = self._claim(keys=[log_key(topic), fence_key(topic)], args=[turn_id, attempt, topic, body, LIFE_MS])
        return fate.decode()  # type: ignore[return-value]

    def append(self, appends: Sequence[Append]) -> list[Fate]:
        if not appends:
            return []
        keys: list[bytes] = []
        words: list[bytes] = [_LIFE_AFTER_CLOSE]
        for one in appends:
            log, fence, channel = _keys(one.topic)
            keys += (log, fence)
            words += (
                channel,
                one.turn_id.encode(),
                b"%d" % one.attempt,
                b"1" if one.closes else b"0",
                b"%d" % one.number,
                b"%d" % one.confirmed,
                b"%d" % len(one.bodies),
                *one.bodies,
            )
        with redis.guard():
            fates: list[bytes] = self._append(keys=keys, args=words)
        return [fate.decode() for fate in fates]  # type: ignore[misc]

    def tell(self, topic: str, bodies: Sequence[bytes]) -> str:
        return self.tell_all([(topic, bodies)])

    def tell_all(self, news: Sequence[tuple[str, Sequence[bytes]]]) -> str:
        keys, words = [], [_LIFE_AFTER_CLOSE]
        for topic, bodies in news:
            log, _, channel = _keys(topic)
            keys.append(log)
            words += (channel, b"%d" % len(bodies), *bodies)
        with redis.guard():
            last: bytes = self._tell(keys=keys, args=words)
        return last.decode()

    def wake(self, topic: str) -> None:
        with redis.guard():
            self._client.publish(topic, f"{START}\n")

    def read(self, topic: str, after: str = START, limit: int = 1000) -> list[Entry]:
        with redis.guard():
            rows: _Rows = self._client.xrange(log_key(topic), min=f"({after}", count=limit)  # type: ignore[assignment]
        return [_entry(row) for row in rows]

    def has(self, topic: str, entry_id: str) -> bool:
        with redis.guard():
            if entry_id == START:
                return not self._trimmed(topic)
            return bool(self._client.xrange(log_key(topic), min=entry_id, max=entry_id, count=1))

    def _trimmed(self, topic: str) -> bool:
        try:
            about = self._client.xinfo_stream(log_key(topic))
        except redis.Refused as error:
            if redis.passes(error):
                raise
            return False  # no such key: nothing was lost, or all was, and START reads nothing
        return bool(about["entries-added"] > about["length"])

    def tail(self, topic: str) -> str:
        with redis.guard():
            rows: _Rows = self._client.xrevrange(log_key(topic), count=1)  # type: ignore[assignment]
        return _entry(rows[0]).id if rows else START

    def tails(self, topics: Sequence[str]) -> Tails:
        with redis.guard():
            memory, *ids = self._tails(keys=[MEMORY_KEY, *map(log_key, topics)], args=[uuid4().hex])
        return Tails(memory.decode(), [entry_id.decode() for entry_id in ids])

    def trim(self, topic: str, before: str) -> None:
        with redis.guard():
            self._client.xtrim(log_key(topic), minid=before, approximate=False)

    def subscribe(self) -> Subscription:
        return RedisSubscription()


def _entry(row: tuple[bytes, dict[bytes, bytes]]) -> Entry:
    return Entry(row[0].decode(), row[1][b"e"])
