"""Mails that wait to be sent, and the links in them. A mail's secret is made as it leaves: here is its digest alone."""

UP = """
CREATE TABLE mails (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('reset')),
    email text NOT NULL,
    language text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    -- Who asks again while one waits gets that one.
    CONSTRAINT mails_one_of_a_kind UNIQUE (user_id, kind)
);
CREATE INDEX mails_due ON mails (due_at);

CREATE TABLE mail_links (
    digest bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL,
    expires_at timestamptz NOT NULL,
    -- The newest link alone is good.
    CONSTRAINT mail_links_one_of_a_kind UNIQUE (user_id, kind)
);
"""
