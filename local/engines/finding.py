"""Which engines this machine can reach: those that the environment names, and an Ollama on its standard port."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.engines import suggestion
from olamchat.network.addresses import BadAddress
from worker.engines import recognise as asking
from worker.engines.registry import NAMED, OLLAMA

# Where Ollama listens unless OLLAMA_HOST says otherwise.
NEARBY = ("127.0.0.1:11434", "[::1]:11434")


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
            hint = (
                f": `ollama pull {suggestion.model()}` gets one, or the page at Administration → Models"
                if self.kind == OLLAMA.label
                else ""
            )
            return f"{self.kind} at {self.url} (it has no model yet{hint})"
        models = f"{len(self.models)} model{'' if len(self.models) == 1 else 's'}"
        return f"{self.kind} at {self.url} ({models})"


def recognise(url: str, variables: Mapping[str, str], timeout_s: float = 5.0) -> dict[str, str] | None:
    """Return the variables that name the engine at this address, by how it answers; None where nothing is there that is known. Raises BadAddress."""
    found = asking.recognise(url, key=variables.get("OPENAI_API_KEY", ""), within_s=timeout_s)
    return {found.kind.variable: found.url} if found else None


def look_around(variables: Mapping[str, str], timeout_s: float = 1.0, *, nearby: bool = True) -> list[Found]:
    """Ask each engine that is named, and the Ollama of this machine where none is named (unless `nearby` says not to). Raises BadAddress."""
    named = [(name, url) for name in NAMED if (url := variables.get(name, ""))]
    found = [_ask(name, url, variables, timeout_s) for name, url in named]
    if nearby and not variables.get(OLLAMA.variable) and not variables.get("OLAMCHAT_POOLS_FILE"):
        found = [*_nearby(variables, timeout_s), *found]
    return found


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that name engines."""
    return {name: environment[name] for name in (*NAMED, "OLAMCHAT_POOLS_FILE") if environment.get(name)}


def _nearby(variables: Mapping[str, str], timeout_s: float) -> list[Found]:
    host = variables.get("OLLAMA_HOST")
    try:
        asked = (_ask(OLLAMA.variable, place, variables, timeout_s) for place in ([host] if host else NEARBY))
        return [ollama for ollama in asked if ollama.answers][:1]
    except BadAddress:  # OLLAMA_HOST is Ollama's own, and nobody asked for it here
        return []


def _ask(variable: str, given: str, variables: Mapping[str, str], timeout_s: float) -> Found:
    kind = NAMED[variable]
    try:
        url = kind.reached_at(given)
    except BadAddress as error:
        raise BadAddress(f"{variable} can't be read: {error}") from None
    key = variables.get("OPENAI_API_KEY", "") if kind.uses_openai_key else ""
    models = asking.models(kind, url, key=key, within_s=timeout_s)
    return Found(kind.label, variable, url, models is not None, models or ())
