"""The tables as peewee sees them. Rules live in migrations/ as constraints; here are names and types only."""

from datetime import datetime
from typing import Any
from uuid import UUID

import peewee
from playhouse.postgres_ext import BinaryJSONField

from olamchat.clock import now, uuid7
from olamchat.db.pool import database


class Table(peewee.Model):
    id: UUID = peewee.UUIDField(primary_key=True, default=uuid7)
    created_at: datetime = peewee.DateTimeField(default=now)

    class Meta:
        database = database
        legacy_table_names = False


class User(Table):
    """A person. `email` is kept lower-case; `password_hash` is bcrypt's."""

    email: str = peewee.TextField()
    name: str = peewee.TextField(default="")
    password_hash: str = peewee.TextField()
    role: str = peewee.TextField(default="user")
    disabled_at: datetime | None = peewee.DateTimeField(null=True)
    settings: dict[str, Any] = BinaryJSONField(default=dict)

    class Meta:
        table_name = "users"


class Session(Table):
    """A family of refresh tokens: one sign-in on one device. `jti` names the only refresh token that is good."""

    user = peewee.ForeignKeyField(User)
    jti: str = peewee.TextField()
    used_at: datetime = peewee.DateTimeField(default=now)
    expires_at: datetime = peewee.DateTimeField()
    ended_at: datetime | None = peewee.DateTimeField(null=True)
    user_agent: str = peewee.TextField(default="")
    address: str = peewee.TextField(default="")

    class Meta:
        table_name = "sessions"


class Conversation(Table):
    """One chat. `settings` holds system_prompt, temperature, top_p, max_tokens, seed, stop."""

    user = peewee.ForeignKeyField(User)
    title: str | None = peewee.TextField(null=True)
    title_by_user: bool = peewee.BooleanField(default=False)
    model: str | None = peewee.TextField(null=True)
    settings: dict[str, Any] = BinaryJSONField(default=dict)
    active_leaf_id: UUID | None = peewee.UUIDField(null=True)
    pinned_at: datetime | None = peewee.DateTimeField(null=True)
    archived_at: datetime | None = peewee.DateTimeField(null=True)
    deleted_at: datetime | None = peewee.DateTimeField(null=True)
    updated_at: datetime = peewee.DateTimeField(default=now)

    class Meta:
        table_name = "conversations"


class Message(Table):
    """One message of the tree. An answer's `status` is queued, running, done, stopped or failed; a question's is done."""

    conversation = peewee.ForeignKeyField(Conversation)
    parent_id: UUID | None = peewee.UUIDField(null=True)
    role: str = peewee.TextField()
    content: str = peewee.TextField(default="")
    reasoning: str = peewee.TextField(default="")
    status: str = peewee.TextField(default="done")
    model: str | None = peewee.TextField(null=True)
    attempt: int = peewee.IntegerField(default=0)
    error: dict[str, Any] | None = BinaryJSONField(null=True)
    usage: dict[str, Any] | None = BinaryJSONField(null=True)
    timings: dict[str, Any] | None = BinaryJSONField(null=True)
    idempotency_key: str | None = peewee.TextField(null=True)
    finished_at: datetime | None = peewee.DateTimeField(null=True)

    class Meta:
        table_name = "messages"


class Turn(Table):
    """Work that waits or runs: an answer (rank 0) or a title (rank 10). A row lives only as long as the work does.

    `state`: queued, running, or closed (the final row is written, its closing event may not be told yet).
    For an answer, `id` is the message's id.
    """

    kind: str = peewee.TextField()
    rank: int = peewee.SmallIntegerField(default=0)
    user_id: UUID = peewee.UUIDField()
    conversation_id: UUID = peewee.UUIDField()
    pool: str = peewee.TextField()
    model: str = peewee.TextField()
    options: dict[str, Any] = BinaryJSONField(default=dict)
    state: str = peewee.TextField(default="queued")
    attempt: int = peewee.IntegerField(default=0)
    failures: int = peewee.IntegerField(default=0)
    worker: str | None = peewee.TextField(null=True)
    not_before: datetime = peewee.DateTimeField(default=now)
    started_at: datetime | None = peewee.DateTimeField(null=True)
    stop_at: datetime | None = peewee.DateTimeField(null=True)

    class Meta:
        table_name = "turns"
