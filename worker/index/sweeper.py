"""Makes right what a crash or a lost message left wrong with documents. A thread in every index worker, one of them at work at a time.

- A document that is being read and has no lease: its worker is gone, another goes on at the last batch.
- A document that waits while nothing in the broker says so: a message for it is sent.
- An answer that waits for documents of which none is being read any more: it goes on.
- Documents that were embedded by another model, or not at all: they are embedded by this one.
- What was deleted a day ago is erased; and the load that autoscaling counts.
"""

import logging
import time

from olamchat import jobs
from olamchat.environment import Environment
from olamchat.services.knowledge import indexing
from olamchat.services.turns import reading
from worker import metrics
from worker.engines.base import EngineError
from worker.pools.space import Space
from worker.upkeep.sweeping import PATIENCE_S, SEND_AT_ONCE, Sweeping, without_lease

LOCK = "sweeper:index:lock"
RARELY_S = 60.0
_log = logging.getLogger(__name__)


class Sweeper(Sweeping):
    """Sweeps what index workers leave behind."""

    def __init__(self, worker: str, environment: Environment, space: Space) -> None:
        super().__init__(LOCK, worker, environment)
        self._space = space
        self._rarely_at = 0.0

    def give_orphans_back(self) -> None:
        by_name = {str(row["id"]): row for row in indexing.running(self.judge_after_s - 1)}
        for name in without_lease(list(by_name)):
            row = by_name[name]
            if indexing.give_back(row["id"], row["attempt"], died=True):
                _log.warning("document %s has lost its worker in attempt %s; another goes on", row["id"], row["attempt"])
                metrics.SWEPT.labels("document").inc()

    def send_missing(self) -> None:
        waiting = indexing.waiting(PATIENCE_S)
        for _ in range(min(waiting - jobs.DOCUMENTS.messages(), SEND_AT_ONCE)) if waiting else ():
            jobs.DOCUMENTS.send_message()
            metrics.SWEPT.labels("message").inc()

    def do_slow_duties(self) -> None:
        metrics.SWEPT.labels("reading").inc(reading.release())
        load = indexing.load()
        jobs.DOCUMENTS.count(load)
        metrics.DOCUMENTS_OPEN.set(len(load))
        if time.monotonic() >= self._rarely_at:
            self._rarely_at = time.monotonic() + RARELY_S
            metrics.SWEPT.labels("deleted_document").inc(indexing.sweep())
            self._embed_again()

    def _embed_again(self) -> None:
        try:
            space = self._space.number()
        except EngineError as failure:
            _log.warning("documents wait for their embeddings: %s", failure)
            return
        if space is not None:
            metrics.SWEPT.labels("embedding").inc(indexing.embed_again(space))
