"""olamchat as `make up` starts it: one process of each kind, and a supervisor that starts again what dies."""

import asyncio
import contextlib
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from bench.peers.engine import MODEL, Engine
from bench.peers.kept import Seen
from bench.peers.rounds import AGAIN_S, STARTS_WITHIN_S, Act, Fault, dies, nothing
from tests.faults.clients.api import Api
from tests.faults.house import free_port
from tests.local.conftest import Running

WRITING = {"queued", "running", "waiting"}
# What one worker may write at once; 8 unless somebody sets it, and then the other answers would only be waiting when it dies.
CONCURRENCY = 64


class Olamchat:
    """A person's chats in the house."""

    name = "olamchat"

    def __init__(self, api: Api) -> None:
        self._api = api

    async def ask(self) -> str:
        made = await self._api.until("POST", "/api/conversations", {"title": "Count"})
        body = {"content": "Count.", "model": MODEL}
        await self._api.until("POST", f"/api/conversations/{made['id']}/messages", body, Idempotency_Key=uuid4().hex)
        return str(made["id"])

    async def read(self, chat_id: str) -> Seen:
        page = await self._api.until("GET", f"/api/conversations/{chat_id}/messages?limit=20")
        answers = [one for one in page["items"] if one["role"] == "assistant"]
        return Seen(tuple(one["content"] for one in answers), any(one["status"] in WRITING for one in answers))


class Place:
    """A house in a folder of its own, and its engine."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port, self.engine = folder / "data", free_port(), Engine(folder / "logs")
        self._up: Running | None = None

    @property
    def running(self) -> Running:
        assert self._up is not None, "it was not started"
        return self._up

    def start(self) -> None:
        """Start both and wait until they are ready."""
        self.engine.part.start()
        self.engine.part.await_ready()
        self._up = Running(self.data, port=self.port, **self._variables()).ready()

    def stop(self) -> None:
        """End every process that was started here."""
        if self._up is not None:
            self._up.end(signal.SIGTERM)
        self.engine.part.kill()

    async def signed_up(self) -> Olamchat:
        """Make the first account."""
        account = {"email": "ann@example.org", "password": "quite a good one", "tokens": True}
        made = await Api(self.port).until("POST", "/api/auth/signup", account)
        return Olamchat(Api(self.port, made["access_token"]))

    def faults(self) -> list[Fault]:
        return [
            Fault("nothing; nobody has the page open", nothing),
            Fault("its worker, SIGKILL", self._dies("worker", signal.SIGKILL)),
            Fault("its worker, SIGTERM", self._dies("worker", signal.SIGTERM)),
            Fault("its web process, SIGKILL", self._dies("web server", signal.SIGKILL)),
            Fault("the engine, SIGKILL", dies([self.engine.part], signal.SIGKILL)),
            Fault("its Redis, SIGKILL", self._dies("Valkey", signal.SIGKILL)),
            Fault("its PostgreSQL, SIGKILL", self._dies("database", signal.SIGKILL)),
            Fault("all of these at once, SIGKILL", self._everything),
        ]

    def _variables(self) -> dict[str, str]:
        return {"OLLAMA_URL": self.engine.url, "OLAMCHAT_CONCURRENCY": str(CONCURRENCY), "OLAMCHAT_ACCESS_TTL_S": "86400"}

    def _dies(self, part: str, how: signal.Signals) -> Act:
        async def act() -> None:
            pid = self.running.house.pids[part]
            os.kill(pid, how)
            await _until(lambda: self.running.house.pids[part] != pid and self._is_ready())

        return act

    async def _everything(self) -> None:
        """Kill the supervisor, whose parts die with it, and the engine."""
        self.engine.part.kill()
        await asyncio.to_thread(self.running.end, signal.SIGKILL)
        await asyncio.sleep(AGAIN_S)
        self.start()  # not in a thread: what it starts dies with the thread that started it

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.running.address}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
        return False


async def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not await asyncio.to_thread(true):
        if time.monotonic() > deadline:
            raise RuntimeError("olamchat did not come back; its logs say why")
        await asyncio.sleep(0.2)
