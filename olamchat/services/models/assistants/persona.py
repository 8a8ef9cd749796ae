"""An assistant as an answer is asked of it: found by its name, in the version of that moment, which the answer keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.db.together.shelf import assistants as statements
from olamchat.errors import UnknownModel

# What begins the name of an assistant where a model's name may stand. No engine's model begins with it.
MARK = "@"
_SAMPLING = ("temperature", "top_p", "max_tokens", "seed", "stop", "effort")


@dataclass(frozen=True, kw_only=True)
class Persona:
    """One version of an assistant."""

    id: UUID
    handle: str
    version: int
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return what it is called by where a model's name may stand."""
        return MARK + self.handle

    @property
    def models(self) -> Sequence[str]:
        """The model that answers, and those that do where it can't; none for whatever would answer without it."""
        models: Sequence[str] = self.content["models"]
        return models

    @property
    def instructions(self) -> str:
        return str(self.content["instructions"])

    def told(self) -> dict[str, Any]:
        """Return it as its answers tell of it."""
        same = {name: self.content[name] for name in ("name", "emoji")}
        return {"id": str(self.id), "handle": self.handle, "version": self.version, **same}

    def sampling(self) -> dict[str, Any]:
        """Return how its model is to sample."""
        options: Mapping[str, Any] = self.content["options"]
        return {name: options[name] for name in _SAMPLING if options.get(name) is not None}

    def over(self, person: Mapping[str, Any], conversation: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of an answer: the assistant's over the person's, the conversation's over those, and what adds up of each."""
        merged = {
            **person,
            **self.sampling(),
            **({"tools": self.content["tools"]} if self.content["tools"] is not None else {}),
            **conversation,
        }
        prompts = [self.instructions, str(conversation.get("system_prompt") or "")]
        collections = dict.fromkeys([*self.content["collections"], *(conversation.get("collections") or person.get("collections") or ())])
        return {
            **merged,
            "system_prompt": "\n\n".join(filter(None, map(str.strip, prompts))) or None,
            "collections": list(collections) or None,
            "approvals": self.content["approvals"] or None,
        }


def is_name(name: str | None) -> bool:
    """Tell whether it is an assistant's name and no model's."""
    return bool(name) and str(name).startswith(MARK)


def find(name: str, user_id: UUID | None) -> Persona:
    """Return the assistant of this name. Raises UnknownModel where there is none that the person may use."""
    with connected():
        row = statements.named(name.removeprefix(MARK), user_id)
    if row is None:
        raise UnknownModel(f"There is no assistant “{name}”. Choose another one.")
    return of(row)


def of(row: Row) -> Persona:
    return Persona(id=row["id"], handle=row["handle"], version=row["version"], content=row["content"])


def that_answered(told: Mapping[str, Any] | None) -> Persona | None:
    """Return the very version that a message tells of; None where there was none or it is gone."""
    if not told:
        return None
    with connected():
        content = statements.content(UUID(told["id"]), told["version"])
    if content is None:
        return None
    return Persona(id=UUID(told["id"]), handle=told["handle"], version=told["version"], content=content)
