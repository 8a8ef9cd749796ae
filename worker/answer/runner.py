"""One answer, from the turn that was taken to its end: claim, listen to the engine, tell, close.

It ends in one of six ways: the model is done, it has called tools (the turn is parked until they have answered), the engine failed for good,
somebody stopped it, somebody else writes it now (fenced: not one more character), or it is handed over because this worker ends.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Literal, TypeVar

from olamchat import jobs
from olamchat.clock import now
from olamchat.db.pool import DatabaseLost
from olamchat.environment import environment
from olamchat.redis import Lost
from olamchat.services.steps import moves
from olamchat.services.turns import lifecycle
from olamchat.services.turns.finish import Ended
from olamchat.services.turns.lifecycle import Ending, Partial, Taken
from olamchat.tokenlog import replay
from olamchat.tokenlog.base import Fate, TokenLog
from olamchat.tokenlog.events import Queued, Started, frame
from olamchat.tokenlog.replay import Text
from worker import metrics
from worker.answer import acting, summary
from worker.answer.acting import Acting
from worker.answer.engine_reader import Heard, Listener
from worker.answer.failures import problem
from worker.answer.knowing import Knowing
from worker.answer.text import Writing, common, revised
from worker.answer.timings import Stopwatch
from worker.engines import base
from worker.engines.base import Anew, ChatRequest, Delta, Loading, Piece, Quiet, Speech, Thoughts, Usage
from worker.pools.finder import Finder
from worker.pools.pool import Pool, Routed
from worker.prompt.attachments import Plan, plan
from worker.prompt.build import request, text_to_go_on_with
from worker.prompt.context_window import Fitted, estimate, fit
from worker.upkeep.cleaner import Tidier
from worker.upkeep.leases import Leases
from worker.upkeep.persistence import persistently

Cause = Literal["stopped", "fenced", "handed"]
T = TypeVar("T")

BACK_OFF_S = (0.5, 5.0)  # after the engine's first and second failure; the third is the last
SETTLE_S = 3.0
# Pieces of one answer that are heard in one go beside others.
SHARE = 2
# Failures of engines and workers, progress or not, after which a turn is given up.
HOPELESS = 100

_log = logging.getLogger(__name__)


class Runner:
    """A turn that this process runs. `stop`, `fence` and `hand_over` may come from any thread."""

    def __init__(
        self, turn: Taken, pool: Pool, log: TokenLog, listener: Listener, *, leases: Leases, tidier: Tidier, finder: Finder
    ) -> None:
        self.turn, self._pool, self._log, self._leases, self._tidier = turn, pool, log, leases, tidier
        self._listener, self._flusher = listener, listener.flusher
        self.id = str(turn.id)
        self._topic = turn.topic
        self._writing = Writing(self._topic, self.id, turn.attempt, turn.saved, turn.saved)
        self._lock = threading.Lock()
        self._cause: Cause | None = "stopped" if turn.stop else None
        self._woken, self._leaving = threading.Event(), threading.Event()
        self._speech: Speech | None = None
        self._usage: Usage | None = None
        self._watch = Stopwatch(turn)
        self._acting, self._knowing = Acting(turn, pool), Knowing(turn, finder)
        self._failures = 0
        self._waits = False  # for an engine, in line
        self._is_cut_off = False
        self._plan = Plan(())
        self._fit = Fitted(ChatRequest(model=turn.model, messages=()))
        self._refused = 0
        self._summarised = False
        self.made_another = False

    def stop(self) -> None:
        """End the answer where it is; its text is kept."""
        self._end("stopped")

    def fence(self) -> None:
        """Write nothing more: another attempt has the turn."""
        self._end("fenced")

    def hand_over(self) -> None:
        """Let another worker go on."""
        self._leaving.set()
        self._end("handed")

    def partial(self) -> Partial:
        """Return the text so far, to be saved."""
        return Partial(id=self.turn.id, attempt=self.turn.attempt, text=self._flusher.text(self._writing))

    def run(self) -> None:
        """Bring the turn to its end."""
        error: Exception | None = None
        try:
            error = self._write()
        except Exception as bug:  # noqa: BLE001, nothing ends silently: its reader is told, the log has the trace
            _log.error("answer %s failed", self.id, exc_info=bug)
            error = bug
        try:
            self._finish(error)
        finally:
            self._flusher.drop(self._writing)
            self._leases.release(self.id)
            self._watch.span.note(status=self._cause or ("failed" if error else "done"))
            self._watch.span.end(failed=str(error or ""))

    def claim_again(self) -> Fate:
        """Claim the log after it has forgotten this answer, provided the turn is still this attempt's."""
        try:
            if self.turn.id not in lifecycle.held({self.turn.id: self.turn.attempt}):
                return "stale"
            return self._log.claim(self._topic, self.id, self.turn.attempt, self._started(Text()))
        except (Lost, DatabaseLost):
            return "lost"

    def _end(self, cause: Cause) -> None:
        with self._lock:
            if self._cause is None or cause == "fenced":
                self._cause = cause
            self._woken.set()
            if self._speech is not None:
                self._speech.close()

    def _is_over(self) -> bool:
        """Tell whether something ends the answer before the model is done."""
        return self._cause is not None

    def _write(self) -> Exception | None:
        """Write until the model is done or something ends it; return the error that ended it for good."""
        self._leases.hold(self.id, self.turn.attempt)
        if self.turn.kills or self.turn.failures >= HOPELESS:
            return RuntimeError("too many workers and engines have failed at this turn")
        self._begin()
        while not self._is_over():
            try:
                self._listen()
                return None
            except base.EngineError as error:
                if not self._is_over() and not self._tries_again(error):
                    return error
        return None

    def _begin(self) -> None:
        """Find the text to go on with and claim the log for this attempt. Without Redis the flusher claims as soon as it can."""
        self._persistently(self._acting.load)
        known, kept, claim = self._known_text(), self.turn.saved, "lost"
        if known is not None:
            kept = replay.newest(known, kept)
        start = kept if self._cause else self._to_go_on_with(kept)
        try:
            claim = self._log.claim(self._topic, self.id, self.turn.attempt, self._started(common(known or Text(), start)))
        except Lost:
            _log.warning("answer %s begins without the log: Redis can't be reached", self.id)
        if claim == "stale":
            self.fence()
        self._writing = Writing(self._topic, self.id, self.turn.attempt, start, known)
        self._flusher.begin(self._writing, claimed=claim == "ok")
        if known is None:
            for step in self._acting.steps:
                self._flusher.note(self._writing, moves.changed(step))

    def _known_text(self) -> Text | None:
        """Return what the readers know of the answer, None where the log can't say."""
        if self.turn.attempt == 1:
            return Text()
        try:
            return replay.told(self._log, self._topic, self.id)
        except Lost:
            return None

    def _listen(self) -> None:
        """Put down what the engine says until it is done or closed. Raises EngineError."""
        asked = self._persistently(self._request)
        if asked is None or self._plan.unread:
            return
        speech = self._speak(self._fitted(asked))
        heard = self._hear(speech, 1)
        speech.waits = False
        while heard != "over":
            self._flusher.catch_up(self._writing)
            heard = self._hear(speech)
            while heard == "quiet" and speech.source is not None:
                heard = self._listener.follow(speech.source, lambda: self._hear(speech, SHARE), speech.close)
        if self._usage is None and self._cause is None:
            raise base.StreamInterrupted("the engine's answer ended without an end")

    def _request(self) -> ChatRequest:
        demands, window = self._acting.demands() if self.turn.request is None else None, self._pool.window(self.turn.model)
        self._plan = plan(lifecycle.thread(self.turn), window)
        asked = request(self.turn, self._flusher.text(self._writing), self._pool, self._plan, done=self._acting.steps, demands=demands)
        if self._plan.unread:
            return asked
        given = self._knowing.put(asked.messages, window, self._acting, self._plan.collections)
        return replace(asked, messages=given)

    def _hear(self, speech: Speech, share: int | None = None) -> Heard:
        """Put down what the engine says, at most `share` pieces of it. Raises EngineError."""
        for number, piece in enumerate(speech, start=1):
            if isinstance(piece, Quiet):  # without a source, its last moments are waited for here, not in the thread that hears all
                return "quiet" if speech.source is not None else "more"
            if not self._put_down(piece) or number == share:
                return "more"
        return "over"

    def _put_down(self, piece: Piece) -> bool:
        """Put down one piece; False when the model should wait because too much waits to be told."""
        match piece:
            case Delta() if self._is_cut_off:
                pass  # it was under way
            case Delta(text, reasoning):
                self._watch.heard(thinks=bool(reasoning))
                if not self._flusher.put(self._writing, text, reasoning):
                    return False
                if sum(self._writing.lengths) >= environment().max_answer_chars:
                    self._cut_off()
            case Thoughts() | Anew():
                self._flusher.cut(self._writing, revised(self._flusher.text(self._writing), piece, self._acting.floor[0]))
            case Usage():
                self._usage = piece
            case Loading():
                self._flusher.note(self._writing, self._news(loading=True))
        return True

    def _cut_off(self) -> None:
        """End an answer that finds no end: whatever its engine was told, it fills neither this worker nor Redis."""
        assert self._speech is not None
        self._speech.close()
        spent = self._spent_now()
        self._is_cut_off, self._usage = True, Usage(spent["prompt_tokens"], spent["completion_tokens"], "length")

    def _speak(self, asked: ChatRequest) -> Routed:
        """Begin to ask the engine, in a way that whatever ends this answer ends too."""
        speech = self._pool.chat(asked)
        with self._lock:
            self._speech = speech
            if self._cause:
                speech.close()
        return speech

    def _fitted(self, asked: ChatRequest) -> ChatRequest:
        """Return what of the request fits the model's context, and tell how many messages don't."""
        window, before = self._pool.window(asked.model), self._fit.left_out
        self._fit = self._fit_to(asked, window)
        if self._fit.left_out and self._pool.summaries and self.turn.conversation_id is not None:
            return self._summed_up(asked, window)
        if self._fit.left_out != before:
            self._flusher.note(self._writing, self._news())
        return self._fit.request

    def _fit_to(self, asked: ChatRequest, window: int | None) -> Fitted:
        return fit(asked, window, lambda messages: self._pool.count(asked.model, messages), refused=self._refused)

    def _summed_up(self, asked: ChatRequest, window: int | None) -> ChatRequest:
        """Make room for a summary of what doesn't fit, tell that messages are left out, and put it in where it comes about."""
        self._fit = self._fit_to(asked, window and max(window - summary.TOKENS, window // 2))
        self._summarised = False
        self._flusher.note(self._writing, self._news())
        model = self._pool.title_model or asked.model
        said = summary.summary(model, self._fit.left, self._pool.window(model), lambda short: summary.heard(self._speak(short), self.id))
        if not said or self._is_over():
            return self._fit.request
        self._summarised = True
        self._flusher.note(self._writing, self._news())
        return summary.put(self._fit.request, said)

    def _to_go_on_with(self, text: Text) -> Text:
        return text_to_go_on_with(text, lambda: self._pool.goes_on(self.turn.model), self._acting.floor)

    def _tries_again(self, error: base.EngineError) -> bool:
        """Count the failure and wait a moment before the next try; False when this was the last."""
        _log.warning("answer %s: %s: %s", self.id, error.code, error)
        metrics.ENGINE_ERRORS.labels(self.turn.pool, error.code).inc()
        if isinstance(error, base.ContextTooLong) and self._fit.can_shrink:
            self._refused += 1
            return True
        if self._acting.goes_without(error):
            return True
        if not error.retry:
            return False
        if isinstance(error, base.EngineUnavailable) and self._pool.is_to_be_waited_for():
            self._waits = True
            self._end("handed")
            return True
        self._failures += 1
        if self._persistently(lambda: lifecycle.count_failure(turn_id=self.turn.id, attempt=self.turn.attempt)) is None:
            self.fence()
        elif self._failures > len(BACK_OFF_S):
            return False
        else:
            self._woken.wait(BACK_OFF_S[self._failures - 1])
            if not self._is_over():
                self._flusher.cut(self._writing, self._to_go_on_with(self._flusher.text(self._writing)))
        return True

    def _finish(self, error: Exception | None) -> None:
        """End the turn by its cause; where that is known to be somebody else's affair by now, do nothing."""
        if self._cause != "fenced":
            self._flusher.settle(self._writing, SETTLE_S if not self._leaving.is_set() else 2.0)
        if self._cause == "fenced" or self._writing.state == "stale":
            metrics.LET_GO.labels("fenced").inc()
        elif self._cause == "handed":
            self._hand_back()
        elif error is None and self._parks():
            self._leases.release(self.id)
            metrics.LET_GO.labels("parked").inc()
        elif ended := self._persistently(
            lambda: lifecycle.close(turn_id=self.turn.id, attempt=self.turn.attempt, ending=self._ending(error))
        ):
            self._leases.release(self.id)
            self._tell(ended)
        self._watch.count(self.turn.pool)

    def _parks(self) -> bool:
        """Park the turn where its documents are to be read first, or the model has called tools. False where it is to be closed."""
        if self._cause is not None:
            return False
        if self._plan.unread:
            fate = self._acting.park_to_read(self._persistently, self._plan.documents)
        elif self._usage is None or not self._acting.wants(self._usage):
            return False
        else:
            text, used = self._flusher.text(self._writing), self._watch.usage(self._usage)
            fate = self._acting.park(self._persistently, text, self._usage.calls, used, self._timings())
        if fate != "parked":
            self._end(fate)
        return fate == "parked"

    def _timings(self) -> Mapping[str, Any]:
        told = {**self._what_was_left_out(), **self._plan.told, **self._knowing.told(self._acting)}
        return acting.from_the_first(self.turn.timings, {**self._watch.timings(now(), self._usage), **told})

    def _ending(self, error: Exception | None) -> Ending:
        text = self._flusher.text(self._writing)
        timings = self._timings()
        if self._cause == "stopped":
            return Ending(status="stopped", text=text, timings=timings, spent=self._spent())
        if error is not None:
            return Ending(status="failed", text=text, error=problem(error), timings=timings, spent=self._spent())
        calls, usage = self._usage.calls if self._usage else (), acting.added(self.turn.usage, self._watch.usage(self._usage))
        return Ending(status="done", text=text, usage=usage, timings=timings, calls=[asdict(call) for call in calls])

    def _what_was_left_out(self) -> Mapping[str, Any]:
        summarised = {"summarised": True} if self._summarised else {}
        return {"left_out": self._fit.left_out, **summarised} if self._fit.left_out else {}

    def _spent(self) -> Mapping[str, Any]:
        """Return what was taken where the engine did not come to say it."""
        return acting.added(self.turn.usage, self._spent_now()) or {}

    def _spent_now(self) -> Mapping[str, int]:
        return self._watch.spent(self._usage, estimate(self._fit.request.messages))

    def _tell(self, ended: Ended) -> None:
        metrics.ENDED.labels(ended.pool, ended.row["status"]).inc()
        self.made_another = ended.title_id is not None
        self._tidier.tell(ended)

    def _hand_back(self) -> None:
        metrics.LET_GO.labels("handed").inc()
        try:
            pool = lifecycle.hand_back(turn_id=self.turn.id, attempt=self.turn.attempt, text=self._flusher.text(self._writing))
            if pool is not None:
                jobs.send_turn(pool)
                self._tell_that_it_waits()
        except (Lost, DatabaseLost):
            _log.warning("answer %s is left to another worker's sweeper", self.id)

    def _tell_that_it_waits(self) -> None:
        """Tell that the answer is in line again where it waits for its engine; who takes over at once says so itself."""
        if self._waits and self.turn.conversation_id is not None:
            position = lifecycle.position(self.turn.id)
            self._log.tell(self._topic, [frame(Queued(message_id=self.id, position=position, attempt=self.turn.attempt))])

    def _persistently(self, ask: Callable[[], T]) -> T | None:
        """Ask Postgres until it answers, or until it is no use: None when the turn is lost or this worker ends."""
        return persistently(ask, f"answer {self.id}", lambda pause_s: self._leaving.wait(pause_s) or self._cause == "fenced")

    def _started(self, at: Text) -> bytes:
        return frame(self._news(at=(len(at.content), len(at.reasoning))))

    def _news(self, *, loading: bool = False, at: tuple[int, int] | None = None) -> Started:
        length, reasoning_length = at or self._writing.lengths
        return Started(
            message_id=self.id, attempt=self.turn.attempt, model=self.turn.model, at=length, reasoning_at=reasoning_length, loading=loading,
            left_out=self._fit.left_out, summarised=self._summarised, traceparent=self._watch.span.traceparent,
        )  # fmt: skip
