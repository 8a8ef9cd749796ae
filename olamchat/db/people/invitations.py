"""The queries about invitations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from olamchat.db.rows import Row, first, locked, rows
from olamchat.db.tables import Invitation


def add(values: dict[str, Any]) -> Row:
    row = first(Invitation.insert(values).returning(Invitation))
    assert row is not None
    return row


def good(digest: str, at: datetime) -> Row | None:
    """Return an invitation that nobody has used and that has not run out, for this transaction alone."""
    chosen = (Invitation.digest == digest) & Invitation.used_at.is_null() & (Invitation.expires_at > at)
    return first(locked(Invitation.select().where(chosen)))


def use(invitation_id: UUID, user_id: UUID, at: datetime) -> None:
    Invitation.update(used_at=at, used_by=user_id).where(Invitation.id == invitation_id).execute()


def listing() -> list[Row]:
    """Return all invitations, the newest first."""
    return rows(Invitation.select().order_by(Invitation.created_at.desc(), Invitation.id.desc()).limit(200))


def delete(invitation_id: UUID) -> bool:
    """Take an invitation back; False where there is none that is unused."""
    gone: int = Invitation.delete().where((Invitation.id == invitation_id) & Invitation.used_at.is_null()).execute()
    return gone > 0
