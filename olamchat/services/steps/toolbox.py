"""The tools that an answer may use: those its person may use and has on in this conversation, by the names models call them by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from olamchat.db import files
from olamchat.db.acting import tools as statements
from olamchat.db.pool import connected
from olamchat.services.turns.lifecycle import Taken

Effect = Literal["read", "idempotent", "write"]
Approval = Literal["always", "writes", "never"]
_STRICT: tuple[Approval, ...] = ("never", "writes", "always")
# More would fill a small model's context with tools.
MOST_TOOLS = 128
# The built-in server whose tool looks in documents.
DOCUMENTS = "documents"
_ALIAS_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool: `alias` is what models call it by, `outside` whether it may bring text that others have written."""

    server: str
    name: str
    alias: str
    title: str
    description: str
    parameters: Mapping[str, Any]
    effect: Effect
    approval: Approval
    outside: bool
    connected: bool = True

    def as_openai(self) -> dict[str, Any]:
        """Return it as OpenAI's and Ollama's protocols tell a model of a tool."""
        return {"type": "function", "function": {"name": self.alias, "description": self.description, "parameters": dict(self.parameters)}}


def alias(server: str, name: str) -> str:
    """Return the name that models call a tool by: `server__name` in the letters that every engine takes, with a digest where that lost something."""
    plain = f"{server}__{re.sub(r'[^a-zA-Z0-9_-]', '_', name)}"
    if plain == f"{server}__{name}" and len(plain) <= _ALIAS_LENGTH:
        return plain
    digest = blake2b(name.encode(), digest_size=5).hexdigest()
    return f"{plain[: _ALIAS_LENGTH - len(digest) - 1]}_{digest}"


def of_turn(turn: Taken) -> dict[str, Tool]:
    """Return the tools of an answer by their aliases. Raises DatabaseLost."""
    if turn.kind != "answer" or turn.conversation_id is None:
        return {}
    with connected():
        found = statements.usable(turn.user_id)
        found = [row for row in found if not is_of_itself(row) or _serves(row["server"], turn)]
    chosen: Sequence[str] | None = turn.options.get("tools")
    on = [row for row in found if _is_on(row, chosen)][:MOST_TOOLS]
    stricter: Mapping[str, Approval] = turn.options.get("approvals") or {}
    return {row["alias"]: _tool(_ruled(row, stricter)) for row in on}


def _ruled(row: Mapping[str, Any], stricter: Mapping[str, Approval]) -> Mapping[str, Any]:
    """Return the tool under the stricter of the server's rule and the assistant's: an assistant can't make anyone's tools act without asking."""
    rules: list[Approval] = [row["approval"], stricter.get(row["server"], "never")]
    return {**row, "approval": max(rules, key=_STRICT.index)}


def is_of_itself(row: Mapping[str, Any]) -> bool:
    """Tell whether it is a built-in tool that nobody chooses: attaching a file means wanting it read, and so does choosing documents."""
    return bool(row["kind"] == "built_in" and row["server"] in {"files", DOCUMENTS})


def _serves(server: str, turn: Taken) -> bool:
    """Tell whether there is anything that such a tool could read."""
    if server == DOCUMENTS:
        return bool(turn.options.get("collections"))
    return turn.options.get("tools") != [] and turn.conversation_id is not None and files.encloses(turn.conversation_id)


def _is_on(row: Mapping[str, Any], chosen: Sequence[str] | None) -> bool:
    if is_of_itself(row):
        return bool(row["usual"])
    return bool(row["usual"]) if chosen is None else row["server"] in chosen


def _tool(row: Mapping[str, Any]) -> Tool:
    names = ("server", "name", "alias", "title", "description", "parameters", "effect", "approval", "outside", "connected")
    return Tool(**{name: row[name] for name in names})
