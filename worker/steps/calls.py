"""One call of one tool, from the request to what came of it.

The difference that matters is whether the request has left: from then on a write may have happened, whatever comes back.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
from mcp import MCPError
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, CallToolResult

from olamchat.environment import BadSetting
from olamchat.services.steps.moves import Step
from worker.steps.servers import Stale, Unauthorized
from worker.steps.sessions import Session, sessions

# Seconds for the server to be told that a call is cancelled.
CANCEL_S = 1.0
# What a server answers that has not done what it was asked.
_NOT_DONE = {INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND}
IDEMPOTENCY_KEY = "io.olamchat/idempotency-key"

How = Literal["ended", "refused", "unreachable", "broken", "late", "cancelled", "unconnected"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a call.

    `ended`: `result` is its answer. `refused`: the server has not done it. `unreachable`: the request has not left. `broken`: it has
    left, and no answer came. `late`: none came in time. `cancelled`: it was called off. `unconnected`: the server wants another token.
    Of a built-in tool that has ended, `kept` is the result as it is written down, or `code` says (and `why`) what kept it from having one.
    """

    how: How
    result: CallToolResult | None = None
    kept: Mapping[str, Any] | None = None
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
    called_off: asyncio.Event = field(default_factory=asyncio.Event)
    session: Session | None = None

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
        one = sessions.one(self.server, self.token, person=self.step.user_id, fresh=fresh)
        async with asyncio.timeout(self.timeout_s + CANCEL_S + 5), one as session:
            self.session = session
            call = asyncio.create_task(self._call(session.client))
            off = asyncio.create_task(self.called_off.wait())
            await asyncio.wait({call, off}, timeout=self.timeout_s, return_when=asyncio.FIRST_COMPLETED)
            off.cancel()
            if call.done():
                return Outcome(how="ended", result=call.result())
            session.is_kept = False
            call.cancel()  # the SDK tells the server so
            await asyncio.wait({call}, timeout=CANCEL_S)
            return Outcome(how="cancelled" if self.called_off.is_set() else "late", why=f"no answer within {self.timeout_s:g} s")

    async def _call(self, client: Any) -> CallToolResult:
        result: CallToolResult = await client.call_tool(
            self.step.tool,
            json.loads(self.step.arguments or "{}"),
            progress_callback=self._progress,
            meta={IDEMPOTENCY_KEY: str(self.step.idempotency_key)},
        )
        return result

    async def _progress(self, done: float, total: float | None, message: str | None) -> None:
        self.on_progress(done, total, message)

    def _failed(self, error: BaseException) -> Outcome:
        if isinstance(error, Unauthorized):
            return Outcome(how="unconnected", why=str(error))
        away = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        # A call that has left may have arrived, even if what failed at last is a new connection: the SDK connects again to resume.
        return Outcome(how="broken" if self.sent else "unreachable", why=str(error)[:500] or type(error).__name__, away=away)

    def _how(self, error: MCPError) -> How:
        if not self.sent:
            return "unreachable"
        return "refused" if error.code in _NOT_DONE else "broken"


def first(error: BaseException) -> BaseException:
    """Return the first error in groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
