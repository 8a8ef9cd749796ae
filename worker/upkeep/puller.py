"""One thread has the engines of this worker's pools fetch the models that administrators ask for."""

import logging
import time

import msgspec

from olamchat import pulls
from olamchat.pulls import Pull
from worker.engines.base import EngineError, Fetched, Fetches, Fetching
from worker.engines.wire.http import SILENCE_S
from worker.periodic import STUCK_S, Periodic
from worker.pools.config import Pools
from worker.pools.pool import TROUBLE, Pool

PERIOD_S = 2.0
# How often a pull says how far it is, and hears whether it is still wanted.
TOLD_S = 0.5
_log = logging.getLogger(__name__)


class Puller(Periodic):
    """Goes through what is asked for; of each pull one worker's thread sees to it, one engine after another."""

    def __init__(self, worker: str, pools: Pools) -> None:
        super().__init__("puller", PERIOD_S, limit_s=SILENCE_S + STUCK_S)
        self._worker, self._pools = worker, pools
        self._fetching: Fetching | None = None

    def wake(self) -> None:
        """Leave a pull where it is; another worker goes on with it, or this one after its restart."""
        if self._fetching is not None:
            self._fetching.close()

    def round(self) -> None:
        pools = {name: self._pools[name] for name in self._pools.served}
        if not any(isinstance(replica.engine, Fetches) for pool in pools.values() for replica in pool.replicas):
            return
        for pull in pulls.every():
            if not pull.is_over and pull.pool in pools and pulls.hold(pull, self._worker):
                self._see_to(pull, pools[pull.pool])

    def _see_to(self, pull: Pull, pool: Pool) -> None:
        try:
            over = self._pull(pull, pool)
        except EngineError as error:
            _log.warning("pool %s could not fetch %s: %s", pull.pool, pull.model, error)
            over = msgspec.structs.replace(pull, status="failed", trouble=str(error)[:TROUBLE])
        if over is not None:
            pulls.tell(over)
        pulls.release(pull, self._worker)

    def _pull(self, pull: Pull, pool: Pool) -> Pull | None:
        """Return the pull as it is in the end, None where it is not wanted any more, or another worker is to go on."""
        engines = [replica.engine for replica in pool.replicas if isinstance(replica.engine, Fetches)]
        now = Fetched(0, 0)
        for engine in engines:
            told_at = 0.0
            self._fetching = fetching = engine.fetch(pull.model)
            for now in fetching:
                self.come_round()
                if time.monotonic() - told_at < TOLD_S:
                    continue
                told_at = time.monotonic()
                if not (pulls.hold(pull, self._worker) and pulls.tell(_at(pull, now))):
                    fetching.close()
                    return None
            if self._ending.is_set():
                return None
        return msgspec.structs.replace(_at(pull, now), status="done")


def _at(pull: Pull, now: Fetched) -> Pull:
    return msgspec.structs.replace(pull, status="pulling", completed=now.completed, total=max(now.total, now.completed))
