"""The queries about mails that wait to be sent and the links in them."""

from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

# One statement in every case, so that its duration does not reveal whether there is such an account.
_ASK = """
INSERT INTO mails (user_id, kind, email, language)
SELECT id, 'reset', email, %(language)s FROM users WHERE email = %(email)s AND password_hash IS NOT NULL AND disabled_at IS NULL
ON CONFLICT (user_id, kind) DO NOTHING
"""
# A process that takes a mail keeps it until the next attempt is due; if it dies first, another takes it then.
_TAKE = """
UPDATE mails SET attempts = attempts + 1, due_at = now() + make_interval(secs => least(%(longest)s, %(first)s * 2 ^ attempts))
WHERE id = (SELECT id FROM mails WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, user_id, kind, email, new_email, about, language, created_at
"""
# Not for a mail that was withdrawn meanwhile, nor for a password at an address that the account no longer has.
_LINK = """
INSERT INTO mail_links (digest, user_id, kind, email, expires_at)
SELECT %s, u.id, m.kind, m.email, %s FROM mails m JOIN users u ON u.id = m.user_id
WHERE m.id = %s AND (m.kind <> 'reset' OR m.email = u.email)
ON CONFLICT (user_id, kind) DO UPDATE SET digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at
RETURNING user_id
"""
# Another address takes the place of the one that waits, as a mail that was never tried.
_CONFIRM = """
INSERT INTO mails (user_id, kind, email, language) VALUES (%s, 'email', %s, %s)
ON CONFLICT (user_id, kind) DO UPDATE
SET id = gen_random_uuid(), email = excluded.email, language = excluded.language, created_at = now(), due_at = now(), attempts = 0
"""


def ask(email: str, language: str) -> None:
    """Queue a mail with a link for the account that has this e-mail and a password, if there is one."""
    run(_ASK, {"email": email, "language": language})


def ask_to_confirm(user_id: UUID, email: str, language: str) -> None:
    """Have a link sent to the address that a person wants to have."""
    run(_CONFIRM, [user_id, email, language])


def notify(old: str, new: str, language: str) -> None:
    """Have the old address told of the new one."""
    run("INSERT INTO mails (kind, email, new_email, language) VALUES ('email_changed', %s, %s, %s)", [old, new, language])


def tell_of_passkey(email: str, name: str, language: str) -> None:
    """Have a person told that a passkey was added to their account."""
    run("INSERT INTO mails (kind, email, about, language) VALUES ('passkey_added', %s, %s, %s)", [email, name, language])


def withdraw(user_id: UUID) -> None:
    """Void a person's links, those in mails that still wait too. The caller's transaction holds the person's row."""
    run("DELETE FROM mails WHERE user_id = %s", [user_id])
    run("DELETE FROM mail_links WHERE user_id = %s", [user_id])


def take(*, first_s: float, longest_s: float) -> Row | None:
    """Take the mail that is due, None where none is; it is due again after a while that doubles each time."""
    found = run(_TAKE, {"first": first_s, "longest": longest_s})
    return found[0] if found else None


def forget(mail_id: UUID) -> None:
    run("DELETE FROM mails WHERE id = %s", [mail_id])


def link(mail_id: UUID, digest: bytes, expires_at: datetime) -> bool:
    """Keep the digest of a mail's token, in place of the one before; False where the mail is not to be sent any more."""
    return bool(run(_LINK, [digest, expires_at, mail_id]))


def linked(digest: bytes, kind: str, at: datetime) -> UUID | None:
    """Return whose link it is, None where it is no good, or no longer."""
    found = run("SELECT user_id FROM mail_links WHERE digest = %s AND kind = %s AND expires_at > %s", [digest, kind, at])
    return found[0]["user_id"] if found else None


def use_link(digest: bytes, kind: str, at: datetime) -> Row | None:
    """Use a link up and return its {user_id, email}; None where it is no good, or somebody was faster."""
    sql = "DELETE FROM mail_links WHERE digest = %s AND kind = %s AND expires_at > %s RETURNING user_id, email"
    found = run(sql, [digest, kind, at])
    return found[0] if found else None
