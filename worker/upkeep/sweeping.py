"""What the sweepers share: one of each kind at work at a time, and nobody judged by a lease while leases could not be renewed."""

import logging
import time
from collections.abc import Sequence

from olamchat.environment import Environment
from olamchat.redis import Lost, client, guard
from worker.periodic import Periodic
from worker.upkeep import leases

EPOCH = "sweeper:epoch"
# Something waits this long before the message for it is missed, and no more than so many messages are sent in one round.
PATIENCE_S = 1.0
SEND_AT_ONCE = 100
# How often the slower duties are done.
SLOW_S = 2.0
_log = logging.getLogger(__name__)

# KEYS lock, epoch; ARGV worker, milliseconds. Returns -1: another sweeps; else for how many milliseconds this Redis has known sweepers.
TAKE_LOCK = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[2], now, 'NX')
return now - tonumber(redis.call('GET', KEYS[2]))
"""


class Sweeping(Periodic):
    """Sweeps every `sweep_s` whatever one kind of worker leaves behind; `lock` is the key that says who sweeps."""

    def __init__(self, lock: str, worker: str, environment: Environment) -> None:
        super().__init__("sweeper", environment.sweep_s)
        self._key, self._worker, self._sweep_s = lock, worker, environment.sweep_s
        self.judge_after_s = environment.lease_ttl_s + environment.heartbeat_s
        self._lock = client().register_script(TAKE_LOCK)
        self._judge_from = self._slow_at = 0.0

    def stop(self, wait_s: float = 5) -> None:
        """End, and let another sweep at once."""
        super().stop(wait_s)
        try:
            with guard():
                if client().get(self._key) == self._worker.encode():
                    client().delete(self._key)
        except Lost:
            _log.warning("the sweeper's lock could not be given back, it expires by itself")

    def round(self) -> None:
        try:
            self.sweep()
        except Lost:
            # Leases could not be renewed either: judge nobody before everyone has had the time.
            self._judge_from = time.monotonic() + self.judge_after_s
            raise

    def sweep(self) -> None:
        """Do what is due, if it is this worker's turn to sweep."""
        with guard():
            known_ms = int(self._lock(keys=[self._key, EPOCH], args=[self._worker, int(max(self._sweep_s * 4, 2.0) * 1000)]))
        if known_ms < 0:
            return
        if known_ms >= self.judge_after_s * 1000 and time.monotonic() >= self._judge_from:
            self.give_orphans_back()
        self.send_missing()
        if time.monotonic() >= self._slow_at:
            self._slow_at = time.monotonic() + SLOW_S
            self.do_slow_duties()

    def give_orphans_back(self) -> None:
        """Free what runs without a lease: its worker is gone."""
        raise NotImplementedError

    def send_missing(self) -> None:
        """Send a message for what waits while nothing in the broker says so."""
        raise NotImplementedError

    def do_slow_duties(self) -> None:
        """Do what need not be done in every round."""
        raise NotImplementedError


def without_lease(names: Sequence[str]) -> set[str]:
    """Return which of these nobody holds a lease on. Raises Lost."""
    if not names:
        return set()
    with guard():
        held = client().mget([leases.key(name) for name in names])
    return {name for name, lease in zip(names, held, strict=True) if lease is None}
