"""The nudge that ends a running answer at once. The lasting word is the turn's row; a lost nudge is made good by reading it."""

from collections.abc import Iterator
from uuid import UUID

from olamchat import redis

CHANNEL = "stops"


def nudge(turn_id: UUID | str) -> None:
    """Tell every worker that the turn is to end. Raises redis.Lost."""
    with redis.guard():
        redis.client().publish(CHANNEL, str(turn_id))


def listen(wait_s: float = 1.0) -> Iterator[str | None]:
    """Yield the ids of turns that are to end, for ever; None when nothing came for `wait_s`. Raises redis.Lost."""
    with redis.guard():
        subscription = redis.connect(command_s=None).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        subscription.subscribe(CHANNEL)
        try:
            while True:
                message = subscription.get_message(timeout=wait_s)
                yield message["data"].decode() if message else None
        finally:
            subscription.close()
