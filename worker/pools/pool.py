"""A pool: replicas of an engine behind one name, and what its plan says of its models.

A question goes to the least busy replica that answers and has the model; where that one turns out to be gone before its first
word, to the next. A replica that a new plan leaves out is drained: what it writes it ends, nothing new goes to it.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from olamchat.environment import environment
from olamchat.roster import EMBEDDING, Effort
from worker.engines import efforts
from worker.engines.base import (
    Bounds,
    ChatRequest,
    Counts,
    Embedded,
    Engine,
    EngineError,
    EngineUnavailable,
    Loading,
    Message,
    Model,
    Options,
    Piece,
    Speech,
    Testable,
    ToEmbed,
    Usage,
)
from worker.pools.file import ModelPlan, PoolPlan
from worker.pools.replicas import Replica

_log = logging.getLogger(__name__)
MakeEngine = Callable[[PoolPlan, str], Engine]
_NONE = ModelPlan(name="none")
VISION, TOOLS = "vision", "tools"
# How much of what an engine says of its trouble is kept.
TROUBLE = 300


class Pool:
    """An engine over replicas. `take` and `leave` count the turns that run in it, so that no more are taken than it has room for."""

    def __init__(self, plan: PoolPlan, make: MakeEngine) -> None:
        self.name = plan.name
        self._make = make
        self._lock = threading.Lock()
        self._running = 0
        self._away_since: float | None = None
        self._toolless: set[str] = set()
        self._replicas: list[Replica] = []
        self.follow(plan)

    def follow(self, plan: PoolPlan) -> None:
        """Be as the plan says from now on; replicas that stay keep their connections and counts."""
        same = {replica.url: replica for replica in self._replicas if self._is_same_engine(plan)}
        urls = plan.urls or [""]
        replicas = [same.get(url) or Replica(url, self._make(plan, url)) for url in urls]
        for replica in replicas:
            replica.concurrency = plan.concurrency
        self._plan, self._replicas = plan, replicas
        self._models = {model.name: model for model in plan.models}

    def _is_same_engine(self, plan: PoolPlan) -> bool:
        what = {"kind", "key_variable", "continues", "models"}
        return self._plan.model_dump(include=what) == plan.model_dump(include=what)

    @property
    def kind(self) -> str:
        return self._replicas[0].engine.kind

    @property
    def replicas(self) -> Sequence[Replica]:
        return tuple(self._replicas)

    def offers(self, model: str) -> bool:
        """Tell whether the plan lets this model answer: it is named, or none is."""
        return not self._models or self._plan_of(model) is not _NONE

    @property
    def title_model(self) -> str:
        return self._plan.title_model

    @property
    def summaries(self) -> bool:
        """Tell whether what doesn't fit a model's context is summed up."""
        return self._plan.summaries

    @property
    def capacity(self) -> int | None:
        """How many answers its replicas write at once for this worker, None for no bound."""
        return self._plan.concurrency and self._plan.concurrency * len(self._replicas)

    def models(self) -> list[Model]:
        """List what the replicas offer, each model once, as the plan says it. Raises EngineUnavailable when none answers."""
        best: dict[str, Model] = {}
        error: EngineUnavailable | None = None
        for replica in self._replicas:
            try:
                for model in replica.look():
                    if model.name not in best or model.state == "loaded":
                        best[model.name] = model
            except EngineUnavailable as down:
                _log.warning("pool %s: %s", self.name, down)
                error = down
        if error and not any(replica.is_up for replica in self._replicas):
            self._away_since = self._away_since or time.monotonic()
            raise error
        self._away_since = None
        return [self._planned(model) for model in best.values() if self.offers(model.name)]

    @property
    def waits(self) -> bool:
        """Whether turns wait for this pool: none of its engines could be reached when they were last looked for, and not for too long."""
        since = self._away_since
        return since is not None and time.monotonic() - since < environment().engine_wait_s

    def is_to_be_waited_for(self) -> bool:
        """Look for the engines after one could not be reached; tell whether turns wait from now on."""
        if self._away_since is None:
            with suppress(EngineUnavailable):
                self.models()
        return self.waits

    def continues(self, model: str) -> bool:
        """Tell whether an answer of this model can go on from its text so far."""
        told = self._plan_of(model).continues
        return self._replicas[0].engine.continues(model) if told is None else told

    def goes_on(self, model: str) -> bool:
        """Tell the same once it matters: where only the engine's name lets expect it, it is tested first."""
        engine = self._replicas[0].engine
        return self.continues(model) and (
            self._plan_of(model).continues is not None or not isinstance(engine, Testable) or engine.tested(model)
        )

    def defaults(self, model: str) -> Options:
        """Return how the model samples where nobody says otherwise."""
        given = self._plan_of(model).options.model_dump(exclude_none=True)
        return Options(**{**given, "stop": tuple(given.get("stop", ()))})

    def sees(self, model: str) -> bool:
        """Tell whether the model can look at images; where nobody knows, it is tried."""
        offers = [replica.offers.get(model.removesuffix(":latest")) for replica in self._replicas]
        known = [offer for offer in offers if offer is not None]
        told = self._plan_of(model).vision
        return told if told is not None else not known or any(VISION in offer.capabilities for offer in known)

    def calls_tools(self, model: str) -> bool:
        """Tell whether the model can call tools; where nobody knows, it is tried until its engine refuses."""
        offers = [replica.offers.get(model.removesuffix(":latest")) for replica in self._replicas]
        told = [offer.capabilities for offer in offers if offer is not None and offer.capabilities]
        return self.kind != "demo" and model not in self._toolless and (not told or any(TOOLS in capabilities for capabilities in told))

    def efforts(self, model: str) -> tuple[Effort, ...]:
        """Return how much the model may be told to think, nothing where it can't be told or nobody knows."""
        told = self._plan_of(model).efforts
        if told is not None:
            return tuple(told)
        offers = [replica.offers.get(model.removesuffix(":latest")) for replica in self._replicas]
        return next((offer.efforts for offer in offers if offer is not None), ())

    def withhold_tools(self, model: str) -> None:
        """Remember that the engine refuses tools for this model, for as long as this process lives."""
        self._toolless.add(model)

    def window(self, model: str) -> int | None:
        """Return how many tokens a request and its answer may have together, None where nobody knows."""
        known = [self._plan_of(model).context_length]
        known += [replica.engine.window(model) for replica in self._replicas if isinstance(replica.engine, Bounds)]
        return min((length for length in known if length), default=None)

    def count(self, model: str, messages: Sequence[Message]) -> int | None:
        """Return how long a thread is in tokens, None where the engine can't say or can't be reached."""
        engine = min(self._replicas, key=lambda replica: replica.rank(model)).engine
        try:
            return engine.count(model, messages) if isinstance(engine, Counts) else None
        except EngineUnavailable:
            return None

    def embed(self, asked: ToEmbed) -> Embedded:
        """Return a vector for each text, of the least busy replica that is there. Raises EngineError, also where this engine makes none."""
        *others, last = sorted(self._replicas, key=lambda replica: replica.rank(asked.model))
        for replica in others:
            try:
                return replica.embed(asked)
            except EngineUnavailable as error:
                replica.is_up = False
                _log.warning("%s is not there, another replica is asked: %s", replica.url, error)
        return last.embed(asked)

    def chat(self, request: ChatRequest) -> "Routed":
        """Return the answer of the least busy replica, which is told to think as much as its model can be told."""
        effort = efforts.nearest(request.options.effort, self.efforts(request.model))
        request = replace(request, options=replace(request.options, effort=effort))
        order = sorted(self._replicas, key=lambda replica: replica.rank(request.model))
        return Routed(order, request)

    def take(self) -> bool:
        """Count a turn in, False when there is no room for it now, or no engine."""
        with self._lock:
            if self.waits or self._running >= self.room:
                return False
            self._running += 1
            return True

    def leave(self) -> None:
        """Count a turn out."""
        with self._lock:
            self._running -= 1

    @property
    def room(self) -> float:
        up = [replica for replica in self._replicas if replica.is_up] or self._replicas
        return sum(replica.room for replica in up)

    def _plan_of(self, model: str) -> ModelPlan:
        return self._models.get(model) or self._models.get(model.removesuffix(":latest")) or _NONE

    def _planned(self, model: Model) -> Model:
        plan = self._plan_of(model.name)
        return replace(
            model,
            name=model.name if plan is _NONE else plan.name,
            display_name=plan.display_name,
            context_length=plan.context_length or model.context_length,
            can_continue=self.continues(model.name),
            capabilities=_capabilities(model, plan),
            efforts=model.efforts if plan.efforts is None else tuple(plan.efforts),
        )


def _capabilities(model: Model, plan: ModelPlan) -> tuple[str, ...]:
    """Return what the engine says of the model, with the plan's word on images and embeddings."""
    said = {VISION: plan.vision, EMBEDDING: plan.embeds}
    told = tuple(name for name in model.capabilities if said.get(name) is not False)
    return (*told, *(name for name, is_so in said.items() if is_so and name not in told))


class Routed:
    """An answer from the first of these replicas that answers. `close` may come from any thread."""

    def __init__(self, order: Sequence[Replica], request: ChatRequest) -> None:
        self._waits = True
        self._lock = threading.Lock()
        self._closed = False
        self._speech: Speech | None = None
        self._pieces = self._route(order, request)

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        return next(self._pieces)

    @property
    def waits(self) -> bool:
        return self._waits

    @waits.setter
    def waits(self, waits: bool) -> None:
        self._waits = waits
        if self._speech is not None:
            self._speech.waits = waits

    @property
    def source(self) -> socket.socket | None:
        return self._speech.source if self._speech is not None else None

    def close(self) -> None:
        """Cut the engine off."""
        with self._lock:
            self._closed = True
            if self._speech is not None:
                self._speech.close()

    def _route(self, order: Sequence[Replica], request: ChatRequest) -> Iterator[Piece]:
        for number, replica in enumerate(order, start=1):
            began = False
            try:
                for piece in self._say(replica, request):
                    began = began or not isinstance(piece, Loading)
                    yield piece
                return
            except EngineUnavailable as error:
                replica.is_up = False
                if began or self._closed or number == len(order):
                    raise
                _log.warning("%s is not there, another replica is asked: %s", replica.url, error)

    def _say(self, replica: Replica, request: ChatRequest) -> Iterator[Piece]:
        replica.begin()
        try:
            speech = replica.engine.chat(request)
            with self._lock:
                self._speech = speech
                speech.waits = self._waits
                if self._closed:
                    speech.close()
            for piece in speech:
                if isinstance(piece, Usage):
                    replica.trouble = ""
                yield piece
        except EngineError as error:
            replica.trouble = f"{error.code}: {error}"[:TROUBLE]
            raise
        finally:
            replica.end()
