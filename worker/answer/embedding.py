"""A turn that asks for embeddings: its texts are sent batch by batch, and its vectors kept with its end."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from olamchat import jobs
from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services import embeddings
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Ending, Partial, Taken
from olamchat.tokenlog.base import TokenLog
from olamchat.tokenlog.events import Started, frame
from olamchat.tokenlog.replay import Text
from worker import metrics
from worker.answer.failures import not_embedded
from worker.answer.timings import Stopwatch
from worker.engines.base import AnswerUnreadable, Embedded, EngineError, EngineUnavailable, RequestRejected, ToEmbed, Usage
from worker.pools.pool import Pool
from worker.pools.space import AT_ONCE
from worker.upkeep.cleaner import Tidier
from worker.upkeep.leases import Leases
from worker.upkeep.persistence import persistently

Cause = Literal["stopped", "fenced", "handed"]
T = TypeVar("T")
# After the engine's first and second failure; the third is the last.
BACK_OFF_S = (0.5, 5.0)
# Letters of a token, where the engine doesn't count.
LETTERS = 4
_log = logging.getLogger(__name__)


class Embedding:
    """A request for embeddings that this process carries out. `stop`, `fence` and `hand_over` may come from any thread.

    A batch that is at the engine is waited for; what it makes is dropped.
    """

    def __init__(self, turn: Taken, pool: Pool, log: TokenLog, *, leases: Leases, tidier: Tidier) -> None:
        self.turn, self._pool, self._log, self._leases, self._tidier = turn, pool, log, leases, tidier
        self.id = str(turn.id)
        self.made_another = False
        self._cause: Cause | None = "stopped" if turn.stop else None
        self._over, self._leaving = threading.Event(), threading.Event()
        self._watch = Stopwatch(turn)
        self._made: list[bytes] = []
        self._tokens = 0

    def stop(self) -> None:
        """Make no more."""
        self._end("stopped")

    def fence(self) -> None:
        """Leave it: another attempt has the turn."""
        self._end("fenced")

    def hand_over(self) -> None:
        """Let another worker do it."""
        self._end("handed")

    def partial(self) -> Partial:
        """Return nothing to be saved, for who asks whether the turn is still this one's."""
        return Partial(id=self.turn.id, attempt=self.turn.attempt)

    def run(self) -> None:
        """Bring the turn to its end."""
        self._leases.hold(self.id, self.turn.attempt)
        try:
            self._finish(self._error())
        finally:
            self._leases.release(self.id)
            self._watch.span.end(failed="")

    def _end(self, cause: Cause) -> None:
        if self._cause is None or cause == "fenced":
            self._cause = cause
        self._over.set()
        if cause != "stopped":
            self._leaving.set()

    def _error(self) -> Exception | None:
        """Make the embeddings; return the error that ended it for good."""
        try:
            if self.turn.kills:
                return RuntimeError("workers died of it")
            self._claim()
            self._embed((self.turn.request or {})["embed"])
        except EngineError as error:
            return error
        except Exception as bug:  # noqa: BLE001, nothing ends silently: its caller is told, the log has the trace
            _log.error("embeddings %s failed", self.id, exc_info=bug)
            return bug
        return None

    def _claim(self) -> None:
        """Make this attempt the one that may tell the end. Without Redis nobody is told, and who waits looks for it in Postgres."""
        started = Started(message_id=self.id, attempt=self.turn.attempt, model=self.turn.model, at=0, reasoning_at=0)
        try:
            if self._log.claim(self.turn.topic, self.id, self.turn.attempt, frame(started)) == "stale":
                self.fence()
        except Lost:
            _log.warning("embeddings %s begin without the log: Redis can't be reached", self.id)

    def _embed(self, asked: Mapping[str, Any]) -> None:
        texts = asked["texts"]
        for at in range(0, len(texts), AT_ONCE):
            batch = ToEmbed(
                model=self.turn.model, texts=texts[at : at + AT_ONCE], dimensions=asked["dimensions"], truncate=asked["truncate"]
            )
            found = self._asked(batch)
            if found is None or self._cause is not None:
                return
            self._made += _checked(found.vectors, batch)
            self._tokens += sum(map(len, batch.texts)) // LETTERS if found.tokens is None else found.tokens
        if len({len(vector) for vector in self._made}) > 1:
            raise AnswerUnreadable("its embeddings are not all of one size")

    def _asked(self, batch: ToEmbed) -> Embedded | None:
        """Ask until the engine answers; None where this ends before. Raises EngineError for the last failure."""
        for pause_s in (*BACK_OFF_S, None):
            if self._cause is not None:
                return None
            try:
                return self._pool.embed(batch)
            except EngineError as error:
                _log.warning("embeddings %s: %s: %s", self.id, error.code, error)
                metrics.ENGINE_ERRORS.labels(self.turn.pool, error.code).inc()
                if isinstance(error, EngineUnavailable) and self._pool.is_to_be_waited_for():
                    self._end("handed")
                    return None
                if not error.retry or pause_s is None:
                    raise
                self._over.wait(pause_s)
        return None

    def _finish(self, error: Exception | None) -> None:
        if self._cause == "fenced":
            metrics.LET_GO.labels("fenced").inc()
        elif self._cause == "handed":
            self._hand_back()
        elif ended := self._persistently(
            lambda: lifecycle.close(turn_id=self.turn.id, attempt=self.turn.attempt, ending=self._ending(error))
        ):
            self._leases.release(self.id)
            metrics.ENDED.labels(ended.pool, ended.row["status"]).inc()
            self._tidier.tell(ended)

    def _ending(self, error: Exception | None) -> Ending:
        spent = {"prompt_tokens": self._tokens, "completion_tokens": 0}
        if error is not None:
            return Ending(status="failed", text=Text(), error=not_embedded(error), spent=spent)
        if self._cause == "stopped":
            return Ending(status="stopped", text=Text(), spent=spent)
        usage = self._watch.usage(Usage(self._tokens, 0))
        return Ending(status="done", text=Text(), usage=usage, vectors=b"".join(self._made))

    def _hand_back(self) -> None:
        metrics.LET_GO.labels("handed").inc()
        try:
            pool = lifecycle.hand_back(turn_id=self.turn.id, attempt=self.turn.attempt)
            if pool is not None:
                jobs.send_turn(pool)
        except (Lost, DatabaseLost):
            _log.warning("embeddings %s are left to another worker's sweeper", self.id)

    def _persistently(self, ask: Callable[[], T]) -> T | None:
        return persistently(ask, f"embeddings {self.id}", self._leaving.wait)


def _checked(vectors: Sequence[Sequence[float]], batch: ToEmbed) -> list[bytes]:
    """Return the vectors as they are kept. Raises AnswerUnreadable, RequestRejected where they have not the size that was asked for."""
    if len(vectors) != len(batch.texts) or not all(vectors):
        raise AnswerUnreadable("its embeddings are too few")
    if batch.dimensions is not None and len(vectors[0]) != batch.dimensions:
        raise RequestRejected(f"its embeddings have {len(vectors[0])} dimensions, whatever it is asked for")
    try:
        return [embeddings.packed([vector]) for vector in vectors]
    except OverflowError:
        raise AnswerUnreadable("its embeddings have values that are no numbers") from None
