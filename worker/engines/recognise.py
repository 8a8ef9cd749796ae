"""Which engine is behind an address, and does it answer? Asked in the worker's own way: no proxy, the same certificates."""

from dataclasses import dataclass
from typing import Any

from olamchat.network import addresses
from worker.engines.base import EngineUnavailable
from worker.engines.registry import KINDS, OLLAMA, OPENAI, Kind
from worker.engines.wire import parse
from worker.engines.wire.http import Http


@dataclass(frozen=True)
class Recognised:
    """A kind of engine, and its address as that kind is reached."""

    kind: Kind
    url: str


def recognise(given: str, *, key: str = "", within_s: float = 5.0) -> Recognised | None:
    """Find out what is there by how it answers; None where nothing is that is known. Raises BadAddress."""
    address = addresses.without_call(addresses.http(given))
    root = addresses.without(address, "/v1", "/api")
    if "version" in _told(root, "/api/version", key, within_s):
        return Recognised(OLLAMA, root)
    listed = _told(root, "/v1/models", key, within_s).get("data")
    if isinstance(listed, list):
        owners = {entry.get("owned_by") for entry in listed if isinstance(entry, dict) and isinstance(entry.get("owned_by"), str)}
        kind = next((kind for kind in KINDS.values() if kind.owners & owners), OPENAI)
        return Recognised(kind, addresses.with_v1(root))
    return Recognised(OPENAI, address) if "data" in _told(address, "/models", key, within_s) else None


def models(kind: Kind, url: str, *, key: str = "", within_s: float = 1.0) -> tuple[str, ...] | None:
    """Return the models that an engine lists; None where it does not answer. Raises BadAddress."""
    told = _told(kind.reached_at(url), kind.models_at, key, within_s)
    try:
        return kind.models(told) if told else None
    except (LookupError, TypeError, AttributeError):
        return None


def _told(base: str, path: str, key: str, within_s: float) -> dict[str, Any]:
    http = Http(base, {"Authorization": f"Bearer {key}"} if key else {})
    try:
        told = parse.anything(http.maybe(path, within_s=within_s) or b"{}")
    except (EngineUnavailable, parse.NotJson):
        return {}
    return told if isinstance(told, dict) else {}
