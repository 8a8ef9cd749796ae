"""When things happened in one answer, and what is kept and counted of that."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from olamchat import tracing
from olamchat.clock import now
from olamchat.services.turns.lifecycle import Taken
from worker import metrics
from worker.engines.base import Usage


class Stopwatch:
    """Runs from the moment the turn was taken; its `span` is ended by who has the answer."""

    def __init__(self, turn: Taken) -> None:
        self._turn = turn
        self._began = time.monotonic()
        self._first: tuple[datetime, float] | None = None
        self._thought: tuple[float, float] | None = None
        self._pieces = 0
        about = {"conversation_id": str(turn.conversation_id)} if turn.conversation_id else {}
        self.span = tracing.begin(
            turn.kind, kind="consumer", parent=str(turn.options.get(tracing.TRACEPARENT, "")), answer_id=str(turn.id), pool=turn.pool,
            model=turn.model, attempt=turn.attempt, queued_ms=self._since_accepted(turn.started_at), **about,
        )  # fmt: skip
        if not turn.rounds:  # the rest of the time its steps took, or a person
            metrics.WAIT.labels(turn.pool).observe(max(0.0, (turn.started_at - turn.created_at).total_seconds()))

    def heard(self, *, thinks: bool = False) -> None:
        """Note that the model said something, or thought it."""
        self._pieces += 1
        if thinks:
            at = time.monotonic()
            self._thought = (self._thought[0] if self._thought else at, at)
        if self._first is None:
            self._first = (now(), time.monotonic())
            self.span.event("first token")
            metrics.FIRST.labels(self._turn.pool).observe(self._first[1] - self._began)
            metrics.FIRST_SEEN.labels(self._turn.pool).observe(self._since_accepted(self._first[0]) / 1000)

    def timings(self, finished_at: datetime, usage: Usage | None) -> Mapping[str, Any]:
        """Return a message's `timings`; the first token's is known only to the attempt that began the answer."""
        whole = self._first is not None and not self._turn.saved.content and not self._turn.saved.reasoning
        return {
            "queued_ms": self._since_accepted(self._turn.started_at),
            "first_token_ms": self._since_accepted(self._first[0]) if whole and self._first else None,
            "total_ms": self._since_accepted(finished_at),
            "tokens_per_s": self._rate(usage),
            "reasoning_ms": round((self._thought[1] - self._thought[0]) * 1000) if whole and self._thought else None,
        }

    def usage(self, usage: Usage | None) -> Mapping[str, Any] | None:
        """Return a message's `usage`."""
        if usage is None:
            return None
        return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens, "finish_reason": usage.finish_reason}

    def spent(self, usage: Usage | None, prompt_estimate: int) -> Mapping[str, int]:
        """Return the tokens taken: by the engine's count, else by the pieces that came; nothing where none came."""
        said = usage.completion_tokens if usage else None
        asked = (usage.prompt_tokens if usage else None) or (prompt_estimate if self._pieces else 0)
        return {"prompt_tokens": asked, "completion_tokens": said or self._pieces}

    def count(self, pool: str) -> None:
        """Add this answer's pieces to the process's count."""
        metrics.PIECES.labels(pool).inc(self._pieces)
        self.span.event("last token", pieces=self._pieces)

    def _since_accepted(self, moment: datetime) -> int:
        return max(0, round((moment - self._turn.created_at).total_seconds() * 1000))

    def _rate(self, usage: Usage | None) -> float | None:
        tokens = (usage and usage.completion_tokens) or self._pieces
        took = time.monotonic() - self._first[1] if self._first else 0.0
        if took <= 0.001:
            return None
        metrics.RATE.labels(self._turn.pool).observe(tokens / took)
        return round(tokens / took, 1)
