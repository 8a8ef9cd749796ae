"""What the scripted engine knows: its models, its scripts, and what was asked of it."""

import itertools
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.scripted_engine.pulling import Library
from tests.scripted_engine.script import Script
from tests.scripted_engine.verbatim import Verbatim


class Refused(Exception):
    """The script refuses the request with a status and a body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status, self.body = status, body


@dataclass
class Asked:
    """One chat request: when it began and ended (Unix seconds), how much was sent, and how it ended."""

    id: int
    model: str
    protocol: str
    messages: list[dict[str, Any]]
    options: dict[str, Any]
    continues: bool = False
    began: float = field(default_factory=time.time)
    ended: float | None = None
    sent: int = 0
    # "" while it runs; then done, cancelled (the client hung up), cut, refused or broken (as the script says).
    how: str = ""


class Book:
    """The scripts by model and the requests so far, shared by the server's threads."""

    def __init__(self, models: dict[str, Script]) -> None:
        self._lock = threading.Lock()
        self.library = Library()
        # The texts of each request for embeddings.
        self.embedded: list[list[str]] = []
        self._models = dict(models)
        self._next: dict[str, deque[Script]] = {}
        self._asked: list[Asked] = []
        self._numbers = itertools.count(1)
        self._loaded_at: dict[str, float] = {}
        self._verbatim: dict[str, Verbatim] = {}

    def models(self) -> dict[str, Script]:
        with self._lock:
            return dict(self._models)

    def set(self, model: str, script: Script, times: int | None) -> None:
        """Give the model a script: for good, or for the next `times` requests."""
        with self._lock:
            if times is None:
                self._models[model] = script
                self._next.pop(model, None)
                self._loaded_at.pop(model, None)
            else:
                self._models.setdefault(model, Script())
                self._next.setdefault(model, deque()).extend([script] * times)

    def say(self, model: str, response: Verbatim) -> None:
        """Have the model answer every question with these bytes."""
        with self._lock:
            self._models.setdefault(model, Script())
            self._verbatim[model] = response

    def verbatim(self, model: str) -> Verbatim | None:
        with self._lock:
            return self._verbatim.get(model)

    def remove(self, model: str) -> None:
        with self._lock:
            self._models.pop(model, None)
            self._verbatim.pop(model, None)

    def take(self, model: str) -> Script | None:
        """Return the script for the next request to the model, None where there is no such model."""
        with self._lock:
            waiting = self._next.get(model)
            return waiting.popleft() if waiting else self._models.get(model)

    def loading(self, model: str, script: Script) -> float:
        """Return how many seconds the model still loads; the first call starts the loading."""
        with self._lock:
            return self._loaded_at.setdefault(model, time.monotonic() + script.loading_s) - time.monotonic()

    def loaded(self) -> list[str]:
        """Return the models in memory: those that need no loading, and those that were asked and have loaded."""
        with self._lock:
            now = time.monotonic()
            return [name for name, script in self._models.items() if not script.loading_s or self._loaded_at.get(name, now + 1) <= now]

    def begin(self, model: str, protocol: str, messages: list[dict[str, Any]], options: dict[str, Any], continues: bool) -> Asked:
        with self._lock:
            asked = Asked(next(self._numbers), model, protocol, messages, options, continues)
            self._asked.append(asked)
            return asked

    def asked(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(asked) for asked in self._asked]

    def forget(self) -> None:
        with self._lock:
            self._asked.clear()
