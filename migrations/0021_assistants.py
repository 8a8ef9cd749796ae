"""Assistants: a model with instructions, tools and documents, under a name of its own. What it says is kept by version."""

UP = """
CREATE TABLE assistants (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- What it is called by: @handle in the page, and as a model's name in /v1.
    handle text NOT NULL CONSTRAINT assistants_handle UNIQUE CHECK (handle ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    audience text NOT NULL DEFAULT 'owner' CHECK (audience IN ('owner', 'chosen', 'everyone')),
    -- The newest.
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX assistants_of_user ON assistants (user_id);

CREATE TABLE assistant_versions (
    assistant_id uuid NOT NULL REFERENCES assistants ON DELETE CASCADE,
    number integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    note text NOT NULL DEFAULT '',
    -- {name, emoji, description, instructions, models, options, tools, approvals, collections, starters}
    content jsonb NOT NULL,
    PRIMARY KEY (assistant_id, number)
);

CREATE TABLE assistant_groups (
    assistant_id uuid NOT NULL REFERENCES assistants ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (assistant_id, group_id)
);
CREATE INDEX assistant_groups_of_group ON assistant_groups (group_id);

-- The assistant that an answer was asked of, {id, handle, version, name, emoji}: it outlives the assistant.
ALTER TABLE messages ADD COLUMN assistant jsonb;
"""
