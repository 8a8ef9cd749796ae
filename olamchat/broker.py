"""How Celery talks to Redis here: by kombu's own transport, told that a message may be lost, and with one client where it makes one for each call."""

from typing import Any

from kombu.connection import Connection as _Connection
from kombu.transport import redis

# A message says only that there is work, and rows say what it is: a sweeper makes a lost one again. So nothing is kept of those that were taken.
UNKEPT = {"ack_emulation": False}


class _Channel(redis.Channel):
    _kept: Any = None

    def _create_client(self, asynchronous: bool = False) -> Any:
        if asynchronous:
            return super()._create_client(asynchronous=True)  # type: ignore[no-untyped-call]
        if self._kept is None or self._kept.connection_pool is not self.pool:
            self._kept = super()._create_client()  # type: ignore[no-untyped-call]
        return self._kept


class _Transport(redis.Transport):
    Channel = _Channel


class Connection(_Connection):
    """A connection of kombu's over Redis."""

    def get_transport_cls(self) -> Any:
        return _Transport
