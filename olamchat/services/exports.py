"""Conversations as files: Markdown for people, JSON for programs; one of them, or all as a ZIP that is made while it is sent."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from olamchat.db import conversations, messages
from olamchat.db.pool import connected
from olamchat.errors import NotFound
from olamchat.services import accounts, shapes
from olamchat.zips import Entry, zipped

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


def everything(*, user_id: UUID) -> Iterator[bytes]:
    """Return the pieces of a ZIP with all of a person's conversations, in both formats, and what they set. Raises NotSignedIn.

    What changes meanwhile is in it as it is when its turn comes; what is deleted meanwhile is left out.
    """
    account = {"format": "olamchat-account/1", **accounts.me(user_id=user_id)}
    with connected():
        ids = conversations.all_ids(user_id)
    return zipped(_entries(user_id, account, ids))


def _entries(user_id: UUID, account: Mapping[str, Any], ids: list[UUID]) -> Iterator[Entry]:
    yield "account.json", _json(account)
    for conversation_id in ids:
        try:
            whole = as_json(user_id=user_id, conversation_id=conversation_id)
            text = as_markdown(user_id=user_id, conversation_id=conversation_id)
        except NotFound:
            continue
        name = _name(whole["conversation"])
        yield f"{name}.json", _json(whole)
        yield f"{name}.md", text.encode()


def _name(conversation: Mapping[str, Any]) -> str:
    """Name a conversation's files by day, title and the random end of its id, so that no two are the same."""
    title = " ".join(re.sub(r"[^\w -]+", " ", conversation["title"] or "Untitled").split())[:60].strip()
    return f"conversations/{conversation['created_at'][:10]} {title or 'Untitled'} {conversation['id'][-8:]}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _section(row: Mapping[str, Any]) -> str:
    model = f" ({row['model']})" if row["role"] == "assistant" and row["model"] else ""
    files = "".join(f"- {file['name']}\n" for file in row["attachments"])
    return f"## {_SPEAKERS[row['role']]}{model}\n\n{row['content']}\n" + (f"\n{files}" if files else "")


def _found(conversation_id: UUID, user_id: UUID) -> Mapping[str, Any]:
    row = conversations.find(conversation_id, user_id)
    if row is None:
        raise NotFound
    return row
