"""Jobs: "there is work in this pool". A job names no answer; whose turn it is, the worker asks Postgres.

So a lost job is made again from the rows, and a doubled one does no harm. The load set of a pool holds the turns queued and
running in it; autoscaling counts it.
"""

import json
import time
from collections.abc import Sequence
from functools import cache
from uuid import UUID, uuid4

from celery import Celery

from olamchat import redis

TASK = "olamchat.take_turn"
# What stands for a message's own name in the message that all are copied from.
_NAME = "00000000-name-of-this-message-00000000"


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
    key, now = load_key(pool), time.time()
    with redis.guard():
        members: list[bytes] = redis.client().zrange(key, 0, -1)  # type: ignore[assignment]
        counted = {member.decode() for member in members}
        gone, missing = counted - set(turn_ids), set(turn_ids) - counted
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
    """Let Celery make a message once, in kombu's memory; making each anew cost ten times what sending it does."""
    queue = queue_name(pool)
    celery = Celery("olamchat", broker="memory://", set_as_current=False)
    celery.send_task(TASK, kwargs={"pool": pool}, queue=queue, task_id=_NAME, ignore_result=True)
    with celery.connection() as connection:
        message = connection.default_channel._get(queue)  # noqa: SLF001, the message as it is on the wire; kombu hands out decoded ones alone
    message["properties"]["delivery_tag"] = _NAME
    return json.dumps(message)
