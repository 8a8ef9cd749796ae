"""One step, from being taken to its end: called, tried again where that is safe, and written down once."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from olamchat.db.pool import DatabaseLost
from olamchat.services.steps import asking, moves, servers
from olamchat.services.steps.moves import Result, Step
from olamchat.services.steps.questions import Unshowable
from worker import metrics
from worker.steps import connecting, results
from worker.steps.builtin.belt import Belt
from worker.steps.builtin.call import BuiltInCall
from worker.steps.calls import Call, Outcome
from worker.steps.loop import Loop
from worker.upkeep.leases import Leases
from worker.upkeep.persistence import persistently

# Pauses before what may be done again is done again; longer where nothing listens, since a server that restarts takes its time.
BACK_OFF_S = (0.5, 2.0)
AWAY_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
PROGRESS_S = 0.25
# How often the answer to the question of a server that keeps its call open is looked for.
LOOK_S = 0.5
T = TypeVar("T")


class Stepping:
    """A step that this process runs. `stop`, `fence` and `hand_over` may come from any thread."""

    def __init__(self, step: Step, loop: Loop, leases: Leases, belt: Belt, *, call_s: float, question_s: float) -> None:
        self.step, self._loop, self._leases, self._belt, self._call_s = step, loop, leases, belt, call_s
        self._question_s = question_s
        self.name = step.name
        self._over, self._handed = threading.Event(), False
        self._call: Call | BuiltInCall | None = None
        self._progress_at = 0.0

    def stop(self) -> None:
        """Call the call off: the step is stopped, or somebody else's."""
        self._over.set()
        if self._call is not None:
            self._loop.call(self._call.called_off.set)

    fence = stop

    def hand_over(self) -> None:
        """Let another worker do it again, or a person decide, by what the step does."""
        self._handed = True
        self.stop()

    def run(self) -> None:
        """Bring the step to its end."""
        began = time.monotonic()
        self._leases.hold(self.step.name, self.step.attempt)
        state = "gone"
        try:
            state = self._bring_to_an_end()
        finally:
            self._leases.release(self.step.name)
            metrics.STEPS.labels(self.step.server, state).inc()
            metrics.STEP_SECONDS.labels(self.step.server).observe(time.monotonic() - began)

    def _bring_to_an_end(self) -> str:
        server = self._persistently(lambda: servers.row(self.step.server))
        outcome = self._make(server) if server else Outcome(how="unreachable", why="this server was removed")
        if outcome.how == "unconnected" and server:
            return self._wait_for_a_connection(server)
        if outcome.how == "asked":
            outcome = self._put_by(outcome)
            if outcome.how == "asked":
                return "asked"
        if outcome.how == "cancelled":
            if self._handed:
                self._persistently(lambda: moves.give_back(self.step.message_id, self.step.number, self.step.attempt))
            return "handed" if self._handed else "stopped"
        result = self._judged(outcome)
        return result.state if self._persistently(lambda: moves.end(self.step, result)) else "fenced"

    def _make(self, server: Mapping[str, Any]) -> Outcome:
        """Make the call; again where it has not left, or where doing it twice is as good as once."""
        for tries in itertools.count():
            outcome = self._make_once(server)
            safe = outcome.how == "unreachable" or (outcome.how == "broken" and self.step.effect != "write")
            pauses = AWAY_S if outcome.away else BACK_OFF_S
            if not safe or tries >= len(pauses) or self._over.wait(pauses[tries]):
                break
        return Outcome(how="cancelled") if self._over.is_set() and outcome.how != "ended" else outcome

    def _make_once(self, server: Mapping[str, Any]) -> Outcome:
        if server["kind"] == "built_in":
            own = self._call = BuiltInCall(self.step, self._belt, self._call_s)
            return self._called(own)
        try:
            token = connecting.token(dict(server), self.step.user_id, self._loop) if server["auth"] == "oauth" else None
        except Exception as error:  # noqa: BLE001, an authorization server that can't be reached may be in a moment
            return Outcome(how="unreachable", why=str(error)[:500])
        if server["auth"] == "oauth" and token is None:
            return Outcome(how="unconnected")
        call = Call(step=self.step, server=server, on_progress=self._tell_progress, timeout_s=self._call_s, token=token)
        call.ask, call.answers = self._ask, asking.answers(self.step.row["question"])
        self._call = call
        return self._called(call)

    def _called(self, call: Call | BuiltInCall) -> Outcome:
        if self._over.is_set():
            return Outcome(how="cancelled")
        return self._loop.submit(call.run()).result()

    def _put_by(self, outcome: Outcome) -> Outcome:
        """Let the step wait for its person's answer with nothing held; `refused` where no form can show what is asked."""
        try:
            self._persistently(lambda: asking.put_by(self.step, outcome.asked, outcome.state))
        except Unshowable as error:
            return Outcome(how="refused", why=str(error))
        return outcome

    async def _ask(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put a question of a server that keeps the call open to the person; return {action, content}."""
        cancelled: Mapping[str, Any] = {"action": "cancel"}
        try:
            if not await asyncio.to_thread(asking.keep_up, self.step, params):
                return cancelled
        except (Unshowable, DatabaseLost):
            return cancelled
        until = time.monotonic() + self._question_s
        while not self._over.is_set():
            await asyncio.sleep(LOOK_S)
            with suppress(DatabaseLost):
                if (answer := await asyncio.to_thread(asking.answer_to, self.step)) is not None:
                    return answer or cancelled
                # An answer that came at the last moment is found in the next round.
                if time.monotonic() > until and await asyncio.to_thread(asking.withdraw, self.step):
                    break
        return cancelled

    def _wait_for_a_connection(self, server: Mapping[str, Any]) -> str:
        """Let the person connect first: nothing was done, and nothing is lost."""
        self._persistently(lambda: connecting.lost(dict(server), self.step.user_id))
        self._persistently(lambda: moves.wait_for_connection(self.step))
        return "unconnected"

    def _judged(self, outcome: Outcome) -> Result:
        """Return what is written down. Of a write that left and was not answered, nobody knows whether it happened."""
        if outcome.how == "ended":
            return _of_built_in(outcome) if outcome.result is None else _answered(outcome)
        error = {"code": _CODES[outcome.how], "message": _SAID[outcome.how].format(why=outcome.why)}
        unknown = outcome.how in {"broken", "late"} and self.step.effect == "write"
        return Result(state="unknown" if unknown else "failed", error=error)

    def _tell_progress(self, done: float, total: float | None, message: str | None) -> None:
        if time.monotonic() < self._progress_at:
            return
        self._progress_at = time.monotonic() + PROGRESS_S
        progress = {"done": done, "total": total, "message": (message or "")[:300] or None}
        # Told from the loop's thread, where nothing may wait for Redis.
        threading.Thread(
            target=moves.tell_changed, args=(self.step.conversation_id, [{**self.step.row, "progress": progress}]), daemon=True
        ).start()

    def _persistently(self, ask: Callable[[], T]) -> T | None:
        return persistently(ask, f"step {self.step.name}", self._waited)

    def _waited(self, pause_s: float) -> bool:
        time.sleep(pause_s)  # not for `_over`: what a call brought is written down also after it was stopped
        return self._handed


_CODES = {"refused": "refused_by_server", "unreachable": "unreachable", "broken": "broken_off", "late": "timeout"}
_SAID = {
    "refused": "The server refused the call: {why}",
    "unreachable": "The server can't be reached: {why}",
    "broken": "The connection broke before an answer came: {why}",
    "late": "The server did not answer in time ({why}).",
}


def _of_built_in(outcome: Outcome) -> Result:
    if outcome.kept is None:
        return Result(state="failed", error={"code": outcome.code, "message": outcome.why})
    return Result(state="done", result=outcome.kept)


def _answered(outcome: Outcome) -> Result:
    assert outcome.result is not None
    kept = results.kept(outcome.result)
    if not outcome.result.is_error:
        return Result(state="done", result=kept)
    said = results.said(kept["content"])[:500] or "The tool failed and did not say why."
    return Result(state="failed", result=kept, error={"code": "tool_failed", "message": said})
