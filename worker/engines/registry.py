"""The kinds of engines there are. A new one is a class and an entry here: its variable, the pools' file, the chart's choices, discovery
by `make up` and the table of variables all follow from it (`make made`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from olamchat.environment import environment
from olamchat.network import addresses
from worker.engines.base import Engine
from worker.engines.demo import Demo
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is told of one engine: where it is, its key, whether it goes on with broken answers, and the contexts of its models in tokens."""

    url: str = ""
    key: str = field(default="", repr=False)
    continues: bool | None = None
    windows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind. `about` is the sentence on its variable in docs/configuration.md; empty where it has no address, and so no variable.

    `called`: the variable, where the rule does not give it. `address` puts right what people give as its address; `port` is taken where they give none. `owners` are whose its models are, as
    /v1/models says it. `uses_openai_key`: OPENAI_API_KEY is its key where a pool names no other.
    """

    name: str
    label: str
    make: Callable[[Given], Engine]
    about: str = ""
    called: str = ""
    address: Callable[[str], str] = str
    port: int | None = None
    owners: frozenset[str] = frozenset()
    models_at: str = "/models"
    uses_openai_key: bool = False

    @property
    def variable(self) -> str:
        """Return the variable with its address; the chart says it by the same rule."""
        return self.called or (f"{self.name.upper().replace('.', '_')}_URL" if self.about else "")

    def reached_at(self, given: str) -> str:
        """Return the address that people mean. Raises BadAddress."""
        return self.address(addresses.without_call(addresses.http(given, port=self.port)))

    def models(self, told: Any) -> tuple[str, ...]:
        """Return the names in what its list of models says. Raises LookupError, TypeError where it is none."""
        listed, name = (told["models"], "name") if self.models_at == "/api/tags" else (told["data"], "id")
        return tuple(str(entry[name]) for entry in listed or ())


def _v1(address: str) -> str:
    return addresses.with_v1(address)


OLLAMA = Kind(
    name="ollama",
    label="Ollama",
    make=lambda given: Ollama(given.url, windows=given.windows, key=given.key),
    about="Ollama's address, e.g. http://127.0.0.1:11434.",
    address=lambda address: addresses.without(address, "/v1", "/api"),
    port=11434,
    models_at="/api/tags",
)
OPENAI = Kind(
    name="openai",
    label="OpenAI-compatible",
    make=lambda given: OpenAI(given.url, key=given.key, can_continue=given.continues),
    about="Base URL of any OpenAI-compatible server, including /v1 if it has one.",
    called="OPENAI_BASE_URL",
    uses_openai_key=True,
)
_EVERY = (
    OLLAMA,
    Kind(
        name="vllm",
        label="vLLM",
        make=lambda given: OpenAI(given.url, key=given.key, can_continue=given.continues is not False),
        about="vLLM's address, e.g. http://127.0.0.1:8000.",
        address=_v1,
        port=8000,
        owners=frozenset({"vllm"}),
        uses_openai_key=True,
    ),
    Kind(
        name="llama.cpp",
        label="llama.cpp",
        make=lambda given: OpenAI(given.url, key=given.key, can_continue=given.continues),
        about="llama.cpp's server, e.g. http://127.0.0.1:8080.",
        address=_v1,
        port=8080,
        owners=frozenset({"llamacpp"}),
    ),
    OPENAI,
    Kind(name="demo", label="demo", make=lambda _: Demo(environment().demo_tokens_per_s)),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _EVERY}
# Those that one variable is enough for.
NAMED: Mapping[str, Kind] = {kind.variable: kind for kind in _EVERY if kind.variable}
