"""One call of one tool, from the request to what came of it.

The difference that matters is whether the request has left: from then on a write may have happened, whatever comes back.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
from mcp import Client, MCPError
from mcp_types import HEADER_MISMATCH, INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, CallToolResult, ElicitResult, InputRequiredResult

from olamchat.environment import BadSetting
from olamchat.services.steps.moves import Step
from worker.steps.people import CANCELLED
from worker.steps.servers import Stale, Unauthorized
from worker.steps.sessions import Session, sessions

# Seconds for the server to be told that a call is cancelled.
CANCEL_S = 1.0
# How often it is looked whether a person is being asked; and how often a server may want its state back.
LOOK_S, MOST_ROUNDS = 0.25, 20
# What a server answers that has not done what it was asked.
_NOT_DONE = {INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND}
IDEMPOTENCY_KEY = "io.olamchat/idempotency-key"

How = Literal["ended", "refused", "unreachable", "broken", "late", "cancelled", "unconnected", "asked"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a call.

    `ended`: `result` is its answer. `refused`: the server has not done it. `unreachable`: the request has not left. `broken`: it has
    left, and no answer came. `late`: none came in time. `cancelled`: it was called off. `unconnected`: the server wants another token.
    `asked`: before it does anything more the server wants `asked` of the person, by its own keys, and its `state` back.
    Of a built-in tool that has ended, `kept` is the result as it is written down, or `code` says (and `why`) what kept it from having one.
    """

    how: How
    result: CallToolResult | None = None
    kept: Mapping[str, Any] | None = None
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    state: str | None = None
    code: str = ""
    why: str = ""
    # Nothing listens at the server's address, as while it restarts.
    away: bool = False


@dataclass
class Call:
    """A call that another thread may call off, in the loop's thread."""

    step: Step
    server: Mapping[str, Any]
    on_progress: Callable[[float, float | None, str | None], None]
    timeout_s: float
    token: str | None = None
    # Puts a question of a call that goes on meanwhile to the person, and returns their answer: {action, content}.
    ask: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]] | None = None
    answers: tuple[Mapping[str, Any] | None, str | None] = (None, None)
    called_off: asyncio.Event = field(default_factory=asyncio.Event)
    session: Session | None = None
    waits: int = 0

    @property
    def sent(self) -> bool:
        return self.session is not None and self.session.left

    async def run(self) -> Outcome:
        """Make the call and return what came of it. Raises nothing that a server can cause."""
        try:
            return await self._connect_and_call()
        except BadSetting as error:
            return Outcome(how="unreachable", why=str(error))
        except MCPError as error:
            return Outcome(how=self._how(error), why=error.message[:500])
        except Exception as error:  # noqa: BLE001, the SDK raises groups of its own, its HTTP client's, anyio's and pydantic's
            _log.info("step %s: %r", self.step.name, first(error))
            return self._failed(first(error))

    async def _connect_and_call(self) -> Outcome:
        try:
            return await self._call_within(fresh=False)
        except Stale:
            return await self._call_within(fresh=True)

    async def _call_within(self, *, fresh: bool) -> Outcome:
        self.session = None
        # The whole way is bounded, too: a server may accept a connection and say nothing.
        bound = asyncio.timeout(self.timeout_s + CANCEL_S + 5)
        async with bound, sessions.one(self.server, self.token, person=self.step.user_id, fresh=fresh) as session:
            self.session = session
            bound.reschedule(None)  # from here on `_wait` bounds it, and the time that a person takes doesn't count
            with session.asker.answered_by(self._answered):
                call = asyncio.create_task(self._call(session.client))
                await self._wait(call)
            if call.done():
                return _outcome(call.result())
            session.is_kept = False
            call.cancel()  # the SDK tells the server so
            await asyncio.wait({call}, timeout=CANCEL_S)
            return Outcome(how="cancelled" if self.called_off.is_set() else "late", why=f"no answer within {self.timeout_s:g} s")

    async def _wait(self, call: "asyncio.Task[Any]") -> None:
        """Wait for the call, until it is called off or its time is over."""
        off, left = asyncio.create_task(self.called_off.wait()), self.timeout_s
        while not call.done() and not off.done() and left > 0:
            asks, began = self.waits, time.monotonic()
            await asyncio.wait({call, off}, timeout=min(left, LOOK_S), return_when=asyncio.FIRST_COMPLETED)
            left -= 0 if asks else time.monotonic() - began
        off.cancel()

    async def _call(self, client: Client) -> CallToolResult | InputRequiredResult:
        """Call the tool; again where the server only wants its state back. Forms come back, for a person to fill in."""
        answers, state = self.answers
        for _ in range(MOST_ROUNDS):
            responses = {key: ElicitResult.model_validate(said) for key, said in answers.items()} if answers else None
            result = await self._call_once(client, responses, state)
            if not isinstance(result, InputRequiredResult) or result.input_requests:
                return result
            answers, state = None, result.request_state
            await asyncio.sleep(LOOK_S)
        raise MCPError(code=INVALID_REQUEST, message="The server doesn't come to an end.")

    async def _call_once(self, client: Client, responses: Any, state: str | None) -> CallToolResult | InputRequiredResult:
        arguments = json.loads(self.step.arguments or "{}")
        meta: Any = {IDEMPOTENCY_KEY: str(self.step.idempotency_key)}
        given: Any = {"progress_callback": self._progress, "input_responses": responses, "request_state": state, "meta": meta}

        async def once() -> CallToolResult | InputRequiredResult:
            result: CallToolResult | InputRequiredResult = await client.session.call_tool(
                self.step.tool, arguments, **given, allow_input_required=True
            )
            return result

        try:
            return await once()
        except MCPError as error:
            if error.code != HEADER_MISMATCH:
                raise
        await client.list_tools()  # its schema says which arguments go into headers
        return await once()

    async def _answered(self, params: Mapping[str, Any]) -> ElicitResult:
        """Put what the server asks in the middle of the call to the person."""
        if self.ask is None:
            return CANCELLED
        self.waits += 1
        try:
            return ElicitResult.model_validate(await self.ask(params))
        finally:
            self.waits -= 1

    async def _progress(self, done: float, total: float | None, message: str | None) -> None:
        self.on_progress(done, total, message)

    def _failed(self, error: BaseException) -> Outcome:
        if isinstance(error, Unauthorized) and not self.sent:
            return Outcome(how="unconnected", why=str(error))
        away = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        # A call that has left may have arrived, even if what failed at last is a new connection: the SDK connects again to resume.
        return Outcome(how="broken" if self.sent else "unreachable", why=str(error)[:500] or type(error).__name__, away=away)

    def _how(self, error: MCPError) -> How:
        if not self.sent:
            return "unreachable"
        return "refused" if error.code in _NOT_DONE else "broken"


def _outcome(result: CallToolResult | InputRequiredResult) -> Outcome:
    if isinstance(result, CallToolResult):
        return Outcome(how="ended", result=result)
    asked = {key: one.model_dump(by_alias=True, mode="json", exclude_none=True) for key, one in (result.input_requests or {}).items()}
    if any(one["method"] != "elicitation/create" for one in asked.values()):
        return Outcome(how="refused", why="it wants something of olamchat that isn't offered")
    return Outcome(how="asked", asked={key: one["params"] for key, one in asked.items()}, state=result.request_state)


def first(error: BaseException) -> BaseException:
    """Return the first error in groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
