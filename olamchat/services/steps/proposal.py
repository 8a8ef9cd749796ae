"""From the calls of a model to steps: which tool each means, whether its arguments fit, and whether a person has to allow it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from olamchat.db.rows import Row
from olamchat.services.steps import origins
from olamchat.services.steps.toolbox import Tool

# The tool that an address can carry data out with.
OPENS = ("web", "open_page")
MADE_UP = "made_up_address"
# Steps of one answer; and how often a model may call what is not there, or with arguments that don't fit.
MOST_STEPS = 25
MISTAKES = 3
ARGUMENTS_LENGTH = 200_000
_MODELS_MISTAKES = {"unknown_tool", "bad_arguments"}
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None),
}  # fmt: skip


def may_call(steps: Sequence[Row]) -> bool:
    """Tell whether an answer with these steps may call another tool."""
    mistakes = sum((step["error"] or {}).get("code") in _MODELS_MISTAKES for step in steps)
    return len(steps) < MOST_STEPS and mistakes < MISTAKES


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What proposals go by.

    `granted` are the tools that the person has allowed for the conversation, `open_page` by host; `outside` says that text from outside has come
    into it; `is_known` tells of an address whether it came from somebody other than the model.
    """

    granted: set[tuple[str, str]]
    outside: bool
    is_known: Callable[[str], bool]


def propose(calls: Sequence[Mapping[str, str]], tools: Mapping[str, Tool], before: Sequence[Row], terms: Terms) -> list[Row]:
    """Return the rows of new steps for calls ({id, name, arguments}) of an answer that has the steps `before`."""
    outside = terms.outside or any(step["outside"] and step["state"] == "done" for step in before)
    last = max((step["number"] for step in before), default=0)
    return [_row(last + place, call, tools.get(call["name"]), replace(terms, outside=outside)) for place, call in enumerate(calls, start=1)]


def _row(number: int, call: Mapping[str, str], tool: Tool | None, terms: Terms) -> Row:
    error = _error(number, call, tool)
    of_tool = (
        {"server": tool.server, "tool": tool.name, "title": tool.title, "effect": tool.effect, "outside": tool.outside} if tool else {}
    )
    asks = tool is not None and not error and _asks(tool, terms)
    made_up = _made_up(call, tool, terms) if tool and not error and not asks else None
    state = "failed" if error else "proposed" if asks or made_up or (tool and not tool.connected) else "granted"
    if tool and not tool.connected and not error:
        error = {"code": "not_connected_asks" if asks else "not_connected", "message": ""}
    error = error or made_up
    return {
        "number": number, "call_id": call["id"][:200], "name": call["name"][:200], "server": "", "tool": "", "title": "",
        "arguments": call["arguments"].replace("\x00", "")[:ARGUMENTS_LENGTH], "effect": "read", "outside": False, **of_tool,
        "state": state, "error": error, "idempotency_key": str(uuid4()),
    }  # fmt: skip


def _asks(tool: Tool, terms: Terms) -> bool:
    """Tell whether a person has to allow the call. A write that text from outside may have talked the model into always asks."""
    if tool.effect == "write" and terms.outside:
        return True
    if tool.approval == "always" or (tool.approval == "writes" and tool.effect == "write"):
        return (tool.server, tool.name) not in terms.granted
    return False


def _made_up(call: Mapping[str, str], tool: Tool, terms: Terms) -> dict[str, str] | None:
    """Return why a page that no rule asks about is not opened unasked: its address is the model's own, and its host was not allowed."""
    if (tool.server, tool.name) != OPENS or tool.approval != "writes":
        return None
    url = str(json.loads(call["arguments"] or "{}").get("url", ""))
    host = origins.host(url) or ""
    allowed = host and (tool.server, f"{tool.name} {host}") in terms.granted
    return None if allowed or terms.is_known(url) else {"code": MADE_UP, "message": "", "host": host}


def _error(number: int, call: Mapping[str, str], tool: Tool | None) -> dict[str, str] | None:
    if tool is None:
        return {"code": "unknown_tool", "message": f"There is no tool {call['name'][:100]!r}."}
    if number > MOST_STEPS:
        return {"code": "too_many_steps", "message": f"An answer has at most {MOST_STEPS} steps."}
    if said := complaint(call["arguments"], tool.parameters):
        return {"code": "bad_arguments", "message": said}
    return None


def complaint(arguments: str, schema: Mapping[str, Any]) -> str:
    """Say what is wrong with a call's arguments, nothing where they can be sent.

    This looks at names and kinds alone. A schema is a stranger's, and its patterns could keep a worker busy for ever; the server checks the rest.
    """
    if len(arguments) > ARGUMENTS_LENGTH:
        return f"The arguments have more than {ARGUMENTS_LENGTH:,} characters."
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return "The arguments are not valid JSON."
    if not isinstance(given, dict):
        return "The arguments are not a JSON object."
    return _missing(given, schema) or _unfit(given, schema)


def _missing(given: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    required = schema.get("required")
    missing = [name for name in required if isinstance(name, str) and name not in given] if isinstance(required, list) else []
    return f"The arguments lack {', '.join(missing[:10])}." if missing else ""


def _unfit(given: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    known = schema.get("properties")
    known = known if isinstance(known, dict) else {}
    for name, value in given.items():
        if name not in known and schema.get("additionalProperties") is False:
            return f"The tool has no argument {name[:100]!r}."
        kind = known[name].get("type") if isinstance(known.get(name), dict) else None
        if isinstance(kind, str) and kind in _KINDS and not _is(value, kind):
            return f"The argument {name[:100]!r} is not of the type {kind}."
    return ""


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[kind])
