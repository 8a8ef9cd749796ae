"""The queries about the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from peewee import fn

from olamchat.db.rows import Row, rows
from olamchat.db.tables import Audit


def add(values: dict[str, Any]) -> None:
    Audit.insert(values).execute()


def page(*, limit: int, before: tuple[datetime, UUID] | None, event: str) -> list[Row]:
    """Return the newest rows before a place whose event begins so."""
    query = Audit.select().order_by(Audit.created_at.desc(), Audit.id.desc()).limit(limit)
    if event:
        query = query.where(Audit.event.startswith(event))
    if before:
        query = query.where(fn.ROW(Audit.created_at, Audit.id) < fn.ROW(*before))
    return rows(query)
