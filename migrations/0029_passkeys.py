"""Passkeys: the public halves of keys that people's devices keep (WebAuthn), and the notice that one was added."""

UP = """
CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- What the device calls it. Nobody else can have the same one.
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    public_key bytea NOT NULL,
    -- How often it was used, as the device counts; devices that sync their passkeys always say 0.
    sign_count bigint NOT NULL,
    transports text[] NOT NULL DEFAULT '{}',
    synced boolean NOT NULL,
    name text NOT NULL CONSTRAINT passkeys_name CHECK (length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX passkeys_of_user ON passkeys (user_id);

ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('reset', 'email', 'email_changed', 'passkey_added'));
-- What a notice is about: the passkey's name. Like the one about a changed email it is nobody's, so that it arrives in any case.
ALTER TABLE mails ADD COLUMN about text;
ALTER TABLE mails DROP CONSTRAINT mails_notice;
ALTER TABLE mails ADD CONSTRAINT mails_notice CHECK ((kind IN ('email_changed', 'passkey_added')) = (user_id IS NULL));
ALTER TABLE mails ADD CONSTRAINT mails_told CHECK ((kind = 'email_changed') = (new_email IS NOT NULL) AND (kind = 'passkey_added') = (about IS NOT NULL));
"""
