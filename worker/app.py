"""The Celery app. A message says only that there is work in a pool; rows say what it is, so that losing or doubling one does no harm.

Why these settings: docs/decisions (leases instead of the broker's redelivery).
"""

import logging
from collections.abc import Sequence
from queue import Empty
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.transport import redis as transport

from olamchat import redis_url
from olamchat.environment import Environment
from olamchat.jobs import queue_name

# Seconds between two tries to reach Redis. Celery's own pauses grow, so that after an outage of half a minute nobody would be heard for another ten seconds.
AGAIN_S = 1.0
_log = logging.getLogger(__name__)


class _Channel(transport.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        """Throw away what no sender of ours wrote: kombu would let the error end the worker."""
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            _log.warning("a message in the queue is not one of ours and was thrown away: %s", type(error).__name__)
            raise Empty from None


class _Transport(transport.Transport):
    Channel = _Channel


class _Connection(Connection):
    def get_transport_cls(self) -> type[_Transport]:
        return _Transport

    def _ensure_connection(self, *args: Any, **given: Any) -> Any:
        steady = {"interval_start": AGAIN_S, "interval_step": 0, "interval_max": AGAIN_S}
        return super()._ensure_connection(*args, **(steady | given))  # type: ignore[no-untyped-call]


class _Amqp(AMQP):  # type: ignore[misc]
    Connection = _Connection


def follow(app: Celery, consumer: Any, came: Sequence[str], went: Sequence[str]) -> None:
    """Hear the queues of pools that came, and no longer those of pools that went; from any thread."""
    for pool in came:
        queue = Queue(queue_name(pool), routing_key=queue_name(pool))  # type: ignore[no-untyped-call]
        app.amqp.queues.add(queue)
        consumer.call_soon(consumer.add_task_queue, queue_name(pool))
    for pool in went:
        consumer.call_soon(consumer.cancel_task_queue, queue_name(pool))


def make(environment: Environment, queues: Sequence[str]) -> Celery:
    """Return the app that hears these queues."""
    app = Celery("olamchat", broker=redis_url.without_parameters(environment.redis_url), amqp=_Amqp)
    app.conf.update(
        broker_use_ssl=redis_url.tls(environment.redis_url),
        task_queues=[Queue(name, routing_key=name) for name in queues],  # type: ignore[no-untyped-call]
        task_ignore_result=True,
        task_acks_late=False,
        task_serializer="json",
        accept_content=["json"],
        broker_transport_options={
            # A message says only that there is work: a lost one is made again, so nothing is kept of those that were taken.
            "ack_emulation": False,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
        },
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # Redis that refuses for now (read-only, no replicas, loading) is an outage too: without this the worker would exit.
        broker_channel_error_retry=True,
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=True,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_concurrency=environment.concurrency,
        worker_pool="threads",
    )
    return app
