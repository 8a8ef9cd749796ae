"""The engine that both systems ask: the tests' scripted one, which counts."""

import contextlib
import signal
import socket
import subprocess
import sys
from pathlib import Path

from bench.peers.kept import LENGTH, RATE
from local.process import spawn
from tests.faults.house import ROOT, Part, free_port

# The model that is asked while processes die, one that answers at once, and one for embeddings.
MODEL, QUICK, EMBEDDER = "long", "quick", "embedder"


def listens(port: int) -> bool:
    """Tell whether a server takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Engine:
    """Models that count, the first to LENGTH at RATE tokens a second, in Ollama's protocol and in OpenAI's."""

    def __init__(self, logs: Path) -> None:
        self._log, self._port = logs / "engine.log", free_port()
        self.part = Part("engine", self._start, lambda: listens(self._port))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _start(self) -> subprocess.Popen[bytes]:
        models = [f"{MODEL}?length={LENGTH}&rate={RATE}", f"{QUICK}?length=40&rate=1000", f"{EMBEDDER}?embeds=true"]
        words = [sys.executable, "-m", "tests.scripted_engine", "--port", str(self._port)]
        words += [word for model in models for word in ("--model", model)]
        return spawn(words, log=self._log, dies_by=signal.SIGKILL, cwd=ROOT)
