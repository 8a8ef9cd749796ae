"""Who must have a second step to sign in, and by when."""

UP = """
ALTER TABLE groups ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
-- Set when a sign-in finds that the person must have a second step and hasn't; null again once they have one, or need none.
ALTER TABLE users ADD COLUMN factor_due_at timestamptz;
-- False for a session by the sign-in provider, which decides by itself what a sign-in takes.
ALTER TABLE sessions ADD COLUMN by_password boolean NOT NULL DEFAULT true;
"""
