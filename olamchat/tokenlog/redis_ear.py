"""One connection to Redis that hears many topics: what a read brings is parsed by hiredis in one go, with nothing in between.

redis-py's PubSub takes a message through a dozen calls; at tens of thousands a second that was half of a stream process's time.
"""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, cast

import hiredis

from olamchat import redis
from olamchat.tokenlog.base import Entry, Heard

READ_BYTES = 262_144
# How long hear() waits for something to come.
WAIT_S = 1.0


class RedisSubscription:
    """A Subscription in Redis's Pub/Sub."""

    def __init__(self) -> None:
        self._client = redis.connect(command_s=WAIT_S)
        self._sending = threading.Lock()
        with redis.guard():
            self._connection = cast(Any, self._client.connection_pool.get_connection())
        self._socket: socket.socket = self._connection._get_socket()  # noqa: SLF001, the only way to what the connection reads from
        self._socket.settimeout(WAIT_S)
        self._reader = hiredis.Reader()

    def add(self, topics: Sequence[str]) -> None:
        self._send("SUBSCRIBE", topics)

    def remove(self, topics: Sequence[str]) -> None:
        self._send("UNSUBSCRIBE", topics)

    def hear(self) -> list[Heard]:
        self._reader.feed(self._receive())
        return list(self._heard())

    def close(self) -> None:
        """End the connection; whoever listens to it gets redis.Lost."""
        with suppress(OSError):  # it may have ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)
        self._connection.disconnect()
        self._client.close()

    def _heard(self) -> Iterator[Heard]:
        while (message := self._reader.gets()) is not False:
            if isinstance(message, Exception):
                raise redis.Lost(str(message))
            kind, topic, payload = message
            if kind == b"message":
                entry_id, _, body = payload.partition(b"\n")
                yield topic.decode(), Entry(entry_id.decode(), body)
            elif kind == b"subscribe":
                yield topic.decode(), None

    def _receive(self) -> bytes:
        try:
            data = self._socket.recv(READ_BYTES)
        except TimeoutError:
            return b""
        except OSError as error:
            raise redis.Lost(str(error)) from error
        if not data:
            raise redis.Lost("the subscription's connection has ended")
        return data

    def _send(self, word: str, topics: Sequence[str]) -> None:
        if topics:
            with self._sending, redis.guard():
                self._connection.send_command(word, *topics, check_health=False)
