"""A second factor beside the password: a secret that an authenticator app shares (TOTP), and codes for the day when the app is lost."""

UP = """
CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret text NOT NULL,
    -- The time step of the last code that was used: none of it or before it counts again.
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Nothing is asked for until a code has shown that the app has the secret.
    confirmed_at timestamptz
);

CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    digest bytea NOT NULL,
    PRIMARY KEY (user_id, digest)
);
"""
