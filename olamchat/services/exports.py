"""A conversation as a file: Markdown for people, JSON for programs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.db import conversations, messages
from olamchat.db.pool import connected
from olamchat.errors import NotFound
from olamchat.services import shapes

_SPEAKERS = {"user": "You", "assistant": "Assistant"}


def as_json(*, user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Return {format, conversation, messages}: all branches of the tree. Raises NotFound."""
    with connected():
        conversation = _found(conversation_id, user_id)
        every = messages.every(conversation_id)
    return {
        "format": "olamchat/1",
        "conversation": shapes.conversation(conversation, answering=conversation["answering"]),
        "messages": [shapes.message(row) for row in every],
    }


def as_markdown(*, user_id: UUID, conversation_id: UUID) -> str:
    """Return the branch that is shown, as Markdown. Raises NotFound."""
    with connected():
        conversation = _found(conversation_id, user_id)
        path = messages.path(conversation_id, conversation["active_leaf_id"])
    head = f"# {' '.join((conversation['title'] or 'Untitled').split())}\n"
    return "\n".join([head, *(_section(row) for row in path)])


def _section(row: Mapping[str, Any]) -> str:
    model = f" ({row['model']})" if row["role"] == "assistant" and row["model"] else ""
    files = "".join(f"- {file['name']}\n" for file in row["attachments"])
    return f"## {_SPEAKERS[row['role']]}{model}\n\n{row['content']}\n" + (f"\n{files}" if files else "")


def _found(conversation_id: UUID, user_id: UUID) -> Mapping[str, Any]:
    row = conversations.find(conversation_id, user_id)
    if row is None:
        raise NotFound
    return row
