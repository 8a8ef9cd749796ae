"""Which engines this machine can reach: those that the environment names, and an Ollama on its standard port."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

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
        models = f"{len(self.models)} model{'' if len(self.models) == 1 else 's'}"
        return f"{self.kind} at {self.url} ({models})"


def look_around(variables: Mapping[str, str], timeout_s: float = 1.0) -> list[Found]:
    """Ask each engine that is named, and Ollama's standard port where none is named for it."""
    named = [(kind, VARIABLES[field], variables.get(VARIABLES[field], "")) for kind, field in _FIELDS.items()]
    found = [_ask(kind, variable, url, variables, timeout_s) for kind, variable, url in named if url]
    if not variables.get("OLLAMA_URL"):
        nearby = _ask("Ollama", "OLLAMA_URL", OLLAMA, variables, timeout_s)
        found = [nearby, *found] if nearby.answers else found
    return found


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
