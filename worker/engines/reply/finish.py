"""Why an answer ended, in the words of the many servers there are, and what that means here."""

from worker.engines.base import EngineError, EngineFailed, EngineUnavailable, Finish, ModelUnloaded

_LENGTH = {"length", "max_tokens", "max_length", "model_length", "max_new_tokens", "max_output_tokens", "limit"}
_FILTER = {
    "content_filter",
    "content-filter",
    "safety",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "sensitive",
    "guardrail_intervened",
}
_REFUSAL = {"refusal"}
# These are no ends: the engine tells that it could not go on.
_FAILURES: dict[str, type[EngineError]] = {
    "load": ModelUnloaded,
    "unload": ModelUnloaded,
    "error": EngineFailed,
    "network_error": EngineFailed,
    "abort": EngineFailed,
    "aborted": EngineFailed,
    "cancelled": EngineFailed,
    "insufficient_system_resource": EngineUnavailable,
}


def meaning(told: str | None, *, refused: bool = False, called: bool = False) -> Finish:
    """Return why the answer ended; what no server is known to say counts as an ordinary end. Raises EngineError where it is a failure."""
    name = (told or "stop").strip().lower()
    if failure := _FAILURES.get(name):
        raise failure(f"the engine ended the answer by {name!r}")
    if name in _LENGTH:
        return "length"
    if name in _FILTER:
        return "content_filter"
    if refused or name in _REFUSAL:
        return "refusal"
    return "tool_calls" if called else "stop"
