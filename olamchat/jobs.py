"""Jobs: "there is work in this pool". A job names no answer; whose turn it is, the worker asks Postgres.

So a lost job is made again from the rows, and a doubled one does no harm. The load set of a pool holds the turns queued and
running in it; autoscaling counts it. Steps have one queue and one load for all.
"""

import json
import time
from collections.abc import Sequence
from functools import cache
from uuid import UUID, uuid4

from celery import Celery

from olamchat import redis

TASK, STEP_TASK, CHECK_TASK = "olamchat.take_turn", "olamchat.take_step", "olamchat.check_server"
STEPS_QUEUE, STEPS_LOAD = "steps", "steps:load"
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


def send_step(name: str) -> None:
    """Count a step into the load and tell the step workers, in one trip. Raises redis.Lost."""
    with redis.guard(), redis.client().pipeline(transaction=False) as trip:
        trip.zadd(STEPS_LOAD, {name: time.time()}, nx=True)
        trip.lpush(STEPS_QUEUE, _step_message())
        trip.execute()


def send_step_message() -> None:
    """Tell the step workers that there is work. Raises redis.Lost."""
    with redis.guard():
        redis.client().lpush(STEPS_QUEUE, _step_message())


def send_check(server: str) -> None:
    """Let a step worker look at what a server offers. Raises redis.Lost."""
    with redis.guard():
        redis.client().lpush(STEPS_QUEUE, _written(STEPS_QUEUE, CHECK_TASK, {"server": server}).replace(_NAME, str(uuid4())))


def step_messages() -> int:
    """Return how many messages wait for step workers. Raises redis.Lost."""
    with redis.guard():
        return int(redis.client().llen(STEPS_QUEUE))


def leave_steps(*names: str) -> None:
    """Count steps out of the load. Raises redis.Lost."""
    with redis.guard():
        redis.client().zrem(STEPS_LOAD, *names)


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


def count_steps(names: Sequence[str]) -> None:
    """Make the steps' load what the rows say. Raises redis.Lost."""
    _recount(STEPS_LOAD, names)


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


def _step_message() -> str:
    return _copied_step().replace(_NAME, str(uuid4()))


@cache
def _copied_step() -> str:
    return _written(STEPS_QUEUE, STEP_TASK, {})


def _written(queue: str, task: str, keywords: dict[str, str]) -> str:
    """Let Celery write a message, in kombu's memory."""
    celery = Celery("olamchat", broker="memory://", set_as_current=False)
    celery.send_task(task, kwargs=keywords, queue=queue, task_id=_NAME, ignore_result=True)
    with celery.connection() as connection:
        message = connection.default_channel._get(queue)  # noqa: SLF001, the message as it is on the wire; kombu hands out decoded ones alone
    message["properties"]["delivery_tag"] = _NAME
    return json.dumps(message)
