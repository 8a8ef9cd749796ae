"""The whole house as real processes: two workers and step workers, two of each function, a router, an engine, a tool server, Postgres and Valkey."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis

from functions.routes import FUNCTIONS
from local import keys, postgres, valkey
from local.process import spawn
from migrations import runner

ROOT = Path(__file__).parents[2]
READY_S = 60.0
# One worker can hold every answer of a scenario, so that what is measured is recovery and not a queue.
CONCURRENCY = 220


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


Act = Callable[["House"], Awaitable[None]]


@dataclass
class Part:
    """One process of the house, started again as it was. Only its own pid and its own children are ever signalled."""

    name: str
    start_process: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[], bool]
    ends_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = self.start_process()

    def await_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while not self.ready():
            assert self.process is not None
            assert self.process.poll() is None, f"{self.name} ended with {self.process.returncode}"
            assert time.monotonic() < deadline, f"{self.name} is not ready"
            time.sleep(0.05)

    @property
    def pids(self) -> list[psutil.Process]:
        """The process and its children."""
        if self.process is None or self.process.poll() is not None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            own = psutil.Process(self.process.pid)
            return [own, *own.children(recursive=True)]
        return []

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children, as losing or freezing the machine under them would."""
        for one in self.pids:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def kill(self) -> None:
        self.signal_all(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def terminate(self) -> None:
        """Ask the process to end, as an orchestrator does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.ends_by)

    def wait(self, timeout_s: float = 60) -> None:
        if self.process is not None:
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def memory_mb(self) -> float:
        return sum(one.memory_info().rss for one in self.pids) / 1e6


@dataclass
class House:
    """All parts by name: "worker-0", "stream-1", "redis"…"""

    folder: Path
    models: dict[str, str]
    concurrency: int = CONCURRENCY
    parts: dict[str, Part] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    clocks: dict[str, dict[str, str]] = field(default_factory=dict)  # parts that are told another time: the variables that do it

    def __post_init__(self) -> None:
        self.postgres_folder = self.folder / "postgres"
        self.standby_folder = self.dumped = self.folder  # until there is one

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        for parent in (self.folder, *self.folder.parents):
            if os.geteuid() == 0 and parent.parts[:2] == ("/", "tmp") and parent != Path("/tmp"):
                parent.chmod(0o755)  # Postgres runs as nobody
        (self.folder / "logs").mkdir(exist_ok=True)
        postgres.prepare(self.postgres_folder, self._log("postgres"), "")
        for name in ("postgres", "redis", "engine", "wire"):
            self._add(name, getattr(self, f"_{name}"), self.listens(name))
        self.parts["postgres"].ends_by = signal.SIGINT
        postgres.make_database(self.ports["postgres"], "olamchat", postgres.Passwords())
        runner.up(self.database_url)
        for function in FUNCTIONS:
            for number in (0, 1):
                self._add(f"{function}-{number}", self._function(function, f"{function}-{number}"), self._answers(f"{function}-{number}"))
        self._add("router", self._router, self.listens("router"))
        self._add("tools", self._tools, self.listens("tools"))
        for number in (0, 1):
            self._add(f"worker-{number}", self._worker(number), self._answers(f"worker-{number}"))
            self._add(f"steps-{number}", self._steps(number), self._answers(f"steps-{number}"))
        for part in self.parts.values():
            part.await_ready()

    def stop(self) -> None:
        """End every process that this house started."""
        for part in reversed(self.parts.values()):
            part.signal_all(signal.SIGCONT)
            part.kill()

    def replicate(self) -> None:
        """Give Redis a replica, over a wire of its own that can be stopped. Returns when it knows all."""
        master = redis.Redis.from_url(self.redis_url)
        master.config_set("repl-diskless-sync-delay", 0)
        self._add("replication", self.forward("replication"), self.listens("replication"))
        self._add(
            "replica",
            lambda: valkey.serve(self.folder / "replica", self.ports["replica"], self._log("replica"), durable=False),
            self.listens("replica"),
        )
        for name in ("replication", "replica"):
            self.parts[name].await_ready()
        replica = redis.Redis(port=self.ports["replica"])
        replica.replicaof("127.0.0.1", self.ports["replication"])
        deadline = time.monotonic() + READY_S
        while replica.info("replication")["master_link_status"] != "up":
            assert time.monotonic() < deadline, "the replica does not come up"
            time.sleep(0.05)

    def read_documents(self) -> list[str]:
        """Start index workers and return their names."""
        names = ["index-0", "index-1"]
        for name in names:
            self._add(name, self._index(name), self._answers(name))
        for name in names:
            self.parts[name].await_ready()
        return names

    def promote(self) -> None:
        """Kill Redis; its replica takes its place and its address, knowing what it knows."""
        master, replica, wire = self.parts["redis"], self.parts.pop("replica"), self.parts.pop("replication")
        for part in (master, wire):
            part.kill()
        client = redis.Redis(port=self.ports["replica"])
        client.replicaof("NO", "ONE")
        client.config_set("port", self.ports["redis"])
        master.process = replica.process

    @property
    def database_url(self) -> str:
        return postgres.url(self.ports["postgres"], "olamchat", "")

    @property
    def book(self) -> Path:
        """What the tool server was asked."""
        return self.folder / "calls.jsonl"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.ports['redis']}/0"

    def _add(self, name: str, start: Callable[[], subprocess.Popen[bytes]], ready: Callable[[], bool]) -> None:
        self.ports[name] = free_port()
        part = self.parts[name] = Part(name, start, ready)
        part.start()
        if name in {"postgres", "redis", "engine"}:
            part.await_ready()

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def listens(self, name: str) -> Callable[[], bool]:
        """Return what tells whether a part takes connections."""

        def listens() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports[name]), timeout=1):
                return True
            return False

        return listens

    def _answers(self, name: str) -> Callable[[], bool]:
        def answers() -> bool:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/health/ready", timeout=2) as answer,
            ):
                return bool(answer.status == 200)
            return False

        return answers

    def _postgres(self) -> subprocess.Popen[bytes]:
        return postgres.serve(self.postgres_folder, self.ports["postgres"], self._log("postgres"), env=self._clean("postgres"))

    def _redis(self) -> subprocess.Popen[bytes]:
        return valkey.serve(self.folder / "redis", self.ports["redis"], self._log("redis"), durable=False, env=self._clean("redis"))

    def _engine(self) -> subprocess.Popen[bytes]:
        models = [word for name, query in self.models.items() for word in ("--model", f"{name}?{query}")]
        return self._python("engine", "-m", "tests.scripted_engine", "--port", str(self.ports["engine"]), *models)

    def _wire(self) -> subprocess.Popen[bytes]:
        return self.forward("wire")()

    def forward(self, name: str, to: str = "redis") -> Callable[[], subprocess.Popen[bytes]]:
        """Return how to start a wire to one of the stores."""
        return lambda: self._python(name, "-m", "tests.faults.network.wire", str(self.ports[name]), str(self.ports[to]))

    def _router(self) -> subprocess.Popen[bytes]:
        functions = {function: [self.ports[f"{function}-{number}"] for number in (0, 1)] for function in FUNCTIONS}
        given = json.dumps({"listen": self.ports["router"], "functions": functions})
        return self._python("router", "-m", "tests.faults.network.router", given)

    def _function(self, function: str, name: str) -> Callable[[], subprocess.Popen[bytes]]:
        command = ("-m", "gunicorn", "-c", "functions/server/gunicorn_config.py", "functions.wsgi:app")
        return lambda: self._python(name, *command, OLAMCHAT_FUNCTIONS=function, OLAMCHAT_BIND=f"127.0.0.1:{self.ports[name]}")

    def _worker(self, number: int) -> Callable[[], subprocess.Popen[bytes]]:
        name = f"worker-{number}"
        redis_port = self.ports["wire" if number == 0 else "redis"]
        return lambda: self._python(
            name, "-m", "worker", OLAMCHAT_WORKER_PORT=str(self.ports[name]), REDIS_URL=f"redis://127.0.0.1:{redis_port}/0"
        )

    def _steps(self, number: int) -> Callable[[], subprocess.Popen[bytes]]:
        name = f"steps-{number}"
        return lambda: self._python(name, "-m", "worker", "steps", OLAMCHAT_WORKER_PORT=str(self.ports[name]))

    def _index(self, name: str) -> Callable[[], subprocess.Popen[bytes]]:
        given = {"OLAMCHAT_EMBEDDINGS": "ollama/scripted-embedder", "OLAMCHAT_CONCURRENCY": "2"}
        return lambda: self._python(name, "-m", "worker", "index", OLAMCHAT_WORKER_PORT=str(self.ports[name]), **given)

    def _tools(self) -> subprocess.Popen[bytes]:
        return self._python("tools", "-m", "tests.tool_server", "--port", str(self.ports["tools"]), "--book", str(self.book))

    def _python(self, name: str, *words: str, **variables: str) -> subprocess.Popen[bytes]:
        env = {**self._clean(name), **self._variables(), **variables}
        return spawn([sys.executable, *words], log=self._log(name), dies_by=signal.SIGKILL, cwd=ROOT, env=env)

    def _clean(self, name: str) -> dict[str, str]:
        """Return this process's environment without olamchat's settings, and with the clock that the part is told."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("OLAMCHAT_")}
        return clean | self.clocks.get(name, {})

    def _variables(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "OLLAMA_URL": f"http://127.0.0.1:{self.ports.get('engine', 1)}",
            "OLAMCHAT_SECURE_COOKIES": "false",
            "OLAMCHAT_BCRYPT_COST": "4",
            "OLAMCHAT_ACCESS_TTL_S": "86400",
            "OLAMCHAT_MAX_ANSWERS_PER_USER": "10000",
            "OLAMCHAT_LIMIT_ADDRESS": "-",
            "OLAMCHAT_LIMIT_REQUESTS": "-",
            "OLAMCHAT_MAX_WAITING_PER_POOL": "10000",
            "OLAMCHAT_CONCURRENCY": str(self.concurrency),
            "OLAMCHAT_CONNECTIONS": "5000",
            "OLAMCHAT_MAX_STREAMS_PER_USER": "5000",
            "OLAMCHAT_GRACEFUL_S": "10",
            "OLAMCHAT_WORKER_GRACE_S": "1",
            "OLAMCHAT_TOOL_CALL_S": "12",
            "OLAMCHAT_LOG_LEVEL": "info",
            **keys.make_once(self.folder / "keys"),
        }
