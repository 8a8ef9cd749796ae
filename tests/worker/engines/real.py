"""Real engines with the counter model loaded, each started as its own process on this machine where its program is at hand.

Ollama and llama.cpp need their programs `ollama` and `llama-server` on the PATH, llama-cpp-python its package; vLLM needs a Python that can import
it, named by VLLM_PYTHON where it is not the one that runs the tests.
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import requests

from tests.leash import LEASH

NAME = "counter"
AT_ONCE = 4
START_S = 900  # vLLM takes minutes on a machine that is busy


@dataclass(frozen=True, kw_only=True)
class RealEngine:
    """A running engine: its kind and address as worker.pools.config knows them, its model's name there, the program with its version.

    What it is known not to do, as a reader of docs/engines.md has to know too: refuse a model that it doesn't have, count the
    tokens of an answer that it streams, refuse what is too long (an older Ollama cuts it, llama-cpp-python breaks off without a word).
    """

    kind: str
    url: str
    program: str
    model: str = NAME
    knows_models: bool = True
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
        refuses = [int(part) for part in told.split("-")[0].split(".")] >= [0, 17]  # tried: 0.6.5 cuts, 0.17.4 refuses
        model = f"{NAME}:latest"
        yield RealEngine(kind="ollama", url=url, program=f"Ollama {told}", model=model, refuses_too_long=refuses, embeds=True)


def _create_in_ollama(url: str, gguf: Path) -> None:
    content = gguf.read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    requests.post(f"{url}/api/blobs/{digest}", data=content, timeout=60).raise_for_status()
    # One thread: several wait for each other by turning in circles, which takes minutes where other tests have the cores.
    as_told = {"model": NAME, "files": {"counter.gguf": digest}, "parameters": {"num_thread": 1}, "stream": False}
    made = requests.post(f"{url}/api/create", json=as_told, timeout=120)
    made.raise_for_status()


def llama_cpp(folder: Path) -> Iterator[RealEngine]:
    """Run llama.cpp's own server, which writes four answers at once."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["llama-server", "--model", str(_gguf(folder)), "--alias", NAME, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--threads", "1", "--threads-batch", "1"]
    with _running(
        [*command, "--ctx-size", str(8192 * AT_ONCE), "--parallel", str(AT_ONCE), "--metrics"], folder, f"{url}/health", dict(os.environ)
    ):
        build = requests.get(f"{url}/props", timeout=5).json()["build_info"]
        yield RealEngine(kind="llama.cpp", url=url, program=f"llama-server {build}", knows_models=False)


def llama_cpp_python(folder: Path) -> Iterator[RealEngine]:
    """Run llama-cpp-python's OpenAI-compatible server; `interrupt_requests` off, else a second request ends the first."""
    port = free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(_gguf(folder)), "--model_alias", NAME, "--port", str(port)]
    command += ["--n_ctx", "8192", "--interrupt_requests", "false"]
    with _running(command, folder, f"http://127.0.0.1:{port}/v1/models", dict(os.environ)):
        program = f"llama-cpp-python {version('llama-cpp-python')}"
        yield RealEngine(
            kind="openai", url=f"http://127.0.0.1:{port}/v1", program=program, knows_models=False, counts=False, refuses_too_long=False
        )  # fmt: skip


def vllm(folder: Path) -> Iterator[RealEngine]:
    """Run vLLM's OpenAI server on the Hugging Face form of the model."""
    from tests.worker.engines import counter_model

    port = free_port()
    counter_model.write_hf(folder / "hf")
    url = f"http://127.0.0.1:{port}"
    command = [_vllm_python(), "-m", "vllm.entrypoints.openai.api_server", "--model", str(folder / "hf"), "--served-model-name", NAME]
    command += ["--enforce-eager", "--port", str(port), "--host", "127.0.0.1", "--max-model-len", "8192", "--max-num-seqs", str(AT_ONCE)]
    env = os.environ | {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1"}
    with _running(command, folder, f"{url}/v1/models", env):
        told = requests.get(f"{url}/version", timeout=5).json()["version"]
        yield RealEngine(kind="vllm", url=url, program=f"vLLM {told}")


def _vllm_python() -> str:
    return os.environ.get("VLLM_PYTHON") or sys.executable


def _without_vllm() -> str | None:
    found = subprocess.run([_vllm_python(), "-c", "import importlib.util as u, sys; sys.exit(not u.find_spec('vllm'))"], check=False)
    return "no Python that can import it; VLLM_PYTHON=… names one" if found.returncode else None


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
    Starter("llama.cpp", _without_program("llama-server"), llama_cpp),
    Starter("llama-cpp-python", _without_package("llama-cpp-python", "`make test-engines LLAMA=1` compiles it"), llama_cpp_python),
    Starter("vLLM", _without_vllm, vllm),
)


def _gguf(folder: Path) -> Path:
    from tests.worker.engines import counter_model  # needs numpy, which only `make test-engines` installs

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
        process = subprocess.Popen([*LEASH, *command], stdout=out, stderr=out, env=env, cwd=folder, start_new_session=True)
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
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started and left behind


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
