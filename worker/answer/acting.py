"""What one answer may do besides saying something: its tools, the steps it has taken so far, and parking it for new ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Literal
from uuid import UUID

from olamchat.db.rows import Row
from olamchat.services.steps import moves, origins, proposal, toolbox
from olamchat.services.steps.proposal import Terms
from olamchat.services.steps.toolbox import Tool
from olamchat.services.turns import lifecycle, reading
from olamchat.services.turns.lifecycle import Taken
from olamchat.tokenlog.replay import Text
from worker.engines.base import Demands, EngineError, ToolCall, ToolsRejected, Usage
from worker.pools.pool import Pool

Fate = Literal["parked", "stopped", "fenced"]
Persistently = Callable[[Callable[[], Any]], Any]


class Acting:
    """The steps of a turn. `load` comes first; all that asks Postgres raises DatabaseLost."""

    def __init__(self, turn: Taken, pool: Pool) -> None:
        self._turn, self._pool = turn, pool
        self.steps: list[Row] = []
        self._tools: Mapping[str, Tool] = {}

    def load(self) -> None:
        """Learn what the answer has done and may do."""
        if self._turn.kind != "answer":
            return
        self.steps = moves.of(self._turn.id) if self._turn.attempt > 1 else []
        self._tools = toolbox.of_turn(self._turn) if self._pool.calls_tools(self._turn.model) else {}

    @property
    def floor(self) -> tuple[int, int]:
        """The offsets in text and reasoning that the model never goes back behind: what it said before its last steps stands."""
        return (self.steps[-1]["at"], self.steps[-1]["reasoning_at"]) if self.steps else (0, 0)

    def demands(self) -> Demands:
        """Return the tools for the model. Who may call no more is told so, and not left without the tools that its own calls name."""
        if not self._tools or not self._pool.calls_tools(self._turn.model):
            return Demands()
        tools = [tool.as_openai() for tool in self._tools.values()]
        return Demands(tools=tools, tool_choice=None if proposal.may_call(self.steps) else "none")

    @property
    def searches(self) -> bool:
        """Whether the model is offered to look in documents by itself."""
        return any(tool["function"]["name"] == "search_knowledge" for tool in self.demands().tools)

    def goes_without(self, error: EngineError) -> bool:
        """Go on without tools where the engine refuses them; False where this was not why it failed."""
        if not isinstance(error, ToolsRejected) or not self.demands().tools:
            return False
        self._pool.withhold_tools(self._turn.model)
        return True

    def wants(self, usage: Usage | None) -> bool:
        """Tell whether the model ended to have tools called."""
        return bool(self._tools and usage and usage.calls and usage.finish_reason == "tool_calls") and proposal.may_call(self.steps)

    def park(
        self, persistently: Persistently, text: Text, calls: Sequence[ToolCall], used: Mapping[str, Any] | None, timings: Mapping[str, Any]
    ) -> Fate:
        """Let the turn go until its new steps have ended; or say that it is to be stopped, or is somebody else's by now."""
        spent = added(self._turn.usage, used)
        return self._parked(persistently, lambda: self._park(text, calls, spent, timings))

    def park_to_read(self, persistently: Persistently, documents: Sequence[UUID]) -> Fate:
        """Let the turn go until these documents have been read."""
        return self._parked(persistently, lambda: reading.park(turn_id=self._turn.id, attempt=self._turn.attempt, documents=documents))

    def _parked(self, persistently: Persistently, park: Callable[[], bool]) -> Fate:
        if persistently(park):
            return "parked"
        held = persistently(lambda: lifecycle.held({self._turn.id: self._turn.attempt})) or {}
        return "stopped" if held.get(self._turn.id) else "fenced"

    def _park(self, text: Text, calls: Sequence[ToolCall], spent: Mapping[str, Any] | None, timings: Mapping[str, Any]) -> bool:
        conversation_id = self._turn.conversation_id
        assert conversation_id is not None
        granted, outside = moves.terms(conversation_id)
        is_known = partial(origins.is_known, conversation_id=conversation_id, message_id=self._turn.id)
        terms = Terms(granted=granted, outside=outside, is_known=is_known)
        steps = proposal.propose([asdict(call) for call in calls], self._tools, self.steps, terms)
        return moves.park(
            turn_id=self._turn.id, attempt=self._turn.attempt, user_id=self._turn.user_id, conversation_id=conversation_id,
            text=text, steps=steps, usage=spent, timings=timings,
        )  # fmt: skip


def added(before: Mapping[str, Any] | None, usage: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what the rounds of an answer took together."""
    if before is None or usage is None:
        return usage or before
    counts = ("prompt_tokens", "completion_tokens")
    return {**usage, **{name: (before.get(name) or 0) + (usage.get(name) or 0) for name in counts}}


def from_the_first(
    before: Mapping[str, Any] | None, timings: Mapping[str, Any], names: Sequence[str] = ("queued_ms", "first_token_ms", "reasoning_ms")
) -> Mapping[str, Any]:
    """Return an answer's timings with those of its beginning as its first round knew them."""
    return {**timings, **{name: before[name] for name in names if before.get(name) is not None}} if before else timings
