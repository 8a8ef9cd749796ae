"""One thread hears the engines of all answers of this process.

An answer's own thread waits for the first word; what follows is read here, at the flusher's pace, so that a token wakes no thread of
its own. Whatever is out of the ordinary (the end, an error, more than its share) goes back to the answer's thread.
"""

import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Literal

from worker.answer.flusher import Flusher
from worker.engines.wire.http import SILENCE_S, readable
from worker.periodic import Periodic

# quiet: nothing more is there now. more: it is too much to be heard beside others. over: the model is done, or was closed.
Heard = Literal["quiet", "more", "over"]
# How often is looked for engines that have been silent for too long.
LOOK_S = 5.0

_log = logging.getLogger(__name__)


class Listener(Periodic):
    """Hears for the answers that `follow`, all that have something to hear in one go."""

    def __init__(self, flusher: Flusher) -> None:
        super().__init__("engine-reader")
        self.flusher = flusher
        self._selector = selectors.DefaultSelector()
        self._woken, self._wakes = socket.socketpair()
        for end in (self._woken, self._wakes):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._lock = threading.Lock()
        self._came: deque[_Follower] = deque()
        self._looks_at = 0.0

    def stop(self, wait_s: float = 5) -> None:
        """End the thread; who still follows is let go."""
        with self._lock:  # whoever comes later sees that nobody takes them in
            self._ending.set()
        super().stop(wait_s)

    def follow(self, source: socket.socket, hear: Callable[[], Heard], give_up: Callable[[], None]) -> Heard:
        """Call `hear` whenever the source can be read, until it says something else than quiet; return that, or raise what it raised.

        `give_up` is called after a silence that no engine is allowed; it has to make the source readable.
        """
        follower = _Follower(source, hear, give_up)
        with self._lock:
            alone = self._ending.is_set()
            if not alone:
                self._came.append(follower)
        if alone:
            if not readable(source, SILENCE_S):
                give_up()
            return "more"
        self.wake()
        follower.let_go.wait()
        if follower.error is not None:
            raise follower.error
        return follower.heard

    def wake(self) -> None:
        with suppress(OSError):  # it is woken already, or has ended
            self._wakes.send(b"\0")

    def round(self) -> None:
        ready = self._selector.select(LOOK_S)
        if (early := self.flusher.early()) > 0 and ready:
            time.sleep(early)
            ready = self._selector.select(0)
        with self.flusher.together():
            for key, _ in ready:
                self._hear(key.data)
        self._take_in()
        self._end_silence()

    def finish(self) -> None:
        self._take_in()
        for follower in self._followers():
            follower.heard = "more"
            self._let_go(follower)
        self._selector.close()
        self._woken.close()
        self._wakes.close()

    def _take_in(self) -> None:
        while self._came:
            follower = self._came.popleft()
            try:
                self._selector.register(follower.number, selectors.EVENT_READ, follower)
            except (ValueError, KeyError, OSError):  # its socket is closed already: its own thread finds out
                follower.heard = "more"
                follower.let_go.set()

    def _hear(self, follower: "_Follower | None") -> None:
        if follower is None:
            self._woken.recv(4096)
            return
        follower.heard_at = time.monotonic()
        try:
            follower.heard = follower.context.run(follower.hear)
        except Exception as error:  # noqa: BLE001, it belongs to the answer, whose thread raises it
            follower.error = error
        if follower.error is not None or follower.heard != "quiet":
            self._let_go(follower)

    def _let_go(self, follower: "_Follower") -> None:
        # Its socket may be closed by now and the number another's, but no other follower's: they are taken in by this thread alone.
        self._selector.unregister(follower.number)
        follower.let_go.set()

    def _end_silence(self) -> None:
        if (now := time.monotonic()) > self._looks_at:
            self._looks_at = now + LOOK_S
            for follower in self._followers():
                if now - follower.heard_at > SILENCE_S:
                    follower.give_up()

    def _followers(self) -> "list[_Follower]":
        return [key.data for key in self._selector.get_map().values() if key.data is not None]


class _Follower:
    """An answer whose engine is heard here: how to hear it, and what came of that."""

    def __init__(self, source: socket.socket, hear: Callable[[], Heard], give_up: Callable[[], None]) -> None:
        self.number, self.hear, self.give_up = source.fileno(), hear, give_up
        self.context = copy_context()
        self.heard: Heard = "quiet"
        self.heard_at = time.monotonic()
        self.error: Exception | None = None
        self.let_go = threading.Event()
