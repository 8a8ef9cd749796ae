"""Between a server that asks something in the middle of a call and the call that it belongs to: one step, and so one person."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mcp_types import ElicitRequestParams, ElicitResult, ErrorData

Answerer = Callable[[Mapping[str, Any]], Awaitable[ElicitResult]]
CANCELLED = ElicitResult(action="cancel")


class Asker:
    """The callback of a session for what its server asks. Outside of a call, or where two calls could be meant, nobody is asked."""

    def __init__(self) -> None:
        self._answerers: list[Answerer] = []

    @contextmanager
    def answered_by(self, answerer: Answerer) -> Iterator[None]:
        """Let questions be put to this step's person until the block ends."""
        self._answerers.append(answerer)
        try:
            yield
        finally:
            self._answerers.remove(answerer)

    async def __call__(self, context: Any, params: ElicitRequestParams) -> ElicitResult | ErrorData:  # noqa: ARG002, as the SDK calls it
        if len(self._answerers) != 1:
            return CANCELLED
        return await self._answerers[0](params.model_dump(by_alias=True, mode="json", exclude_none=True))
