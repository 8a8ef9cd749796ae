"""One call of a built-in tool, as `worker.steps.calls.Call` is one of an MCP server's: made, bounded, and called off."""

import asyncio
import json
import logging
from dataclasses import dataclass, field

from olamchat.db.pool import DatabaseLost
from olamchat.services.steps.moves import Step
from worker.steps.builtin.belt import Belt
from worker.steps.builtin.refusals import NotDone
from worker.steps.calls import Outcome

_log = logging.getLogger(__name__)


@dataclass
class BuiltInCall:
    """A call that another thread may call off, in the loop's thread."""

    step: Step
    belt: Belt
    timeout_s: float
    called_off: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Outcome:
        """Make the call and return what came of it."""
        work = asyncio.create_task(self.belt.do(self.step, json.loads(self.step.arguments or "{}")))
        off = asyncio.create_task(self.called_off.wait())
        try:
            await asyncio.wait({work, off}, timeout=self.timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            off.cancel()
            work.cancel()  # nothing where it has ended
        if not work.done():
            await asyncio.wait({work}, timeout=1)
            return Outcome(how="cancelled" if self.called_off.is_set() else "late", why=f"no answer within {self.timeout_s:g} s")
        return _outcome(work)


def _outcome(work: "asyncio.Task[dict[str, object]]") -> Outcome:
    try:
        return Outcome(how="ended", kept=work.result())
    except NotDone as refused:
        return Outcome(how="ended", code=refused.code, why=str(refused))
    except DatabaseLost as error:
        return Outcome(how="broken", why=str(error))
    except Exception:  # noqa: BLE001, whatever it is, the step ends
        _log.exception("a built-in tool failed")  # a bug: tried again it would fail again
        return Outcome(how="ended", code="tool_failed", why="The tool failed.")
