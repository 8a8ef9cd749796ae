"""Jobs: "there is work in this pool". A job names no answer; whose turn it is, the worker asks Postgres.

So a lost job is made again from the rows, and a doubled one does no harm. The load set of a pool holds the turns queued and
running in it; autoscaling counts it. Steps have one queue and one load for all, and so have documents.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from celery import Celery

from olamchat import redis

TASK, CHECK_TASK, CONNECT_TASK, OFFER_TASK = "olamchat.take_turn", "olamchat.check_server", "olamchat.connect", "olamchat.offer"
# What stands for a message's own name in the message that all are copied from.
_NAME = "00000000-name-of-this-message-00000000"


@dataclass(frozen=True)
class Kind:
    """Work with one queue and one load for all of it. Every verb raises redis.Lost."""

    queue: str
    task: str

    @property
    def load(self) -> str:
        """The sorted set of what waits and runs."""
        return f"{self.queue}:load"

    def send(self, name: str) -> None:
        """Count a piece of work into the load and tell the workers, in one trip."""
        with redis.guard(), redis.client().pipeline(transaction=False) as trip:
            trip.zadd(self.load, {name: time.time()}, nx=True)
            trip.lpush(self.queue, self._message())
            trip.execute()

    def send_message(self) -> None:
        """Tell the workers that there is work."""
        with redis.guard():
            redis.client().lpush(self.queue, self._message())

    def messages(self) -> int:
        """Return how many messages wait for the workers."""
        with redis.guard():
            return int(redis.client().llen(self.queue))

    def leave(self, *names: str) -> None:
        """Count pieces of work out of the load."""
        with redis.guard():
            redis.client().zrem(self.load, *names)

    def count(self, names: Sequence[str]) -> None:
        """Make the load what the rows say."""
        _recount(self.load, names)

    def _message(self) -> str:
        return _copied_of(self).replace(_NAME, str(uuid4()))


STEPS = Kind("steps", "olamchat.take_step")
DOCUMENTS = Kind("index", "olamchat.take_document")


def queue_name(pool: str) -> str:
    """Return the queue that a pool's workers take from."""
    return f"inference.{pool}"


def load_key(pool: str) -> str:
    """Return the sorted set of turns queued and running in a pool, scored by when they came, in Unix seconds."""
    return f"pool:{{{pool}}}:load"


def send_turn(pool: str) -> None:
    """Tell the pool's workers that there is work. Raises redis.Lost."""
    with redis.guard():
        redis.client().lpush(queue_name(pool), _message(pool))


def send_check(server: str) -> None:
    """Let a step worker look at what a server offers. Raises redis.Lost."""
    with redis.guard():
        redis.client().lpush(STEPS.queue, _written(STEPS.queue, CHECK_TASK, {"server": server}).replace(_NAME, str(uuid4())))


def send_connection(verb: str, *, server: str, user_id: UUID, **said: str | None) -> None:
    """Let a step worker begin, finish or give back a person's connection to a server. Raises redis.Lost."""
    keywords = {"verb": verb, "server": server, "user_id": str(user_id), "said": said}
    with redis.guard():
        redis.client().lpush(STEPS.queue, _written(STEPS.queue, CONNECT_TASK, keywords).replace(_NAME, str(uuid4())))


def send_offer(verb: str, *, server: str, user_id: UUID, reply: str = "", within_s: float = 0.0, **said: object) -> None:
    """Let a step worker ask a server in a person's name for what it offers, and reply (olamchat.replies). Raises redis.Lost."""
    keywords = {"verb": verb, "server": server, "user_id": str(user_id), "reply": reply, "until": time.time() + within_s, "said": said}
    with redis.guard():
        redis.client().lpush(STEPS.queue, _written(STEPS.queue, OFFER_TASK, keywords).replace(_NAME, str(uuid4())))


def enter(pool: str, turn_id: UUID | str) -> None:
    """Count the turn into the pool's load and tell the pool's workers, in one trip. Raises redis.Lost."""
    with redis.guard(), redis.client().pipeline(transaction=False) as trip:
        trip.zadd(load_key(pool), {str(turn_id): time.time()}, nx=True)
        trip.lpush(queue_name(pool), _message(pool))
        trip.execute()


def leave(pool: str, *turn_ids: UUID | str) -> None:
    """Count the turns out of the pool's load. Raises redis.Lost."""
    with redis.guard():
        redis.client().zrem(load_key(pool), *map(str, turn_ids))


def count_anew(pool: str, turn_ids: Sequence[str]) -> None:
    """Make the pool's load what the rows say: these turns and no others. Raises redis.Lost."""
    _recount(load_key(pool), turn_ids)


def _recount(key: str, names: Sequence[str]) -> None:
    now = time.time()
    with redis.guard():
        members: list[bytes] = redis.client().zrange(key, 0, -1)  # type: ignore[assignment]
        counted = {member.decode() for member in members}
        gone, missing = counted - set(names), set(names) - counted
        if gone:
            redis.client().zrem(key, *gone)
        if missing:
            redis.client().zadd(key, dict.fromkeys(missing, now))


def load(pool: str) -> int:
    """Return how many turns are queued or running in the pool. Raises redis.Lost."""
    with redis.guard():
        return int(redis.client().zcard(load_key(pool)))


def _message(pool: str) -> str:
    """Return a message as Celery sends it: only its name differs from that of the last one."""
    return _copied(pool).replace(_NAME, str(uuid4()))


@cache
def _copied(pool: str) -> str:
    """Let Celery make a message once; making each afresh costs ten times what sending it does."""
    return _written(queue_name(pool), TASK, {"pool": pool})


@cache
def _copied_of(kind: Kind) -> str:
    return _written(kind.queue, kind.task, {})


def _written(queue: str, task: str, keywords: Mapping[str, object]) -> str:
    """Let Celery write a message, in kombu's memory."""
    celery = Celery("olamchat", broker="memory://", set_as_current=False)
    celery.send_task(task, kwargs=keywords, queue=queue, task_id=_NAME, ignore_result=True)
    with celery.connection() as connection:
        message = connection.default_channel._get(queue)  # noqa: SLF001, the message as it is on the wire; kombu hands out decoded ones alone
    message["properties"]["delivery_tag"] = _NAME
    return json.dumps(message)
