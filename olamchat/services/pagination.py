"""Where a list goes on: opaque to its reader, a time and an id to us."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from olamchat.errors import Invalid

Place = tuple[datetime, UUID]


def cursor(place: Place) -> str:
    """Return the place as base64url without padding."""
    return urlsafe_b64encode(json.dumps([place[0].isoformat(), str(place[1])]).encode()).decode().rstrip("=")


def place(cursor: str | None) -> Place | None:
    """Read a cursor back; None stays None. Raises Invalid."""
    if cursor is None:
        return None
    try:
        time, id_ = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        at = datetime.fromisoformat(time)
        if at.tzinfo is None:
            raise ValueError(time)
        return at, UUID(id_)
    except (ValueError, TypeError, AttributeError):
        message = "This is no cursor of ours. Begin without one."
        raise Invalid(message, errors=[{"field": "cursor", "message": message}]) from None
