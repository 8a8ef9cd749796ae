"""Accounts, conversations, the tree of messages, and the turns that wait to be taken."""

UP = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    email text NOT NULL CONSTRAINT users_email_lower CHECK (email = lower(email)),
    name text NOT NULL DEFAULT '',
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    disabled_at timestamptz,
    settings jsonb NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    jti text NOT NULL,
    prev_jti text,
    rotated_at timestamptz,
    used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    user_agent text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE conversations (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    title text,
    title_by_user boolean NOT NULL DEFAULT false,
    model text,
    settings jsonb NOT NULL DEFAULT '{}',
    active_leaf_id uuid,
    pinned_at timestamptz,
    archived_at timestamptz,
    deleted_at timestamptz,
    updated_at timestamptz NOT NULL
);
CREATE INDEX conversations_of_user ON conversations (user_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    parent_id uuid,
    role text NOT NULL CHECK (role IN ('user', 'assistant')),
    content text NOT NULL DEFAULT '',
    reasoning text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'stopped', 'failed')),
    model text,
    pool text,
    attempt integer NOT NULL DEFAULT 0,
    error jsonb,
    usage jsonb,
    timings jsonb,
    idempotency_key text,
    idempotency_digest text,
    finished_at timestamptz,
    -- Empty while the answer is written, so that saving a partial text costs the index nothing.
    search tsvector GENERATED ALWAYS AS (
        CASE WHEN status IN ('done', 'stopped', 'failed') THEN to_tsvector('simple', left(content, 100000)) END
    ) STORED,
    UNIQUE (conversation_id, id),
    FOREIGN KEY (conversation_id, parent_id) REFERENCES messages (conversation_id, id)
);
CREATE INDEX messages_of_conversation ON messages (conversation_id, created_at, id);
CREATE UNIQUE INDEX messages_one_answer_in_flight ON messages (conversation_id) WHERE status IN ('queued', 'running');
CREATE INDEX messages_search ON messages USING gin (search);
CREATE INDEX messages_of_parent ON messages (conversation_id, parent_id);
CREATE UNIQUE INDEX messages_idempotency ON messages (conversation_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE turns (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('answer', 'title')),
    rank smallint NOT NULL DEFAULT 0,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    pool text NOT NULL,
    model text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'closed')),
    attempt integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    worker text,
    not_before timestamptz NOT NULL,
    started_at timestamptz,
    stop_at timestamptz
);
CREATE INDEX turns_waiting ON turns (pool, rank, created_at) WHERE state = 'queued';
CREATE INDEX turns_of_user ON turns (user_id) WHERE state IN ('queued', 'running');
CREATE INDEX turns_of_conversation ON turns (conversation_id);
"""
