"""Jobs: "there is work in this pool". A job names no answer; whose turn it is, the worker asks Postgres.

So a lost job is made again from the rows, and a doubled one does no harm. The load set of a pool holds the turns queued and
running in it; autoscaling counts it.
"""

import time
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from celery import Celery
from celery.app.amqp import AMQP
from kombu.exceptions import OperationalError

from olamchat import broker, redis
from olamchat.environment import environment

TASK = "olamchat.take_turn"
_TIMEOUTS = {"socket_timeout": redis.COMMAND_S, "socket_connect_timeout": redis.CONNECT_S}
# Without these kombu knocks again and again at a door that is shut.
_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class _Amqp(AMQP):  # type: ignore[misc]
    Connection = broker.Connection


def queue_name(pool: str) -> str:
    """Return the queue that a pool's workers take from."""
    return f"inference.{pool}"


def load_key(pool: str) -> str:
    """Return the sorted set of turns queued and running in a pool, scored by when they came, in Unix seconds."""
    return f"pool:{{{pool}}}:load"


def send_turn(pool: str) -> None:
    """Tell the pool's workers that there is work. Raises redis.Lost."""
    try:
        with redis.guard():
            _producer().send_task(TASK, kwargs={"pool": pool}, queue=queue_name(pool), ignore_result=True, retry=False)
    except OperationalError as error:
        raise redis.Lost(str(error)) from error


def enter(pool: str, turn_id: UUID | str) -> None:
    """Count the turn into the pool's load. Raises redis.Lost."""
    with redis.guard():
        redis.client().zadd(load_key(pool), {str(turn_id): time.time()}, nx=True)


def leave(pool: str, turn_id: UUID | str) -> None:
    """Count the turn out of the pool's load. Raises redis.Lost."""
    with redis.guard():
        redis.client().zrem(load_key(pool), str(turn_id))


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


@cache
def _producer() -> Celery:
    producer = Celery("olamchat", broker=environment().redis_url, amqp=_Amqp, set_as_current=False)
    producer.conf.update(
        broker_connection_timeout=redis.CONNECT_S,
        broker_connection_retry=False,
        broker_transport_options={**broker.UNKEPT, **_TIMEOUTS, **_ONCE},
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
    )
    return producer
