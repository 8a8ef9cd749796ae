"""Why an answer ended, in the words of the many servers there are, and what that means here."""

import re

from worker.engines.base import EngineError, EngineFailed, EngineUnavailable, Finish, ModelUnloaded

# Searched in a reason once it is in snake case (FINISH_REASON_MAX_TOKENS, contentFilter); the first that fits counts.
# An error is no end: the engine says that it could not go on.
_MEANINGS: tuple[tuple[re.Pattern[str], Finish | type[EngineError]], ...] = (
    (re.compile(r"filter|safety|recitation|blocklist|prohibited|spii|sensitive|guardrail|toxic|moderat|(?:^|_)risk"), "content_filter"),
    (re.compile(r"^insufficient_system_resource|rate_limit|overload"), EngineUnavailable),
    (re.compile(r"length|max_(?:\w+_)?tokens|context_window|(?:^|_)limit$"), "length"),
    (re.compile(r"^(?:un)?load$"), ModelUnloaded),
    (re.compile(r"error|^abort|cancel|time_?out|timed_out|^malformed|^fail"), EngineFailed),
    (re.compile(r"^refus"), "refusal"),
)
# How servers write in a string that there is no reason yet.
_NO_REASON = frozenset({"", "null", "none", "undefined"})


def is_reason(told: str | None) -> bool:
    """Tell whether this says that the answer has ended."""
    return told is not None and told.strip().lower() not in _NO_REASON


def meaning(told: str | None, *, refused: bool = False, called: bool = False) -> Finish:
    """Return why the answer ended; what no server is known to say counts as an ordinary end. Raises EngineError where it is a failure."""
    name = _snake(told or "stop")
    found = next((meant for pattern, meant in _MEANINGS if pattern.search(name)), None)
    if isinstance(found, type):
        raise found(f"the engine ended the answer with {name[:100]!r}")
    if found is None and refused:
        return "refusal"
    return found or ("tool_calls" if called else "stop")


def _snake(told: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[\s.-]+", "_", told.strip()).lower().removeprefix("finish_reason_")
