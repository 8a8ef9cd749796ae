"""Prompts that are written once and called by a name: in versions, for oneself, groups or everyone, as assistants are."""

UP = """
CREATE TABLE prompts (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- What it is called by: /handle.
    handle text NOT NULL CHECK (handle ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    audience text NOT NULL DEFAULT 'owner' CHECK (audience IN ('owner', 'chosen', 'everyone')),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT prompts_handle UNIQUE (user_id, handle)
);

CREATE TABLE prompt_versions (
    prompt_id uuid NOT NULL REFERENCES prompts ON DELETE CASCADE,
    number integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    note text NOT NULL DEFAULT '',
    -- {name, text}; the text's variables stand in it as {{name | type:default="…"}}.
    content jsonb NOT NULL,
    PRIMARY KEY (prompt_id, number)
);

CREATE TABLE prompt_groups (
    prompt_id uuid NOT NULL REFERENCES prompts ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (prompt_id, group_id)
);
CREATE INDEX prompt_groups_of_group ON prompt_groups (group_id);
"""
