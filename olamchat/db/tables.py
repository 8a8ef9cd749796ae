"""The tables as peewee sees them. Rules live in migrations/ as constraints; here are names and types only."""

from typing import Any

import peewee
from playhouse.postgres_ext import ArrayField, BinaryJSONField

from olamchat.clock import now, uuid7
from olamchat.db.pool import database


class Table(peewee.Model):
    id = peewee.UUIDField(primary_key=True, default=uuid7)
    created_at = peewee.DateTimeField(default=now)

    class Meta:
        database = database
        legacy_table_names = False


class User(Table):
    """A person. `email` is kept lower-case; `password_hash` is bcrypt's, null for who signs in with a provider alone."""

    email = peewee.TextField()
    name = peewee.TextField(default="")
    password_hash = peewee.TextField(null=True)
    role = peewee.TextField(default="user")
    disabled_at = peewee.DateTimeField(null=True)
    settings: dict[str, Any] = BinaryJSONField(default=dict)
    quota: dict[str, Any] | None = BinaryJSONField(null=True)
    factor_due_at = peewee.DateTimeField(null=True)

    class Meta:
        table_name = "users"


class Session(Table):
    """A family of refresh tokens: one sign-in on one device.

    `jti` names the only refresh token that is good, `prev_jti` the one before it, which is overlooked for some seconds after `rotated_at`.
    """

    user_id = peewee.UUIDField()
    jti = peewee.TextField()
    prev_jti = peewee.TextField(null=True)
    rotated_at = peewee.DateTimeField(null=True)
    used_at = peewee.DateTimeField(default=now)
    expires_at = peewee.DateTimeField()
    ended_at = peewee.DateTimeField(null=True)
    user_agent = peewee.TextField(default="")
    address = peewee.TextField(default="")
    device = peewee.TextField(null=True)
    by_password = peewee.BooleanField(default=True)

    class Meta:
        table_name = "sessions"


class Conversation(Table):
    """One chat. `settings` holds system_prompt, temperature, top_p, max_tokens, seed, stop."""

    user_id = peewee.UUIDField()
    title = peewee.TextField(null=True)
    title_by_user = peewee.BooleanField(default=False)
    model = peewee.TextField(null=True)
    settings: dict[str, Any] = BinaryJSONField(default=dict)
    active_leaf_id = peewee.UUIDField(null=True)
    pinned_at = peewee.DateTimeField(null=True)
    archived_at = peewee.DateTimeField(null=True)
    deleted_at = peewee.DateTimeField(null=True)
    updated_at = peewee.DateTimeField(default=now)

    class Meta:
        table_name = "conversations"


class Message(Table):
    """One message of the tree. An answer's `status` is queued, running, waiting (for its steps), done, stopped or failed; a question's is done."""

    conversation_id = peewee.UUIDField()
    parent_id = peewee.UUIDField(null=True)
    role = peewee.TextField()
    content = peewee.TextField(default="")
    reasoning = peewee.TextField(default="")
    status = peewee.TextField(default="done")
    model = peewee.TextField(null=True)
    pool = peewee.TextField(null=True)
    assistant: dict[str, Any] | None = BinaryJSONField(null=True)
    attempt = peewee.IntegerField(default=0)
    error: dict[str, Any] | None = BinaryJSONField(null=True)
    usage: dict[str, Any] | None = BinaryJSONField(null=True)
    timings: dict[str, Any] | None = BinaryJSONField(null=True)
    attachments: list[dict[str, Any]] = BinaryJSONField(default=list)
    feedback = peewee.TextField(null=True)
    idempotency_key = peewee.TextField(null=True)
    idempotency_digest = peewee.TextField(null=True)
    finished_at = peewee.DateTimeField(null=True)

    class Meta:
        table_name = "messages"


class Turn(Table):
    """Work that waits or runs: an answer (rank 0) or a title (rank 10). A row lives only as long as the work does.

    `state`: queued, running, parked (its steps run or wait for a person, or its documents are read; no worker has it), or closed (the final row is written, its closing
    event may not be told yet). `rounds` counts how often it was parked.
    For an answer, `id` is the message's id.
    """

    kind = peewee.TextField()
    rank = peewee.SmallIntegerField(default=0)
    user_id = peewee.UUIDField()
    conversation_id = peewee.UUIDField()
    pool = peewee.TextField()
    model = peewee.TextField()
    options: dict[str, Any] = BinaryJSONField(default=dict)
    state = peewee.TextField(default="queued")
    attempt = peewee.IntegerField(default=0)
    failures = peewee.IntegerField(default=0)
    deaths = peewee.IntegerField(default=0)
    reached = peewee.IntegerField(default=0)
    rounds = peewee.IntegerField(default=0)
    reads = peewee.TextField(null=True)
    worker = peewee.TextField(null=True)
    not_before = peewee.DateTimeField(default=lambda: peewee.SQL("now()"))
    started_at = peewee.DateTimeField(null=True)
    stop_at = peewee.DateTimeField(null=True)
    key_id = peewee.UUIDField(null=True)
    weight = peewee.FloatField(default=1)

    class Meta:
        table_name = "turns"


class ApiKey(Table):
    """A key for programs; of the key itself only a digest is kept."""

    user_id = peewee.UUIDField()
    name = peewee.TextField()
    digest = peewee.TextField()
    hint = peewee.TextField()
    scopes = ArrayField(peewee.TextField, index=False)
    expires_at = peewee.DateTimeField(null=True)
    used_at = peewee.DateTimeField(null=True)
    revoked_at = peewee.DateTimeField(null=True)
    quota: dict[str, Any] | None = BinaryJSONField(null=True)
    requests_per_minute = peewee.IntegerField(null=True)

    class Meta:
        table_name = "api_keys"


class Invitation(Table):
    """A token that lets one person sign up, where not everybody may."""

    made_by = peewee.UUIDField(null=True)
    digest = peewee.TextField()
    email = peewee.TextField(null=True)
    role = peewee.TextField(default="user")
    expires_at = peewee.DateTimeField()
    used_at = peewee.DateTimeField(null=True)
    used_by = peewee.UUIDField(null=True)

    class Meta:
        table_name = "invitations"


class Audit(Table):
    """Something that happened and bears on security."""

    event = peewee.TextField()
    actor_id = peewee.UUIDField(null=True)
    subject = peewee.TextField(default="")
    address = peewee.TextField(default="")
    user_agent = peewee.TextField(default="")
    details: dict[str, Any] = BinaryJSONField(default=dict)

    class Meta:
        table_name = "audit"


class Identity(Table):
    """Who a person is at an OpenID provider: `issuer` and `subject` together are theirs for good, an e-mail is not."""

    user_id = peewee.UUIDField()
    issuer = peewee.TextField()
    subject = peewee.TextField()

    class Meta:
        table_name = "identities"
