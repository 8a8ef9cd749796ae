"""The whole house under load: Postgres, Valkey, the functions in one process or one each, workers, all on this machine."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg
import redis

from bench.systems.usage import Use, use
from functions.routes import FUNCTIONS, function_for
from local import keys, postgres, valkey
from local.parts import ROOT, free_port
from local.process import CannotStart, end, spawn
from migrations import runner

READY_S = 40
# As many documents at once as a pod of index workers has: the many places are for answers, which wait for engines and hardly for the database.
READERS = {"OLAMCHAT_CONCURRENCY": "2"}


@dataclass(frozen=True)
class Shape:
    """How the house is cut into processes. `each`: one gunicorn for each function, as in a cluster; else one for all.

    `blind`: nothing is counted, timed or logged, to learn what that costs. `plain`: as `make up` has it, with its limits, its log and its places for answers.
    `steps`: with a step worker, too; `index`: with an index worker.
    """

    each: bool = False
    function_processes: int = 1
    worker_processes: int = 1
    concurrency: int = 300
    engine: str = "ollama"
    blind: bool = False
    plain: bool = False
    steps: bool = False
    index: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


class Stack:
    """A running house. Use it as a context manager; `ports` maps functions to where they listen."""

    def __init__(self, folder: Path, engine_port: int, shape: Shape | None = None) -> None:
        self._folder, self._shape = folder, shape or Shape()
        self._engine_port = engine_port
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def port(self, path: str) -> int:
        """Return the port that answers a path."""
        return self.ports[function_for(path) or FUNCTIONS[0]]

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def use(self) -> dict[str, Use]:
        """Return what each part has used so far."""
        return {name: use(process.pid) for name, process in self._running.items()}

    def redis_calls(self) -> dict[str, int]:
        """Return how often each command was carried out, those inside scripts too."""
        with redis.Redis.from_url(self.redis_url) as client:
            return {name.removeprefix("cmdstat_"): told["calls"] for name, told in client.info("commandstats").items()}

    def wal_bytes(self) -> int:
        """Return how much Postgres has written ahead so far."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint").fetchone()
            assert row is not None
            return int(row[0])

    def checkpoint(self) -> None:
        """Let Postgres write and vacuum what earlier rounds left, so that this round does not pay for it."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        owners = self.database_url.replace(f"//{postgres.ROLE}@", f"//{postgres.OWNER}@")
        with psycopg.connect(owners, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def stop(self) -> None:
        """End what runs, the last started first."""
        for name in reversed(self._running):
            end(self._running[name], signal.SIGINT if name == "postgres" else signal.SIGTERM, 15)
        self._running.clear()

    def _start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._servers()
        runner.up(self.database_url)
        self._functions()
        for number in range(self._shape.worker_processes):
            self._worker(number)
        for role in ("steps", "index"):
            if getattr(self._shape, role):
                self._spawn(role, [*self._python("worker"), role], **(READERS if role == "index" else {}))
        self._await_model()

    def _servers(self) -> None:
        database = postgres.start(self._folder / "postgres", free_port(), log=self._folder / "postgres.log")
        self._running["postgres"], self.database_url = database.process, database.url
        store = valkey.start(self._folder / "valkey", free_port(), log=self._folder / "valkey.log")
        self._running["valkey"], self.redis_url = store.process, store.url

    def _functions(self) -> None:
        if not self._shape.each:
            port = free_port()
            self.ports = dict.fromkeys(FUNCTIONS, port)
            self._function("functions", port, "")
        for name in FUNCTIONS if self._shape.each else ():
            self.ports[name] = free_port()
            self._function(name, self.ports[name], name)
        for port in set(self.ports.values()):
            _await_http(f"http://127.0.0.1:{port}/health/live", self._folder)

    def _function(self, name: str, port: int, functions: str) -> None:
        command: list[str | Path] = [
            *self._python("gunicorn"), "-c", ROOT / "local" / "gunicorn.py", "--bind", f"127.0.0.1:{port}",
            "functions.wsgi:app",
        ]  # fmt: skip
        self._spawn(name, command, OLAMCHAT_FUNCTIONS=functions, WEB_CONCURRENCY=str(self._shape.function_processes))

    def _worker(self, number: int) -> None:
        name = "worker" if self._shape.worker_processes == 1 else f"worker-{number + 1}"
        self._spawn(name, self._python("worker"))

    def _python(self, module: str) -> list[str | Path]:
        return [sys.executable, "-m", *(["bench.systems.blind"] if self._shape.blind else []), module]

    def _spawn(self, name: str, command: list[str | Path], **extra: str) -> None:
        env = {**os.environ, **self._environment(), **extra}
        self._running[name] = spawn(command, log=self._folder / f"{name}.log", dies_by=signal.SIGTERM, env=env, cwd=ROOT)

    def _environment(self) -> dict[str, str]:
        engine = f"http://127.0.0.1:{self._engine_port}"
        door = {"OLLAMA_URL": engine} if self._shape.engine == "ollama" else {"OPENAI_BASE_URL": f"{engine}/v1"}
        return {
            **door,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            **keys.make_once(self._folder / "keys"),
            "OLAMCHAT_SECURE_COOKIES": "false",
            "OLAMCHAT_BCRYPT_COST": "4",  # readers are made by the hundred before the clock starts
            **({} if self._shape.plain else self._wide()),
            **self._shape.settings,
        }

    def _wide(self) -> dict[str, str]:
        """Return settings that leave the load alone, so that the house is measured and not its limits."""
        return {
            "OLAMCHAT_CONCURRENCY": str(self._shape.concurrency),
            "OLAMCHAT_MAX_ANSWERS_PER_USER": "1000",
            "OLAMCHAT_MAX_STREAMS_PER_USER": "1000000",
            "OLAMCHAT_MAX_ANSWER_CHARS": "100000000",  # an unthrottled stream is to be measured for seconds
            "OLAMCHAT_LIMIT_ADDRESS": "-",
            "OLAMCHAT_LIMIT_REQUESTS": "-",
            "OLAMCHAT_LOG_LEVEL": "warning",
        }

    def _await_model(self) -> None:
        """Wait until as many workers as there are have announced what they offer."""
        client, deadline = redis.Redis.from_url(self.redis_url), time.monotonic() + READY_S
        with client:
            while client.hlen("roster") < self._shape.worker_processes:
                if time.monotonic() > deadline:
                    raise CannotStart(f"no worker announced a model; the logs in {self._folder} say why")
                time.sleep(0.1)


def _await_http(url: str, folder: Path) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise CannotStart(f"{urlsplit(url).port} does not answer ({error}); the logs in {folder} say why") from None
            time.sleep(0.05)
