"""Signing in with an OpenID provider: who a person is there. Who comes by it alone has no password."""

UP = """
CREATE TABLE identities (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    issuer text NOT NULL,
    subject text NOT NULL,
    CONSTRAINT identities_subject UNIQUE (issuer, subject),
    -- An e-mail that the provider has given to somebody else does not open the account of the one before.
    CONSTRAINT identities_one_a_provider UNIQUE (user_id, issuer)
);

ALTER TABLE users ALTER password_hash DROP NOT NULL;
"""
