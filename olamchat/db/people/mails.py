"""The queries about mails that wait to be sent and the links in them."""

from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

# One statement whoever asks: how long it takes tells nobody whether there is such an account.
_ASK = """
INSERT INTO mails (user_id, kind, email, language)
SELECT id, 'reset', email, %(language)s FROM users WHERE email = %(email)s AND password_hash IS NOT NULL AND disabled_at IS NULL
ON CONFLICT (user_id, kind) DO NOTHING
"""
# Whoever takes a mail has it until the next try is due; if they die meanwhile, somebody else takes it then.
_TAKE = """
UPDATE mails SET attempts = attempts + 1, due_at = now() + make_interval(secs => least(%(longest)s, %(first)s * 2 ^ attempts))
WHERE id = (SELECT id FROM mails WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, user_id, kind, email, language, created_at
"""
_LINK = """
INSERT INTO mail_links (digest, user_id, kind, expires_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (user_id, kind) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at
"""


def ask(email: str, language: str) -> None:
    """Have a mail with a link sent to whoever has this e-mail and a password; nobody may."""
    run(_ASK, {"email": email, "language": language})


def take(*, first_s: float, longest_s: float) -> Row | None:
    """Take the mail that is due, None where none is; it is due again after a while that doubles each time."""
    found = run(_TAKE, {"first": first_s, "longest": longest_s})
    return found[0] if found else None


def forget(mail_id: UUID) -> None:
    run("DELETE FROM mails WHERE id = %s", [mail_id])


def link(user_id: UUID, kind: str, digest: bytes, expires_at: datetime) -> None:
    """Keep the digest of a link's token, in place of the one before."""
    run(_LINK, [digest, user_id, kind, expires_at])


def linked(digest: bytes, kind: str, at: datetime) -> UUID | None:
    """Return whose link it is, None where it is no good, or no longer."""
    found = run("SELECT user_id FROM mail_links WHERE digest = %s AND kind = %s AND expires_at > %s", [digest, kind, at])
    return found[0]["user_id"] if found else None


def use_link(digest: bytes, kind: str, at: datetime) -> bool:
    """Use a link up; False where somebody was faster."""
    return bool(run("DELETE FROM mail_links WHERE digest = %s AND kind = %s AND expires_at > %s RETURNING user_id", [digest, kind, at]))
