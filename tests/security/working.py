"""Workers beside the served functions, and OpenAI's client for who asks."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import openai
import psycopg

from tests.forked import Process, started
from tests.functions.server.serving import Served

PATIENCE_S = 60.0
QUICK = {"OLAMCHAT_LEASE_TTL_S": "1.5", "OLAMCHAT_HEARTBEAT_S": "0.3", "OLAMCHAT_SWEEP_S": "0.2", "OLAMCHAT_WORKER_GRACE_S": "1"}
# What names the scripted engine, by the protocol that it is to be spoken to in.
ADDRESSES = {"ollama": ("OLLAMA_URL", ""), "openai": ("OPENAI_BASE_URL", "/v1")}


@contextmanager
def working(folder: Path, **variables: str) -> Iterator[Process]:
    """Run a worker with these variables until the block ends."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
    process = started((), {**clean, **QUICK, **variables}, folder / f"worker-{uuid4().hex[:6]}.log")
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def asking(served: Served, name: str = "ann") -> Iterator[openai.OpenAI]:
    """OpenAI's client with a key of this person's, once something is offered."""
    token = served.sign_up(name)["access_token"]
    _, key = served.call("POST", "/api/auth/keys", {"name": "openai", "scopes": ["chat"]}, token)
    with openai.OpenAI(base_url=f"{served.url}/v1", api_key=key["key"], max_retries=0, timeout=PATIENCE_S) as found:
        until(lambda: bool(served.call("GET", "/api/models", token=token)[1].get("items")))
        yield found


def until(is_so: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def count(database_url: str, table: str) -> int:
    with psycopg.connect(database_url) as connection:
        [(number,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(number)
