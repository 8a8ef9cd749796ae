"""Rows as the API shows them. Every answer of the API and every event of the log is made here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


def message(row: Row, *, position: int | None = None) -> dict[str, Any]:
    """Return a message with its texts."""
    return {**_end(row), "content": row["content"], "reasoning": row["reasoning"], "position": position}


def message_without_texts(row: Row) -> dict[str, Any]:
    """Return a message as a closing event tells it: how it ended, not what it says."""
    return {**_end(row), "position": None}


def conversation(row: Row, *, answering: bool) -> dict[str, Any]:
    """Return a conversation as lists show it."""
    return {
        "id": str(row["id"]),
        "title": row["title"],
        "model": row["model"],
        "settings": row["settings"],
        "pinned": row["pinned_at"] is not None,
        "archived": row["archived_at"] is not None,
        "active_leaf_id": _id(row["active_leaf_id"]),
        "answering": answering,
        "created_at": time(row["created_at"]),
        "updated_at": time(row["updated_at"]),
    }


def _end(row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "conversation_id": _id(row["conversation_id"]),
        "parent_id": _id(row["parent_id"]),
        "role": row["role"],
        "status": row["status"],
        "model": row["model"],
        "assistant": row.get("assistant"),
        "attempt": row["attempt"],
        "error": row["error"],
        "usage": row["usage"],
        "timings": row["timings"],
        "attachments": row.get("attachments") or [],
        "feedback": row.get("feedback"),
        "steps": row["steps"] if "steps" in row else _none_yet(row),
        "citations": row["citations"] if "citations" in row else _none_yet(row),
        "created_at": time(row["created_at"]),
        "finished_at": time(row["finished_at"]),
    }


def _none_yet(row: Row) -> list[Any] | None:
    """A question has no steps and cites nothing, nor has an answer that nobody has taken; of others None says that it is not told here."""
    return [] if row["role"] == "user" or row["attempt"] == 0 else None


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def time(value: datetime | None) -> str | None:
    """Return a moment as the API says it."""
    return None if value is None else value.isoformat(timespec="microseconds")


def user(row: Row) -> dict[str, Any]:
    """Return a person as they see themselves."""
    due = row.get("factor_due_at")
    return {
        **{name: row[name] for name in ("email", "name", "role", "settings")},
        "id": str(row["id"]),
        "has_password": row["password_hash"] is not None,
        "created_at": time(row["created_at"]),
        **({"second_factor_due": time(due)} if due else {}),
    }


def session(row: Row, *, current: bool) -> dict[str, Any]:
    """Return a session as its person sees it; `current` is the one they see it with."""
    return {
        "id": str(row["id"]),
        "current": current,
        "user_agent": row["user_agent"],
        "address": row["address"],
        "created_at": time(row["created_at"]),
        "used_at": time(row["used_at"]),
        "expires_at": time(row["expires_at"]),
    }
