"""MCP servers that are programs of this machine, spoken to over their standard streams: started when they are needed first, ended with the house.

They are for one machine alone: in a pod nobody could say which pod has the program's memory.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from pydantic import ValidationError

from olamchat.environment import BadSetting, Environment
from olamchat.services.steps import mcp_file
from worker.steps.identity import ABOUT
from worker.steps.people import Asker

START_S = 30.0


class Programs:
    """The programs by name, each with its session as long as it lives. Everything but the making happens in the loop's thread."""

    def __init__(self, plans: Mapping[str, StdioServerParameters]) -> None:
        self.plans = dict(plans)
        self._sessions: dict[str, asyncio.Task[None]] = {}
        self._clients: dict[str, Client] = {}
        self.askers = {name: Asker() for name in self.plans}
        self._locks: dict[str, asyncio.Lock] = {}

    async def client(self, name: str) -> Client:
        """Return the session with a program, started where it doesn't run. Raises BadSetting, TimeoutError and what the SDK raises."""
        if name not in self.plans:
            raise BadSetting(f"no program of the name {name} is in this machine's MCP file")
        async with self._locks.setdefault(name, asyncio.Lock()):
            if name not in self._clients:
                await self._begin(name)
            return self._clients[name]

    def forget(self, name: str) -> None:
        """End a session that has failed; the next call starts the program again."""
        if task := self._sessions.pop(name, None):
            task.cancel()
        self._clients.pop(name, None)

    async def _begin(self, name: str) -> None:
        ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._sessions[name] = asyncio.create_task(self._hold(name, ready))
        self._clients[name] = await asyncio.wait_for(ready, START_S)

    async def _hold(self, name: str, ready: "asyncio.Future[Client]") -> None:
        """Keep a session open in a task of its own: the SDK wants it closed where it was opened."""
        try:
            async with Client(self.plans[name], client_info=ABOUT, cache=None, elicitation_callback=self.askers[name]) as client:
                ready.set_result(client)
                await asyncio.Event().wait()
        except Exception as error:  # noqa: BLE001, who waits for the program is told, whatever the SDK raises
            if not ready.done():
                ready.set_exception(error)
        finally:
            self._clients.pop(name, None)


def programs(environment: Environment) -> Programs:
    """Read the file that the environment names. Raises BadSetting."""
    if not environment.mcp_file:
        return Programs({})
    if environment.pod:
        raise BadSetting("OLAMCHAT_MCP_FILE starts programs on this machine, which a pod must not do. Add servers by their addresses.")
    try:
        return Programs({name: _plan(said) for name, said in mcp_file.read(environment.mcp_file).items()})
    except ValidationError as error:
        raise BadSetting(f"OLAMCHAT_MCP_FILE={environment.mcp_file!r} has a program that can't be started: {error}") from None


def _plan(said: Mapping[str, Any]) -> StdioServerParameters:
    return StdioServerParameters(command=said["command"], args=said.get("args", []), env=said.get("env"), cwd=said.get("cwd"))
