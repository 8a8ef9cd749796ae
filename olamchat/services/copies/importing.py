"""Conversations from elsewhere: each comes whole, is kept in one transaction, and is known again by where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from olamchat.clock import now, uuid7
from olamchat.db import conversations as rows
from olamchat.db import files as file_rows
from olamchat.db import importing as statements
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import Invalid
from olamchat.services import conversations, files, publish, serialize
from olamchat.tokenlog.events import ConversationChanged

Outcome = Literal["made", "there", "restored"]


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """A message as it comes: `id` and `parent` are names of the other system, `attachments` ids of files that were uploaded before."""

    id: str
    parent: str | None
    role: Literal["user", "assistant"]
    content: str
    reasoning: str = ""
    model: str | None = None
    at: datetime | None = None
    attachments: Sequence[UUID] = ()


@dataclass(frozen=True, kw_only=True)
class IncomingConversation:
    """A conversation as it comes from `source`, where it is called `source_id`. Parents stand before their children; `shown` names a message."""

    source: str
    source_id: str
    messages: Sequence[IncomingMessage]
    shown: str | None = None
    title: str | None = None
    model: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    pinned: bool = False
    archived: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


def take(*, user_id: UUID, conversation: IncomingConversation) -> dict[str, Any]:
    """Keep a conversation. Returns {outcome, conversation}: made; there, when it came before; restored, when it had been deleted since.

    Raises Invalid for what is no tree of questions and answers, or names a file that isn't this person's; TooManyFiles.
    """
    _check(conversation)
    source = f"{conversation.source}:{conversation.source_id}"
    with connected(), database.atomic():
        before = statements.known(user_id, source, _own_id(conversation.source, conversation.source_id))
        made = None if before else statements.add(_conversation(user_id, conversation, source))
        if made:
            _keep_messages(user_id, made, conversation)
        found = before or statements.known(user_id, source, None)
        assert found is not None, "it was there or it was made"
    return _told(user_id, found, made=made is not None)


def known(*, user_id: UUID, source: str, source_id: str) -> bool:
    """Tell whether a conversation came before: then it is as it was whatever comes, and its files need not be sent."""
    with connected():
        return statements.known(user_id, f"{source}:{source_id}", _own_id(source, source_id)) is not None


def _told(user_id: UUID, found: Row, *, made: bool) -> dict[str, Any]:
    if found["deleted_at"] is not None:
        return {"outcome": "restored", "conversation": conversations.restore(user_id=user_id, conversation_id=found["id"])}
    with connected():
        row = rows.find(found["id"], user_id)
    assert row is not None, "it is there"
    shape = serialize.conversation(row, answering=row["answering"])
    if made:
        publish.tell_user(user_id, ConversationChanged(conversation=shape))
    return {"outcome": "made" if made else "there", "conversation": shape}


def _check(conversation: IncomingConversation) -> None:
    """Refuse what our own rules would not let grow. Raises Invalid."""
    roles: dict[str, str] = {}
    for at, message in enumerate(conversation.messages):
        if message.id in roles:
            raise _invalid(at, "id", "Another message has this id.")
        if message.parent is not None and message.parent not in roles:
            raise _invalid(at, "parent", "A message's parent stands before it.")
        if message.role == (roles[message.parent] if message.parent is not None else "assistant"):
            raise _invalid(at, "role", "Questions follow answers or begin; answers follow questions.")
        if message.attachments and message.role != "user":
            raise _invalid(at, "attachments", "Questions have files, answers have none.")
        roles[message.id] = message.role
    if conversation.shown is not None and conversation.shown not in roles:
        raise Invalid("There is no such message.", errors=[{"field": "shown", "message": "There is no such message."}])


def _conversation(user_id: UUID, conversation: IncomingConversation, source: str) -> Row:
    at = now()
    began = _past(conversation.created_at, at)
    return {
        "user_id": user_id, "source": source, "title": conversation.title, "model": conversation.model, "settings": dict(conversation.settings),
        "created_at": began, "updated_at": max(began, _past(conversation.updated_at, at)),
        "pinned_at": at if conversation.pinned else None, "archived_at": at if conversation.archived else None,
    }  # fmt: skip


def _keep_messages(user_id: UUID, conversation_id: UUID, conversation: IncomingConversation) -> None:
    """Keep the tree; times never run backwards along a branch, whatever the other system's clock says."""
    at = now()
    kept: dict[str, Row] = {}
    for message in conversation.messages:
        parent = kept[message.parent] if message.parent is not None else None
        earliest = parent["created_at"] if parent else _past(conversation.created_at, at)
        kept[message.id] = _message(conversation_id, message, parent, max(_past(message.at, at) if message.at else earliest, earliest))
    statements.add_messages(list(kept.values()))
    for message in conversation.messages:
        if message.attachments:
            file_rows.attach(kept[message.id]["id"], files.chosen(user_id=user_id, ids=message.attachments))
    shown = kept[conversation.shown or conversation.messages[-1].id]
    newest = max(row["created_at"] for row in kept.values())
    statements.show(conversation_id, shown["id"], max(newest, _past(conversation.updated_at, at)) if conversation.updated_at else newest)


def _message(conversation_id: UUID, message: IncomingMessage, parent: Row | None, at: datetime) -> Row:
    return {
        "id": uuid7(), "created_at": at, "conversation_id": conversation_id, "parent_id": parent and parent["id"], "role": message.role,
        "content": message.content, "reasoning": message.reasoning, "status": "done", "model": message.model if message.role == "assistant" else None,
        "finished_at": at if message.role == "assistant" else None,
    }  # fmt: skip


def _past(time: datetime | None, at: datetime) -> datetime:
    return at if time is None else min(time, at)


def _own_id(source: str, source_id: str) -> UUID | None:
    """Return the id that the conversation has if it comes from here."""
    try:
        return UUID(source_id) if source == "olamchat" else None
    except ValueError:
        return None


def _invalid(at: int, name: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"field": f"messages.{at}.{name}", "message": message}])
