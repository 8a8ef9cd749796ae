"""One thread tells the roster what this worker's engines can answer now."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import msgspec

from olamchat import jobs, roster
from olamchat.redis import Lost
from olamchat.roster import Offer
from worker import metrics
from worker.engines.base import Engine, EngineUnavailable, Model
from worker.pools import Pools

PERIOD_S = 3.0
PATIENCE_S = 6.0
TTL_S = 15.0
_log = logging.getLogger(__name__)


class Announcer:
    """Asks the engines for their models and announces them every few seconds."""

    def __init__(self, worker: str, pools: Pools, *, capacity: int, running: Callable[[], int]) -> None:
        self._worker, self._pools, self._capacity, self._running = worker, pools, capacity, running
        self._last: dict[str, list[Offer]] = {name: [] for name in pools}
        self._ending = threading.Event()
        self._askers = ThreadPoolExecutor(len(pools), thread_name_prefix="models")
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Withdraw: no function offers this worker's models any more, unless another worker has them."""
        self._ending.set()
        self._thread.join(PATIENCE_S)
        self._askers.shutdown(wait=False, cancel_futures=True)
        try:
            roster.withdraw(self._worker)
        except Lost:
            _log.warning("the roster could not be told that this worker ends; its entry falls by itself")

    def _run(self) -> None:
        while True:
            self._announce()
            if self._ending.wait(PERIOD_S):
                return

    def _announce(self) -> None:
        wait([self._askers.submit(self._ask, name, engine) for name, engine in self._pools.items()], PATIENCE_S)
        if self._ending.is_set():
            return
        offers = [offer for name in self._pools for offer in self._last[name]]
        for name in self._pools:
            metrics.CAPACITY.labels(name).set(self._capacity)
        try:
            for name in self._pools:
                metrics.LOAD.labels(name).set(jobs.load(name))
            roster.announce(self._worker, offers, capacity=self._capacity, running=self._running(), ttl_s=TTL_S)
        except Lost:
            _log.warning("models could not be announced: Redis can't be reached")

    def _ask(self, pool: str, engine: Engine) -> None:
        try:
            self._last[pool] = [_offer(pool, engine, model) for model in engine.models()]
        except EngineUnavailable as error:
            _log.warning("pool %s: %s", pool, error)
            self._last[pool] = [msgspec.structs.replace(offer, state="down") for offer in self._last[pool]]


def _offer(pool: str, engine: Engine, model: Model) -> Offer:
    return Offer(
        model=model.name,
        pool=pool,
        engine=engine.kind,
        context_length=model.context_length,
        state=model.state,
        capabilities=model.capabilities,
        can_continue=engine.can_continue,
    )
