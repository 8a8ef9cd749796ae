"""The queries about who people are at an OpenID provider."""

from uuid import UUID

from olamchat.db.rows import Row, first, run
from olamchat.db.tables import Identity, User


def lock(issuer: str, subject: str) -> None:
    """Let one transaction after the other sign this identity in."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{issuer} {subject}"])


def find(issuer: str, subject: str) -> Row | None:
    """Return the person who has this identity."""
    known = (Identity.issuer == issuer) & (Identity.subject == subject)
    return first(User.select().where(User.id.in_(Identity.select(Identity.user_id).where(known))))


def add(user_id: UUID, issuer: str, subject: str) -> bool:
    """Give a person an identity; False where they have another of this issuer."""
    kept = Identity.insert(user_id=user_id, issuer=issuer, subject=subject).on_conflict(action="IGNORE").returning(Identity)
    return first(kept) is not None
