"""Steps: what an answer does besides text. A turn that waits for its steps is parked and holds no worker.

While it is applied older workers still end answers; none of them can park a turn, so that nothing here is theirs to know.
"""

UP = """
ALTER TABLE messages DROP CONSTRAINT messages_status_check;
ALTER TABLE messages ADD CONSTRAINT messages_status_check
    CHECK (status IN ('queued', 'running', 'waiting', 'done', 'stopped', 'failed')) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT messages_status_check;
DROP INDEX messages_one_answer_in_flight;
CREATE UNIQUE INDEX messages_one_answer_in_flight ON messages (conversation_id) WHERE status IN ('queued', 'running', 'waiting');

ALTER TABLE turns DROP CONSTRAINT turns_state_check;
ALTER TABLE turns ADD CONSTRAINT turns_state_check CHECK (state IN ('queued', 'running', 'parked', 'closed'));
-- How often the turn was parked. One that comes back keeps its place: it is not charged again, and goes before those that have not begun.
ALTER TABLE turns ADD rounds integer NOT NULL DEFAULT 0;
ALTER TABLE turns ADD CONSTRAINT turns_only_answers_park CHECK (kind = 'answer' OR (state <> 'parked' AND rounds = 0));

CREATE TABLE tool_servers (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    name text NOT NULL CONSTRAINT tool_servers_name UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    title text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('http', 'stdio', 'built_in')),
    url text NOT NULL DEFAULT '' CONSTRAINT tool_servers_url CHECK ((url <> '') = (kind = 'http')),
    auth text NOT NULL DEFAULT 'none' CHECK (auth IN ('none', 'bearer', 'oauth')),
    -- Name of the variable in the step workers' environment that has the token; the token itself is not kept here.
    token_variable text NOT NULL DEFAULT '' CHECK ((token_variable <> '') = (auth = 'bearer')),
    audience text NOT NULL DEFAULT 'everyone' CHECK (audience IN ('everyone', 'administrators', 'chosen', 'nobody')),
    approval text NOT NULL DEFAULT 'writes' CHECK (approval IN ('always', 'writes', 'never')),
    -- Whether conversations have it unless they say otherwise.
    usual boolean NOT NULL DEFAULT true,
    checked_at timestamptz,
    problem jsonb
);
CREATE TABLE tool_people (
    server_id uuid NOT NULL REFERENCES tool_servers ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (server_id, user_id)
);
CREATE INDEX tool_people_of_user ON tool_people (user_id);

-- What a server says of its tools, and what administrators say otherwise (own_effect, approval, enabled).
CREATE TABLE tools (
    server_id uuid NOT NULL REFERENCES tool_servers ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    -- What models call it by.
    alias text NOT NULL CHECK (alias ~ '^[a-zA-Z0-9_-]{1,64}$'),
    title text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    parameters jsonb NOT NULL CHECK (jsonb_typeof(parameters) = 'object'),
    effect text NOT NULL CHECK (effect IN ('read', 'idempotent', 'write')),
    own_effect text CHECK (own_effect IN ('read', 'idempotent', 'write')),
    -- Whether it may bring text from outside, which others may have written.
    outside boolean NOT NULL DEFAULT true,
    approval text CHECK (approval IN ('always', 'writes', 'never')),
    enabled boolean NOT NULL DEFAULT true,
    PRIMARY KEY (server_id, name),
    CONSTRAINT tools_alias UNIQUE (alias)
);

-- Tools that a person has allowed for the rest of a conversation.
CREATE TABLE tool_grants (
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    server text NOT NULL,
    tool text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, server, tool)
);

CREATE TABLE steps (
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    round integer NOT NULL,
    call_id text NOT NULL,
    -- What the model called; server and tool are empty where there is no such tool.
    name text NOT NULL,
    server text NOT NULL DEFAULT '',
    tool text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    arguments text NOT NULL,
    effect text NOT NULL CHECK (effect IN ('read', 'idempotent', 'write')),
    outside boolean NOT NULL DEFAULT true,
    state text NOT NULL CHECK (state IN ('proposed', 'granted', 'running', 'done', 'failed', 'refused', 'stopped', 'unknown')),
    -- Counts the calls that left; what an older one brings is not taken.
    attempt integer NOT NULL DEFAULT 0,
    -- Counts the changes, so that a reader who is told late knows what is newer.
    revision integer NOT NULL DEFAULT 1,
    -- Where it stands in the answer's text and reasoning.
    at integer NOT NULL,
    reasoning_at integer NOT NULL,
    -- Sent along with each call, so that a server that knows of it does the same thing once.
    idempotency_key uuid NOT NULL,
    decision text CHECK (decision IN ('grant', 'grant_for_conversation', 'refuse')),
    note text NOT NULL DEFAULT '',
    worker text,
    result jsonb,
    -- The beginning of the result's text, so that nobody reads all results to list steps.
    preview text NOT NULL DEFAULT '',
    error jsonb,
    created_at timestamptz NOT NULL,
    granted_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (message_id, number),
    CONSTRAINT steps_ended CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed', 'refused', 'stopped')))
);
CREATE INDEX steps_granted ON steps (granted_at) WHERE state = 'granted';
CREATE INDEX steps_open ON steps (state) WHERE state IN ('proposed', 'granted', 'running', 'unknown');
CREATE INDEX steps_of_user ON steps (user_id);
"""
