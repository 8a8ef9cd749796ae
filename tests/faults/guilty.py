"""An answer that kills whatever process runs it, as one does that brings its worker's memory or engine library down."""

import asyncio
import contextlib
import time
from uuid import uuid4

import psutil
import psycopg

from olamchat.services.turns.lifecycle import SUSPECT
from tests.faults.clients.api import Api
from tests.faults.house import House

# How long the guilty answer may take until it has failed by itself.
WITHIN_S = 60.0
KILL_EVERY_S = 2.0
KILLS = 10
_RUNS = "SELECT worker, deaths FROM turns WHERE state = 'running' AND id = %s"


async def ask(house: House) -> tuple[Api, str, str]:
    """Ask the guilty question; return who asks, its conversation and its answer."""
    visitor = Api(house.ports["router"])
    named = {"email": f"{uuid4().hex}@example.org", "password": "quite a good one", "tokens": True}
    api = Api(house.ports["router"], (await visitor.until("POST", "/api/auth/signup", named))["access_token"])
    made = await api.until("POST", "/api/conversations", {"title": "guilty"})
    path = f"/api/conversations/{made['id']}/messages"
    sent = await api.until("POST", path, {"content": "Kill.", "model": "early"}, Idempotency_Key=uuid4().hex)
    return api, path, sent["answer"]["id"]


async def act(house: House) -> None:
    """Have a guilty answer kill its workers until it has failed; they start again at once."""
    api, path, answer_id = await ask(house)
    deadline = time.monotonic() + WITHIN_S
    while (await _status(api, path)) != "failed":
        assert time.monotonic() < deadline, "the guilty answer has not failed"
        await asyncio.to_thread(_kill, house, answer_id)
        await asyncio.sleep(0.2)
    await api.until("DELETE", path.removesuffix("/messages"))


async def kill_for_a_while(house: House) -> None:
    """Kill a worker every two seconds, each started again at once."""
    for number in range(KILLS):
        part = house.parts[f"worker-{number % 2}"]
        part.kill()
        part.start()
        await asyncio.sleep(KILL_EVERY_S)
    for name in ("worker-0", "worker-1"):
        await asyncio.to_thread(house.parts[name].await_ready)


async def _status(api: Api, path: str) -> str:
    page = await api.until("GET", f"{path}?limit=20")
    return next(str(row["status"]) for row in page["items"] if row["role"] == "assistant")


def _kill(house: House, answer_id: str) -> None:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(_RUNS, [answer_id]).fetchone()
    for part in (house.parts["worker-0"], house.parts["worker-1"]):
        if row is None or part.process is None or f"-{part.process.pid}-" not in row[0]:
            continue
        if row[1] >= SUSPECT:
            _kill_apart(part.process.pid, answer_id)
        else:
            part.kill()
            part.start()


def _kill_apart(pid: int, answer_id: str) -> None:
    """Kill the process in which the answer runs apart, if it has begun."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children():
            if answer_id in child.cmdline():
                child.kill()
