"""Real engines with the counter model loaded, each started as its own process on this machine where its program is at hand.

Ollama needs an `ollama` program on the PATH; llama.cpp needs the package `llama-cpp-python[server]`; vLLM needs the package `vllm`.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import requests

NAME = "counter"
START_S = 180


@dataclass(frozen=True, kw_only=True)
class RealEngine:
    """A running engine: its kind and address as worker.pools knows them, its model's name there, the program with its version.

    What it is known not to do, as a reader of docs/engines.md has to know too: go on with an assistant's message, count the
    tokens of an answer that it streams, refuse what is too long (Ollama cuts it, llama-cpp-python breaks off without a word).
    """

    kind: str
    url: str
    program: str
    model: str = NAME
    continues: bool = True
    counts: bool = True
    refuses_too_long: bool = True
    embeds: bool = False


@dataclass(frozen=True)
class Starter:
    """How to start one program, and what is missing where it can't be started (None: nothing)."""

    name: str
    missing: Callable[[], str | None]
    start: Callable[[Path], "Iterator[RealEngine]"]


def ollama(folder: Path) -> Iterator[RealEngine]:
    """Run Ollama on a free port with models of its own, and make the counter model there from its GGUF."""
    url = f"http://127.0.0.1:{free_port()}"
    env = os.environ | {"OLLAMA_HOST": url, "OLLAMA_MODELS": str(folder / "models"), "HOME": str(folder), "OLLAMA_KEEP_ALIVE": "10m"}
    with _running(["ollama", "serve"], folder, f"{url}/api/version", env):
        _create_in_ollama(url, _gguf(folder))
        told = requests.get(f"{url}/api/version", timeout=5).json()["version"]
        program = f"Ollama {told}"
        yield RealEngine(kind="ollama", url=url, program=program, model=f"{NAME}:latest", refuses_too_long=False, embeds=True)


def _create_in_ollama(url: str, gguf: Path) -> None:
    content = gguf.read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    requests.post(f"{url}/api/blobs/{digest}", data=content, timeout=60).raise_for_status()
    made = requests.post(f"{url}/api/create", json={"model": NAME, "files": {"counter.gguf": digest}, "stream": False}, timeout=120)
    made.raise_for_status()


def llama_cpp(folder: Path) -> Iterator[RealEngine]:
    """Run llama.cpp's OpenAI-compatible server; `interrupt_requests` off, else a second request ends the first."""
    port = free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(_gguf(folder)), "--model_alias", NAME, "--port", str(port)]
    command += ["--n_ctx", "8192", "--interrupt_requests", "false"]
    with _running(command, folder, f"http://127.0.0.1:{port}/v1/models", dict(os.environ)):
        program = f"llama-cpp-python {version('llama-cpp-python')}"
        yield RealEngine(
            kind="openai", url=f"http://127.0.0.1:{port}/v1", program=program, continues=False, counts=False, refuses_too_long=False
        )


def vllm(folder: Path) -> Iterator[RealEngine]:
    """Run vLLM's OpenAI server on the Hugging Face form of the model."""
    from tests.engines import counter_model

    port = free_port()
    counter_model.write_hf(folder / "hf")
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(folder / "hf"), "--served-model-name", NAME]
    command += ["--enforce-eager", "--port", str(port), "--host", "127.0.0.1", "--max-model-len", "8192"]
    with _running(command, folder, f"http://127.0.0.1:{port}/v1/models", dict(os.environ)):
        yield RealEngine(kind="vllm", url=f"http://127.0.0.1:{port}", program=f"vLLM {version('vllm')}")


def _without_program(program: str) -> Callable[[], str | None]:
    return lambda: None if shutil.which(program) else f"no `{program}` program on the PATH"


def _without_package(package: str, how: str) -> Callable[[], str | None]:
    def missing() -> str | None:
        try:
            version(package)
        except PackageNotFoundError:
            return f"the package {package} is not installed; {how}"
        return None

    return missing


STARTERS = (
    Starter("Ollama", _without_program("ollama"), ollama),
    Starter("llama.cpp", _without_package("llama-cpp-python", "`make test-engines LLAMA=1` compiles it"), llama_cpp),
    Starter("vLLM", _without_package("vllm", "it needs a machine that its wheels are for: Linux with a GPU, or its CPU build"), vllm),
)


def _gguf(folder: Path) -> Path:
    from tests.engines import counter_model  # needs numpy, which only `make test-engines` installs

    path = folder / "counter.gguf"
    counter_model.write_gguf(path)
    return path


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], folder: Path, ready_url: str, env: dict[str, str]) -> Iterator[None]:
    log = folder / "engine.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env, cwd=folder)
    try:
        _await_ready(process, ready_url, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{json.dumps(process.args)} ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError(f"no answer from {url} within {START_S} s: {log.read_text(errors='replace')[-2000:]}")
