"""Sessions with MCP servers that stay open between calls: then a call is one request on a connection that is there already.

One call has a session to itself, so that what goes wrong with one call harms no other; whatever went wrong with it, it is closed.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from mcp import Client

from worker.steps import servers
from worker.steps.people import Asker
from worker.steps.servers import Wire

# Seconds that a session is kept without a call, and how many are kept for one server and person, and in all.
IDLE_S = 60.0
MOST_OF_ONE, MOST = 8, 64
OPEN_S = 20.0


class Session:
    """One session, held in a task of its own: the SDK wants it closed where it was opened. Everything happens in the loop's thread."""

    def __init__(self, wire: Wire | None, client: Client | None = None, asker: Asker | None = None) -> None:
        self._wire, self._ready = wire, asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._client = client
        self.asker = asker or Asker()
        self.is_kept = wire is not None

    async def open(self, server: Mapping[str, Any], token: str | None, wire: Wire) -> None:
        """Open the session. Raises what the SDK and its HTTP client raise, Unauthorized, BadSetting."""
        self._task = asyncio.create_task(self._hold(server, token, wire))
        try:
            self._client = await asyncio.wait_for(asyncio.shield(self._ready), OPEN_S)
        except BaseException:
            self.close()
            raise

    @property
    def client(self) -> Client:
        """The SDK's client, connected."""
        assert self._client is not None, "it is handed out when it is open"
        return self._client

    @property
    def left(self) -> bool:
        """Whether anything of the call has left."""
        return self._wire is None or self._wire.left

    @property
    def failure(self) -> BaseException | None:
        """What kept the call's request from being answered, where the SDK says only that a connection is closed."""
        return self._wire.failure if self._wire else None

    @property
    def is_open(self) -> bool:
        return self._task is not None and not self._task.done()

    def begin(self, *, again: bool) -> None:
        """Begin a call; `again` where the session has served another before."""
        if self._wire is not None:
            self._wire.begin(again=again)

    def close(self) -> None:
        self.is_kept = False
        self._over.set()
        if self._task is not None and not self._ready.done():
            self._task.cancel()

    async def _hold(self, server: Mapping[str, Any], token: str | None, wire: Wire) -> None:
        try:
            async with servers.connected(server, token=token, wire=wire, elicitation_callback=self.asker) as client:
                self._ready.set_result(client)
                await self._over.wait()
        except BaseException as error:
            if self._ready.done():
                return  # whoever called learns it from the wire
            if isinstance(error, asyncio.CancelledError):
                self._ready.cancel()
                raise
            self._ready.set_exception(error)


class Sessions:
    """The sessions that are open, by whose they are."""

    def __init__(self) -> None:
        self._idle: dict[Hashable, list[tuple[Session, asyncio.TimerHandle]]] = {}

    @asynccontextmanager
    async def one(self, server: Mapping[str, Any], token: str | None, *, person: UUID, fresh: bool = False) -> AsyncIterator[Session]:
        """Yield a session for a person's call, `fresh` or one of theirs that is kept: a server may remember what was done in it. Raises what the SDK does, Unauthorized, Stale."""
        if server["kind"] == "stdio":
            async with servers.connected(server) as client:
                yield Session(None, client, servers.asker(server["name"]))
            return
        key = _key(server, token, person)
        kept = None if fresh else self._take(key)
        session = kept or await _opened(server, token)
        session.begin(again=kept is not None)
        try:
            yield session
        except BaseException as error:
            session.close()
            if session.failure is not None and isinstance(error, Exception):
                raise session.failure from error
            raise
        self._put(key, session)

    def _take(self, key: Hashable) -> Session | None:
        while found := self._idle.get(key):
            session, timer = found.pop()
            timer.cancel()
            if session.is_open:
                return session
        self._idle.pop(key, None)
        return None

    def _put(self, key: Hashable, session: Session) -> None:
        of_one = self._idle.setdefault(key, [])
        if not session.is_kept or not session.is_open or len(of_one) >= MOST_OF_ONE or sum(map(len, self._idle.values())) >= MOST:
            session.close()
            return
        timer = asyncio.get_running_loop().call_later(IDLE_S, self._let_go, key, session)
        of_one.append((session, timer))

    def _let_go(self, key: Hashable, session: Session) -> None:
        session.close()
        left = [(one, timer) for one, timer in self._idle.get(key, []) if one is not session]
        if left:
            self._idle[key] = left
        else:
            self._idle.pop(key, None)


async def _opened(server: Mapping[str, Any], token: str | None) -> Session:
    wire = servers.wire()
    session = Session(wire)
    await session.open(server, token, wire)
    return session


def _key(server: Mapping[str, Any], token: str | None, person: UUID) -> Hashable:
    """Return what tells sessions apart that one must not be taken for: another server, address, person or token."""
    return (person, server["id"], server["url"], *servers.authorization(server, token).items())


sessions = Sessions()
