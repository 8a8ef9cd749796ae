"""Groups of people, and what is given to them: models, tools and collections. A group may have a quota and a weight of its own."""

UP = """
CREATE TABLE groups (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    name text NOT NULL CONSTRAINT groups_name CHECK (length(name) BETWEEN 1 AND 100),
    -- {day, month} in tokens for each member; null where the group says nothing of it.
    quota jsonb,
    weight double precision CONSTRAINT groups_weight CHECK (weight BETWEEN 0.01 AND 100)
);
CREATE UNIQUE INDEX groups_once ON groups (lower(name));

CREATE TABLE group_members (
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- May add and remove members.
    manager boolean NOT NULL DEFAULT false,
    -- The sign-in provider decides at each sign-in whether they stay.
    by_claim boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_of_user ON group_members (user_id);

CREATE TABLE model_groups (
    model text NOT NULL REFERENCES models ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (model, group_id)
);
CREATE INDEX model_groups_of_group ON model_groups (group_id);

CREATE TABLE tool_groups (
    server_id uuid NOT NULL REFERENCES tool_servers ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (server_id, group_id)
);
CREATE INDEX tool_groups_of_group ON tool_groups (group_id);

ALTER TABLE collections DROP CONSTRAINT collections_audience_check;
ALTER TABLE collections ADD CONSTRAINT collections_audience_check CHECK (audience IN ('owner', 'chosen', 'everyone'));
CREATE TABLE collection_groups (
    collection_id uuid NOT NULL REFERENCES collections ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (collection_id, group_id)
);
CREATE INDEX collection_groups_of_group ON collection_groups (group_id);
"""
