"""What it takes to be safe with strangers: API keys, invitations, the audit log, and completions without a conversation."""

UP = """
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    -- SHA-256 of the key: it has 256 random bits, so that nothing slower is needed.
    digest text NOT NULL CONSTRAINT api_keys_digest UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    hint text NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['chat', 'read', 'admin']),
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_keys_of_user ON api_keys (user_id);

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    made_by uuid REFERENCES users ON DELETE SET NULL,
    digest text NOT NULL CONSTRAINT invitations_digest UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    email text CHECK (email = lower(email)),
    role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    used_by uuid REFERENCES users ON DELETE SET NULL
);

-- No foreign keys: what was done stays written when somebody is gone.
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    event text NOT NULL,
    actor_id uuid,
    subject text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    user_agent text NOT NULL DEFAULT '',
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_newest ON audit (created_at DESC, id DESC);

ALTER TABLE turns DROP CONSTRAINT turns_kind_check;
ALTER TABLE turns ADD CONSTRAINT turns_kind_check CHECK (kind IN ('answer', 'title', 'completion'));
ALTER TABLE turns ALTER conversation_id DROP NOT NULL;
ALTER TABLE turns ADD CONSTRAINT turns_conversation CHECK ((conversation_id IS NULL) = (kind = 'completion'));
-- A completion's messages as they were sent.
ALTER TABLE turns ADD request jsonb, ADD CONSTRAINT turns_request CHECK ((request IS NOT NULL) = (kind = 'completion'));

-- What a completion took, after its turn is gone; its texts are not kept.
CREATE TABLE completions (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    model text NOT NULL,
    pool text NOT NULL,
    status text NOT NULL CHECK (status IN ('done', 'stopped', 'failed')),
    usage jsonb
);
CREATE INDEX completions_of_user ON completions (user_id, created_at);
CREATE INDEX messages_finished ON messages (finished_at) WHERE role = 'assistant' AND usage IS NOT NULL;
"""
