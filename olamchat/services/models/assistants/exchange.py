"""An assistant as one file: what it says without who it belongs to. Collections are this server's, so they stay here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.db.together.shelf import assistants as shelf
from olamchat.services.library import Library

FORMAT = "olamchat-assistant/1"
# What is another server's of an assistant.
_STAYS = {"id", "audience", "groups", "version", "mine", "changed_at", "collections"}
assistants = Library(shelf)


def export(*, user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Return the file of an assistant that the person may use. Raises NotFound."""
    whole = assistants.get(user_id=user_id, id_=assistant_id)
    return {"format": FORMAT, **{name: value for name, value in whole.items() if name not in _STAYS}}


def take(*, user_id: UUID, handle: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Make an assistant of one's own out of a file. Raises TooManyKept, HandleTaken."""
    return assistants.take(user_id=user_id, handle=handle, content={**content, "collections": []})
