"""One engine at one address, as a pool sees it: whether it answers, what it has, how much it has to do."""

import threading
from dataclasses import dataclass, field

from worker.engines.base import Embedded, Embeds, Engine, EngineUnavailable, Model, Reports, ToEmbed


@dataclass
class Replica:
    """An engine at an address; `concurrency` is how many answers it writes at once for this worker, None for no bound."""

    url: str
    engine: Engine
    concurrency: int | None = None
    busy: int = 0
    waiting: int = 0
    is_up: bool = True
    trouble: str = ""
    offers: dict[str, Model] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def look(self) -> list[Model]:
        """Ask what it offers and how many wait in it. Raises EngineUnavailable, and counts as down then."""
        try:
            models = self.engine.models()
            self.waiting = (self.engine.waiting() or 0) if isinstance(self.engine, Reports) else 0
        except EngineUnavailable:
            self.is_up = False
            raise
        self.offers, self.is_up = {model.name.removesuffix(":latest"): model for model in models}, True
        return models

    @property
    def room(self) -> float:
        """How many answers it may write at once now: while requests wait in it, no more than it writes (but one)."""
        room = float("inf") if self.concurrency is None else self.concurrency
        return min(room, max(1, self.busy)) if self.waiting else room

    def embed(self, asked: ToEmbed) -> Embedded:
        """Return a vector for each text. Raises EngineError, also where this engine makes none."""
        if not isinstance(self.engine, Embeds):
            raise EngineUnavailable(f"{self.engine.kind} makes no embeddings")
        self.begin()
        try:
            return self.engine.embed(asked)
        finally:
            self.end()

    def begin(self) -> None:
        with self._lock:
            self.busy += 1

    def end(self) -> None:
        with self._lock:
            self.busy -= 1

    def rank(self, model: str) -> tuple[bool, bool, bool, float]:
        """The best is the lowest: it answers, has the model, has it in memory, and is the least busy for its size."""
        offer = self.offers.get(model.removesuffix(":latest"))
        load = (self.busy + self.waiting) / (self.concurrency or 1)
        return not self.is_up, bool(self.offers) and offer is None, offer is not None and offer.state != "loaded", load
