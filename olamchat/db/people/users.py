"""The queries about people."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from olamchat.db.people.groups import OF_PERSON
from olamchat.db.rows import Row, first, locked, run
from olamchat.db.tables import User

# What decides how much a person may ask for and of which models; `u` is their row.
TERMS = f"u.role AS user_role, u.quota AS user_quota, {OF_PERSON} AS user_groups"
# The advisory lock of the first account: any number that nothing else here takes.
FIRST = 0x6F6C6631
# Where a smoke test has its accounts: a domain that no mail reaches (RFC 2606).
SMOKE_TEST_DOMAIN = "smoke-test.invalid"


def add(values: Row) -> Row | None:
    """Keep a new person and return the row; None when somebody has the e-mail already."""
    kept = User.insert(values).on_conflict(conflict_target=[User.email], action="IGNORE").returning(User)
    return first(kept)


def find(user_id: UUID) -> Row | None:
    return first(User.select().where(User.id == user_id))


def find_by_email(email: str) -> Row | None:
    return first(User.select().where(User.email == email))


def emails(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the e-mails of these people."""
    return {row["id"]: row["email"] for row in run("SELECT id, email FROM users WHERE id = ANY(%s)", [list(ids)])}


def change(user_id: UUID, values: dict[str, Any]) -> Row | None:
    """Change columns of a person's row and return it."""
    return first(User.update(values).where(User.id == user_id).returning(User))


def replace_hash(user_id: UUID, old: str, new: str) -> None:
    """Put another hash of the same password in place, unless the password was changed meanwhile."""
    User.update(password_hash=new).where((User.id == user_id) & (User.password_hash == old)).execute()


def lock(user_id: UUID) -> Row | None:
    """Let one transaction of this person's after the other go on: what is counted then stays so. Returns what TERMS are."""
    found = run(f"SELECT {TERMS} FROM users u WHERE u.id = %s FOR NO KEY UPDATE", [user_id])  # noqa: S608, a constant
    return found[0] if found else None


def lock_whole(user_id: UUID) -> Row | None:
    """Return a person's row, and let nobody else change it before the transaction ends."""
    return first(locked(User.select().where(User.id == user_id)))


def is_empty() -> bool:
    """Tell whether nobody has an account. One transaction after the other may ask, so that it stays so until this one ends."""
    run("SELECT pg_advisory_xact_lock(%s)", [FIRST])
    return not anybody()


def is_alone(user_id: UUID) -> bool:
    """Tell whether nobody else has an account; nobody joins before the transaction ends. A smoke test is nobody."""
    run("SELECT pg_advisory_xact_lock(%s)", [FIRST])
    return not run("SELECT 1 FROM users WHERE id != %s AND email NOT LIKE %s LIMIT 1", [user_id, f"%@{SMOKE_TEST_DOMAIN}"])


def anybody() -> bool:
    """Tell whether somebody has an account; a smoke test is nobody."""
    return bool(run("SELECT 1 FROM users WHERE email NOT LIKE %s LIMIT 1", [f"%@{SMOKE_TEST_DOMAIN}"]))


def delete(user_id: UUID) -> None:
    """Erase a person and, by the tables' own rules, everything that is theirs."""
    User.delete().where(User.id == user_id).execute()
