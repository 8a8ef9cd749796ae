"""This worker's holds on its turns: keys in Redis that fall when nobody renews them. One thread renews all of them in one trip.

A lease says only that the worker lives; who may write is said by the attempt. So a lease is taken by the higher attempt, also from a
worker that still renews it, and renewing is refused to the lower one. The first renewal makes it: no turn is judged by its lease before
every worker has had the time, and an answer that ends earlier costs no trip.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from olamchat.redis import Lost, client, guard
from worker.periodic import Periodic

_log = logging.getLogger(__name__)

# KEYS leases; ARGV worker, milliseconds, an attempt for each. For each 1: held. 0: a higher attempt holds it.
_HOLD = """
local fates = {}
for i, lease in ipairs(KEYS) do
  local held, attempt = redis.call('GET', lease), ARGV[i + 2]
  if held and tonumber(string.match(held, '^%d+')) > tonumber(attempt) then
    fates[i] = 0
  else
    redis.call('SET', lease, attempt .. ' ' .. ARGV[1], 'PX', ARGV[2])
    fates[i] = 1
  end
end
return fates
"""
# A lease thread that has not come round for so many heartbeats hangs.
HEARTBEATS_MISSED = 15
# Leases that one call renews: a script stops Redis for everybody while it runs.
_AT_ONCE = 200
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then return redis.call('DEL', KEYS[1]) end return 0"


def key(turn_id: str) -> str:
    """Return the lease's key."""
    return f"lease:{{{turn_id}}}"


class Leases(Periodic):
    """The turns held by this worker. `on_lost` is called with the id of a turn that a higher attempt holds."""

    def __init__(self, worker: str, *, ttl_s: float, heartbeat_s: float, on_lost: Callable[[str], None]) -> None:
        super().__init__("leases", heartbeat_s, limit_s=heartbeat_s * HEARTBEATS_MISSED)
        self._worker, self._ttl_ms, self._on_lost = worker, int(ttl_s * 1000), on_lost
        self._held: dict[str, int] = {}
        self._renewed_once: set[str] = set()
        self._lock = threading.Lock()
        self._hold, self._release = client().register_script(_HOLD), client().register_script(_RELEASE)

    def hold(self, turn_id: str, attempt: int) -> None:
        """Hold the turn from the next renewal on, and until it is let go."""
        with self._lock:
            self._held[turn_id] = attempt

    def release(self, turn_id: str) -> None:
        """Let the turn go; where Redis can't be reached the lease falls by itself."""
        with self._lock:
            attempt = self._held.pop(turn_id, None)
            made = turn_id in self._renewed_once
            self._renewed_once.discard(turn_id)
        if attempt is not None and made:
            try:
                with guard():
                    self._release(keys=[key(turn_id)], args=[attempt, self._worker])
            except Lost:
                _log.warning("the lease of turn %s could not be given back, it falls by itself", turn_id)

    def round(self) -> None:
        """Renew all of them."""
        with self._lock:
            held = list(self._held.items())
            self._renewed_once.update(self._held)
        with guard():
            client().ping()
            kept = [mine for at in range(0, len(held), _AT_ONCE) for mine in self._renewed(held[at : at + _AT_ONCE])]
        for (turn_id, _), mine in zip(held, kept, strict=True):
            if not mine:
                self._on_lost(turn_id)

    def _renewed(self, held: Sequence[tuple[str, int]]) -> list[int]:
        keys = [key(turn_id) for turn_id, _ in held]
        fates: list[int] = self._hold(keys=keys, args=[self._worker, self._ttl_ms, *(attempt for _, attempt in held)])
        return fates
