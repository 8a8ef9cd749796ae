"""The one subscription of a process: made anew when it breaks, given up when it no longer hears its own pulse."""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from prometheus_client import Gauge

from olamchat.redis import Lost
from olamchat.tokenlog import Subscription, TokenLog
from olamchat.tokenlog.base import Heard

LAG = Gauge(
    "olamchat_stream_lag_seconds",
    "How long the last heartbeat was under way from this process through Redis and back.",
    multiprocess_mode="livemax",
)
# Seconds without hearing anything, its own pulse included, after which a subscription is given up.
DEAF_S = 3.0
# The pauses before a new try, from the first to the longest.
PAUSES_S = (0.05, 2.0)
_log = logging.getLogger(__name__)


class Listening:
    """Keeps a subscription to the topics that `names` returns. `take` gets what it hears, `lost` is called when it breaks."""

    def __init__(
        self, log: TokenLog, *, names: Callable[[], list[str]], take: Callable[[Sequence[Heard]], float], lost: Callable[[], None]
    ) -> None:
        self.sending = threading.RLock()  # held while topics are added or removed, so that the last word is the right one
        self._log, self._names, self._take, self._lost = log, names, take, lost
        self._ear: Subscription | None = None
        self._pulse = f"pulse:{uuid4().hex}"
        self._ended = False
        self._pulsed_at = self._heard_at = self._sent_at = time.monotonic()

    @property
    def deaf_s(self) -> float:
        """Seconds since the subscription last heard its own pulse."""
        return time.monotonic() - self._pulsed_at

    def add(self, topic: str) -> None:
        """Listen to one more topic; while the subscription is away it waits for the next one."""
        with self.sending:
            if self._ear is not None:
                self._try(self._ear.add, [topic])

    def remove(self, topics: Sequence[str]) -> None:
        """Listen to these no more. The caller holds `sending`."""
        if self._ear is not None:
            self._try(self._ear.remove, topics)

    def pulse(self) -> None:
        """Say something that the subscription must hear, and give it up when it hears nothing any more. Raises Lost.

        One that is only behind, its pulse waiting in line, goes on: a new one would have the same to hear, and more.
        """
        if time.monotonic() - self._heard_at > DEAF_S:
            with self.sending:
                if self._ear is not None:
                    _log.warning("the subscription has heard nothing for %.1f s; it is made anew", time.monotonic() - self._heard_at)
                    self._ear.close()
        self._sent_at = time.monotonic()
        self._log.wake(self._pulse)

    def run(self) -> None:
        """Listen until stop()."""
        pause_s = PAUSES_S[0]
        while not self._ended:
            began = time.monotonic()
            try:
                self._listen()
            except Lost as error:
                _log.warning("the subscription is lost: %s", error)
            except Exception:  # noqa: BLE001, whatever it is, the next subscription may fare better
                _log.exception("the subscription failed")
            try:
                self._lost()
            except Exception:  # noqa: BLE001, this thread has to live
                _log.exception("the topics could not be told that the subscription is lost")
            if self._pulsed_at > began:
                pause_s = PAUSES_S[0]
            time.sleep(pause_s * random.uniform(0.5, 1))
            pause_s = min(PAUSES_S[1], pause_s * 2)

    def stop(self) -> None:
        """Let run() come to its end, within a second or two."""
        self._ended = True

    def _listen(self) -> None:
        ear = self._log.subscribe()
        try:
            with self.sending:
                self._ear, self._heard_at = ear, time.monotonic()
                ear.add([self._pulse, *self._names()])
            while not self._ended:
                heard = ear.hear()
                if heard:
                    self._heard_at = time.monotonic()
                    time.sleep(self._take(self._without_pulse(heard)))
        finally:
            with self.sending:
                self._ear = None
            ear.close()

    def _without_pulse(self, heard: Sequence[Heard]) -> Sequence[Heard]:
        rest = [one for one in heard if one[0] != self._pulse]
        if len(rest) < len(heard):
            self._pulsed_at = time.monotonic()
            LAG.set(self._pulsed_at - self._sent_at)
        return rest

    def _try(self, say: Callable[[Sequence[str]], None], topics: Sequence[str]) -> None:
        try:
            say(topics)
        except Lost:
            _log.debug("the subscription is away; the next one knows all topics")
