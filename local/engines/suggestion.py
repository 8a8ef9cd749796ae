"""The shortest way to a real model on this machine: how Ollama is installed here, and which model its memory holds."""

import os
import shutil
import sys

GIB = 1 << 30
# Memory in bytes from which a model runs beside everything else, the largest first. Names and sizes are of Ollama's library: a model takes
# about what its file has, and the context on top.
_MODELS = ((24 * GIB, "gpt-oss:20b"), (12 * GIB, "qwen3:8b"), (7 * GIB, "gemma3:4b"), (0, "llama3.2:1b"))
_INSTALL = {"linux": "curl -fsSL https://ollama.com/install.sh | sh", "darwin": "brew install ollama && brew services start ollama"}


def model(memory: int | None = None) -> str:
    """Return a model that this much memory in bytes holds, by default this machine's."""
    there = _memory() if memory is None else memory
    return next(name for least, name in _MODELS if there >= least)


def way(system: str = sys.platform, *, installed: bool | None = None) -> str:
    """Return the command that gets a model where no engine runs; `installed`: Ollama's program is on the path, and doesn't run."""
    is_there = shutil.which("ollama") is not None if installed is None else installed
    pull = f"ollama pull {model()}"
    if is_there:
        return f"ollama serve & {pull}" if system == "linux" else pull
    return f"{_INSTALL[system]} && {pull}" if system in _INSTALL else f"install Ollama from https://ollama.com/download, then {pull}"


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0
