"""Which engines this machine can reach: those that the environment names, and an Ollama on its standard port."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from olamchat.environment import VARIABLES

OLLAMA = "http://127.0.0.1:11434"


@dataclass(frozen=True)
class Found:
    """An engine: the variable that names it, its address, whether it answers now, and what it offers."""

    kind: str
    variable: str
    url: str
    answers: bool
    models: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.answers:
            return f"{self.kind} at {self.url} (does not answer yet)"
        if not self.models:
            return (
                f"{self.kind} at {self.url} (it has no model yet{': `ollama pull llama3.2:1b` gets one' if self.kind == 'Ollama' else ''})"
            )
        models = f"{len(self.models)} model{'' if len(self.models) == 1 else 's'}"
        return f"{self.kind} at {self.url} ({models})"


def recognise(url: str, timeout_s: float = 5.0) -> dict[str, str] | None:
    """Return the variables that name the engine at this address, by how it answers; None where nothing is there that is known."""
    base = url.rstrip("/").removesuffix("/v1")
    if "version" in _told(f"{base}/api/version", timeout_s):
        return {"OLLAMA_URL": base}
    listed = _told(f"{base}/v1/models", timeout_s).get("data")
    if isinstance(listed, list):
        by_vllm = any(isinstance(model, dict) and model.get("owned_by") == "vllm" for model in listed)
        return {"VLLM_URL": base} if by_vllm else {"OPENAI_BASE_URL": f"{base}/v1"}
    return {"OPENAI_BASE_URL": url} if "data" in _told(f"{url.rstrip('/')}/models", timeout_s) else None


def _told(url: str, timeout_s: float) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as answer:
            told = json.load(answer)
            return told if isinstance(told, dict) else {}
    except (OSError, ValueError):
        return {}


def look_around(variables: Mapping[str, str], timeout_s: float = 1.0, *, nearby: bool = True) -> list[Found]:
    """Ask each engine that is named, and Ollama's standard port where none is named for it (unless `nearby` says not to)."""
    named = [(kind, VARIABLES[field], variables.get(VARIABLES[field], "")) for kind, field in _FIELDS.items()]
    found = [_ask(kind, variable, url, variables, timeout_s) for kind, variable, url in named if url]
    if nearby and not variables.get("OLLAMA_URL") and not variables.get("OLAMCHAT_POOLS_FILE"):
        ollama = _ask("Ollama", "OLLAMA_URL", OLLAMA, variables, timeout_s)
        found = [ollama, *found] if ollama.answers else found
    return found


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that name engines."""
    names = [VARIABLES[field] for field in (*_FIELDS.values(), "pools_file")]
    return {name: environment[name] for name in names if environment.get(name)}


_FIELDS = {"Ollama": "ollama_url", "vLLM": "vllm_url", "OpenAI-compatible": "openai_base_url"}


def _ask(kind: str, variable: str, url: str, variables: Mapping[str, str], timeout_s: float) -> Found:
    path, items, name = ("/api/tags", "models", "name") if kind == "Ollama" else ("/models", "data", "id")
    if kind == "vLLM" and not url.rstrip("/").endswith("/v1"):
        path = "/v1/models"
    key = variables.get("OPENAI_API_KEY", "")
    request = urllib.request.Request(url.rstrip("/") + path, headers={"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            return Found(kind, variable, url, True, tuple(item[name] for item in json.load(answer)[items] or []))
    except (OSError, ValueError, KeyError, TypeError):
        return Found(kind, variable, url, False)
