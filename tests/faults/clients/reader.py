"""A reader of one conversation's stream, by the rules of docs/architecture.md and nothing else: a pure value that events change.

It keeps what a page would show of one answer, and says what the page must do: fetch the messages, or connect anew.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from olamchat.tokenlog.events import Closed, Delta, Event, MessageAdded, Queued, Reset, Snapshot, Started, StepChanged, Sync

Want = Literal["nothing", "messages", "restart"]
ENDED = ("done", "stopped", "failed")


@dataclass
class Shown:
    """An answer as a page shows it."""

    status: str = "queued"
    attempt: int = 0
    text: str = ""
    reasoning: str = ""
    steps: dict[int, dict[str, Any]] = field(default_factory=dict)

    def note(self, step: dict[str, Any]) -> None:
        """Keep a step as it is told, unless a newer telling of it is known."""
        known = self.steps.get(step["number"])
        if known is None or step["revision"] >= known["revision"]:
            self.steps[step["number"]] = step

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass
class Reader:
    """All answers of one conversation that this reader knows, and the stream's last id."""

    answers: dict[str, Shown] = field(default_factory=dict)
    last_id: str | None = None
    following: str | None = None
    gaps: int = 0

    def rows(self, items: list[dict[str, Any]]) -> None:
        """Take in rows of the API: what has ended is as the row says; of what is in flight the stream knows better.

        A row met first may be ahead of the stream, which tells the older attempts from here on: so none of them is too old.
        """
        for row in items:
            if row["role"] != "assistant":
                continue
            known = self.answers.get(row["id"])
            ended = row["status"] in ENDED
            if known is None or (ended and row["attempt"] >= known.attempt):
                steps = known.steps if known else {}
                self.answers[row["id"]] = Shown(row["status"], row["attempt"] if ended else 0, row["content"], row["reasoning"], steps)
            for step in row.get("steps") or ():
                self.answers[row["id"]].note(step)

    def hear(self, event: Event) -> Want:
        """Take in an event; return what to do besides."""
        match event:
            case MessageAdded():
                self.rows([event.message] if event.message.get("content") is not None else [])
            case Snapshot():
                return self._snapshot(event)
            case Sync():
                return "messages"
            case StepChanged():
                return self._step(event)
            case Queued() | Started() | Delta() | Reset():
                return self._of(event.message_id, event)
            case Closed():
                return self._of(event.message["id"], event)
        return "nothing"

    def _step(self, event: StepChanged) -> Want:
        known = self.answers.get(event.message_id)
        if known is None:
            return "messages"
        known.note(event.step)
        return "nothing"

    def _of(self, message_id: str, event: Queued | Started | Delta | Reset | Closed) -> Want:
        known = self.answers.get(message_id)
        if known is None:
            return "messages"
        if isinstance(event, Queued):
            known.status = "queued" if event.attempt >= known.attempt else known.status
            return "nothing"
        attempt = event.message["attempt"] if isinstance(event, Closed) else event.attempt
        if attempt < known.attempt or (known.ended and attempt == known.attempt):
            return "nothing"
        if isinstance(event, Closed):
            return self._close(known, event)
        if isinstance(event, Delta):
            return self._delta(known, event)
        if event.at > len(known.text) or event.reasoning_at > len(known.reasoning):
            return self._gap()
        known.text, known.reasoning = known.text[: event.at], known.reasoning[: event.reasoning_at]
        known.attempt, known.status = attempt, "running"
        return "nothing"

    def _delta(self, known: Shown, event: Delta) -> Want:
        into = known.text if event.text is not None else known.reasoning
        if event.at > len(into):
            return self._gap()
        if event.text is not None:
            known.text = known.text[: event.at] + event.text
        if event.reasoning is not None:
            known.reasoning = known.reasoning[: event.at] + event.reasoning
        known.attempt, known.status = event.attempt, "running"
        return "nothing"

    def _close(self, known: Shown, event: Closed) -> Want:
        alone = known.attempt <= 1 and event.message["attempt"] <= 1
        whole = alone and (event.length, event.reasoning_length) == (len(known.text), len(known.reasoning))
        if whole:
            known.status = event.message["status"]
        return "nothing" if whole else "messages"

    def _snapshot(self, event: Snapshot) -> Want:
        if event.message_id is None:
            return "messages"
        known = self.answers.setdefault(event.message_id, Shown())
        if not known.ended or event.attempt > known.attempt:
            self.answers[event.message_id] = Shown(event.status or "running", event.attempt, event.text, event.reasoning, known.steps)
        return "nothing"

    def _gap(self) -> Want:
        self.gaps += 1
        return "restart"
