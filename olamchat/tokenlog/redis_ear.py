"""One connection to Redis that hears many topics: what a read brings is parsed by hiredis in one go, with nothing in between.

redis-py's PubSub takes a message through a dozen calls; at tens of thousands a second that was half of a stream process's time.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import hiredis

from olamchat import redis
from olamchat.tokenlog.base import Entry

READ_BYTES = 262_144


class RedisSubscription:
    """A Subscription; `add` and `remove` may be called while another thread or greenlet listens."""

    def __init__(self) -> None:
        self._client = redis.connect(command_s=None)
        self._sending = threading.Lock()
        with redis.guard():
            self._connection = self._client.connection_pool.get_connection()
        reads_from = self._connection._get_socket()  # noqa: SLF001, there is no other way to it
        assert reads_from is not None
        self._socket = reads_from
        self._reader = hiredis.Reader()

    def add(self, topic: str) -> None:
        self._send("SUBSCRIBE", topic)

    def remove(self, topic: str) -> None:
        self._send("UNSUBSCRIBE", topic)

    def listen(self) -> Iterator[tuple[str, Entry | None]]:
        """Yield what is told. The messages of one read follow each other without a pause."""
        while data := self._receive():
            self._reader.feed(data)
            while (message := self._reader.gets()) is not False:
                kind, topic, payload = message
                if kind == b"message":
                    entry_id, _, body = payload.partition(b"\n")
                    yield topic.decode(), Entry(entry_id.decode(), body)
                elif kind == b"subscribe":
                    yield topic.decode(), None
        raise redis.Lost("the subscription's connection has ended")

    def close(self) -> None:
        """End the connection; whoever listens to it gets redis.Lost."""
        with suppress(OSError):  # it may have ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)
        self._connection.disconnect()  # type: ignore[no-untyped-call]
        self._client.close()

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(READ_BYTES)
        except OSError as error:
            raise redis.Lost(str(error)) from error

    def _send(self, *words: str) -> None:
        with self._sending, redis.guard():
            self._connection.send_command(*words, check_health=False)  # type: ignore[no-untyped-call]
