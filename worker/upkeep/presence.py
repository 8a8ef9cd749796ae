"""One thread tells the roster what this worker's engines can answer now."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import msgspec

from olamchat import jobs, roster
from olamchat.network import addresses
from olamchat.redis import Lost
from olamchat.roster import Offer
from worker import metrics
from worker.engines.base import EngineUnavailable, Fetches, Model
from worker.periodic import Periodic
from worker.pools.config import Pools
from worker.pools.pool import Pool
from worker.pools.replicas import Replica

PERIOD_S = 3.0
PATIENCE_S = 6.0
ASKERS = 8
TTL_S = 15.0
_log = logging.getLogger(__name__)


class Announcer(Periodic):
    """Asks the engines for their models and announces them every few seconds; `running` says how many turns run and were taken."""

    def __init__(
        self,
        worker: str,
        pools: Pools,
        *,
        capacity: int,
        running: Callable[[], tuple[int, int]],
        on_change: Callable[[list[str], list[str]], None],
    ) -> None:
        super().__init__("presence", PERIOD_S, at_once=True)
        self._worker, self._pools, self._capacity, self._running, self._on_change = worker, pools, capacity, running, on_change
        self._last: dict[str, list[Offer]] = {}
        self._asked: dict[str, Future[None]] = {}
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="models")

    def stop(self, wait_s: float = PATIENCE_S) -> None:
        """Withdraw: no function offers this worker's models any more, unless another worker has them."""
        super().stop(wait_s)
        self._askers.shutdown(wait=False, cancel_futures=True)
        try:
            roster.withdraw(self._worker)
        except Lost:
            _log.warning("the roster could not be told that this worker ends; its entry falls by itself")

    def round(self) -> None:
        self._refresh()
        self._announce()

    def _refresh(self) -> None:
        came, went = self._pools.refresh()
        if came or went:
            self._on_change(came, went)

    def _announce(self) -> None:
        served = list(self._pools.served)
        for name in served:
            if name not in self._asked or self._asked[name].done():  # one that hangs keeps one asker busy, not all
                self._asked[name] = self._askers.submit(self._ask, self._pools[name])
        wait([self._asked[name] for name in served], PATIENCE_S)
        if self._ending.is_set():
            return
        for name in served:
            metrics.CAPACITY.labels(name).set(self._capacity_of(self._pools[name]))
        offers = [offer for name in served for offer in self._last.get(name, [])]
        seen = [_replica(self._pools[name], replica) for name in served for replica in self._pools[name].replicas]
        for name in served:
            metrics.LOAD.labels(name).set(jobs.load(name))
        running, taken = self._running()
        roster.announce(self._worker, offers, capacity=self._capacity, running=running, taken=taken, replicas=seen, ttl_s=TTL_S)

    def _capacity_of(self, pool: Pool) -> int:
        return min(self._capacity, pool.capacity or self._capacity)

    def _ask(self, pool: Pool) -> None:
        try:
            capacity = self._capacity_of(pool)
            self._last[pool.name] = [_offer(pool, model, capacity) for model in pool.models()]
        except EngineUnavailable:  # the pool's log line names the replica
            self._last[pool.name] = [msgspec.structs.replace(offer, state="down") for offer in self._last.get(pool.name, [])]


def _replica(pool: Pool, replica: Replica) -> roster.Replica:
    loaded = tuple(sorted(name for name, model in replica.offers.items() if model.state == "loaded")) if replica.is_up else ()
    return roster.Replica(
        pool=pool.name, address=addresses.place(replica.url), up=replica.is_up, busy=replica.busy,
        waiting=replica.waiting, loaded=loaded, trouble=replica.trouble, kind=replica.engine.kind, fetches=isinstance(replica.engine, Fetches),
    )  # fmt: skip


def _offer(pool: Pool, model: Model, capacity: int) -> Offer:
    return Offer(
        model=model.name,
        display_name=model.display_name,
        pool=pool.name,
        engine=pool.kind,
        capacity=capacity,
        context_length=model.context_length,
        state=model.state,
        capabilities=model.capabilities,
        efforts=model.efforts,
        can_continue=bool(model.can_continue),
        calls_tools=pool.calls_tools(model.name),
    )
