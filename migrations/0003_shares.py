"""Links that show a conversation to whoever has them, and where a conversation was imported from."""

UP = """
CREATE TABLE shares (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    conversation_id uuid NOT NULL CONSTRAINT shares_one_of_conversation UNIQUE REFERENCES conversations ON DELETE CASCADE,
    -- 192 random bits. Kept as it is: its owner sees the link again, and whoever reads this table can read the messages too.
    token text NOT NULL CONSTRAINT shares_token UNIQUE CHECK (token ~ '^[A-Za-z0-9_-]{32}$'),
    -- The branch down to this message is shown, and of it only what had ended by then. A link ends with the message it leads to.
    leaf_id uuid NOT NULL,
    shared_at timestamptz NOT NULL,
    named boolean NOT NULL DEFAULT false,
    FOREIGN KEY (conversation_id, leaf_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE
);

-- `<where from>:<its id there>`: what was imported once is known again.
ALTER TABLE conversations ADD source text CONSTRAINT conversations_source_length CHECK (length(source) BETWEEN 1 AND 300);
CREATE UNIQUE INDEX conversations_source ON conversations (user_id, source) WHERE source IS NOT NULL;
"""
