"""Where a list goes on: opaque to its reader, a time and an id to us."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from olamchat.errors import Invalid

Place = tuple[datetime, UUID]


def cursor(place: Place) -> str:
    """Return the place as base64url without padding."""
    return _packed(place[0].isoformat(), place[1])


def place(cursor: str | None) -> Place | None:
    """Read a cursor back; None stays None. Raises Invalid."""
    if cursor is None:
        return None
    try:
        time, id_ = _unpacked(cursor)
        at = datetime.fromisoformat(time)
        if at.tzinfo is None:
            raise ValueError(time)
        return at, id_
    except (ValueError, TypeError, AttributeError):
        raise _no_cursor() from None


def path_cursor(path: str, id_: UUID) -> str:
    """Return a place in a list by path."""
    return _packed(path, id_)


def path_place(cursor: str | None) -> tuple[str, UUID | None]:
    """Read a cursor of a list by path back; its beginning where there is none. Raises Invalid."""
    if cursor is None:
        return "", None
    try:
        path, id_ = _unpacked(cursor)
        if "\x00" in path:
            raise ValueError(path)
    except (ValueError, TypeError, AttributeError):
        raise _no_cursor() from None
    return path, id_


def _packed(text: str, id_: UUID) -> str:
    return urlsafe_b64encode(json.dumps([text, str(id_)]).encode()).decode().rstrip("=")


def _unpacked(cursor: str) -> tuple[str, UUID]:
    text, id_ = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    text.encode()
    return text, UUID(id_)


def _no_cursor() -> Invalid:
    message = "This is no cursor of ours. Begin without one."
    return Invalid(message, errors=[{"field": "cursor", "message": message}])
