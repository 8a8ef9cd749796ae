"""Messages that were sent while an answer is written, and wait to be asked when it has ended."""

UP = """
CREATE TABLE follow_ups (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- The answer that it waits for, and under which it goes; null where that was deleted.
    follows_id uuid REFERENCES messages ON DELETE SET NULL,
    content text NOT NULL,
    -- As messages tell them; what keeps the files is follow_up_files.
    attachments jsonb NOT NULL DEFAULT '[]',
    -- What was chosen when it was sent: the model, and all that the conversation's settings said.
    model text,
    options jsonb NOT NULL DEFAULT '{}',
    key_id uuid REFERENCES api_keys ON DELETE SET NULL,
    idempotency_key text,
    idempotency_digest text,
    -- Since when it is to go before the others, whatever became of the answer.
    urgent_at timestamptz,
    -- Why it could not be asked: {code, detail}. It waits for its person then.
    error jsonb,
    -- One that was dropped stays for a day, so that a repeated request doesn't bring it back.
    dropped_at timestamptz,
    CONSTRAINT follow_ups_key UNIQUE (conversation_id, idempotency_key)
);
CREATE INDEX follow_ups_follows ON follow_ups (follows_id);
CREATE INDEX follow_ups_of_user ON follow_ups (user_id);

CREATE TABLE follow_up_files (
    follow_up_id uuid NOT NULL REFERENCES follow_ups ON DELETE CASCADE,
    file_id uuid NOT NULL REFERENCES files ON DELETE CASCADE,
    PRIMARY KEY (follow_up_id, file_id)
);
CREATE INDEX follow_up_files_of_file ON follow_up_files (file_id);
"""
