"""Open WebUI's processes: one with SQLite, as its package is installed, or two with PostgreSQL and Redis, as its docs say for several."""

import contextlib
import os
import secrets
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

from psycopg.pq import PGconn, Ping

from bench.peers.engine import EMBEDDER, Engine, listens
from local import postgres, valkey
from local.process import spawn
from tests.faults.house import Part, free_port

DATABASE = "openwebui"


class Place:
    """Its processes, an engine, and the stores where it is to have them."""

    def __init__(self, command: Path, folder: Path, *, several: bool) -> None:
        self.several, self._command, self._folder, self.data = several, command, folder, folder / "data"
        self._key = secrets.token_hex(16)
        self._ports = {name: free_port() for name in ("redis", "postgres")}
        self.process_ports = [free_port() for _ in range(2 if several else 1)]
        self.engine = Engine(folder)
        self.redis = Part("redis", self._redis, lambda: listens(self._ports["redis"]))
        self.postgres = Part("postgres", self._postgres, self._takes_connections, ends_by=signal.SIGINT)
        self.processes = [
            Part(f"open-webui-{number}", self._serves(port), _answers(port)) for number, port in enumerate(self.process_ports)
        ]

    @property
    def parts(self) -> list[Part]:
        """All of it, what others stand on first."""
        return [self.engine.part, *([self.redis, self.postgres] if self.several else []), *self.processes]

    @property
    def database_url(self) -> str:
        return postgres.url(self._ports["postgres"], DATABASE, "")

    def start(self) -> None:
        """Start everything and wait for all but its own processes, the first of which makes the tables before another may start."""
        if self.several:
            postgres.prepare(self._folder / "postgres", self._log("postgres"), "")
        for part in self.parts:
            if part not in self.processes:
                part.start()
                part.await_ready()
        if self.several:
            postgres.make_database(self._ports["postgres"], DATABASE, postgres.Passwords())
        self.processes[0].start()

    def stop(self) -> None:
        """End every process that was started here, by its pid."""
        for part in reversed(self.parts):
            part.kill()

    def _takes_connections(self) -> bool:
        return bool(PGconn.ping(f"host=127.0.0.1 port={self._ports['postgres']} connect_timeout=2".encode()) == Ping.OK)

    def _redis(self) -> subprocess.Popen[bytes]:
        return valkey.serve(self._folder / "redis", self._ports["redis"], self._log("redis"), durable=True)

    def _postgres(self) -> subprocess.Popen[bytes]:
        return postgres.serve(self._folder / "postgres", self._ports["postgres"], self._log("postgres"))

    def _serves(self, port: int) -> Callable[[], subprocess.Popen[bytes]]:
        words: list[str | Path] = [self._command, "serve", "--host", "127.0.0.1", "--port", str(port)]

        def serve() -> subprocess.Popen[bytes]:
            return spawn(words, log=self._log(f"open-webui-{port}"), dies_by=signal.SIGKILL, cwd=self._folder, env=self._variables())

        return serve

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "DATA_DIR": str(self.data),
            "WEBUI_SECRET_KEY": self._key,
            "OPENAI_API_BASE_URL": f"{self.engine.url}/v1",
            "OPENAI_API_KEY": "none",
            "ENABLE_OLLAMA_API": "false",
            # Everybody may ask the engine's models and write prompts.
            "BYPASS_MODEL_ACCESS_CONTROL": "true",
            "USER_PERMISSIONS_WORKSPACE_PROMPTS_ACCESS": "true",
            # What its docs have for keeping more while an answer is written; 0.12.4 reads it and uses it nowhere.
            "ENABLE_REALTIME_CHAT_SAVE": "true",
            # Nothing is fetched from outside and nobody is told: no embedding model, no update check, no telemetry.
            "OFFLINE_MODE": "true",
            "RAG_EMBEDDING_ENGINE": "openai",
            "RAG_EMBEDDING_MODEL": EMBEDDER,
            "RAG_OPENAI_API_BASE_URL": f"{self.engine.url}/v1",
            "RAG_OPENAI_API_KEY": "none",
            "ANONYMIZED_TELEMETRY": "false",
            "DO_NOT_TRACK": "true",
            "SCARF_NO_ANALYTICS": "true",
            **(self._stores() if self.several else {}),
        }

    def _stores(self) -> dict[str, str]:
        redis = f"redis://127.0.0.1:{self._ports['redis']}/0"
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": redis,
            "WEBSOCKET_REDIS_URL": redis,
            "WEBSOCKET_MANAGER": "redis",
        }


def _answers(port: int) -> Callable[[], bool]:
    def answers() -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as said:
            return bool(said.status == 200)
        return False

    return answers
