"""An assistant as one file: what it says without who it belongs to. Collections are this server's, so they stay here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.services.models.assistants import manage

FORMAT = "olamchat-assistant/1"
# What is another server's of an assistant.
_STAYS = {"id", "audience", "groups", "version", "mine", "changed_at", "collections"}


def export(*, user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Return the file of an assistant that the person may use. Raises NotFound."""
    whole = manage.get(user_id=user_id, assistant_id=assistant_id)
    return {"format": FORMAT, **{name: value for name, value in whole.items() if name not in _STAYS}}


def take(*, user_id: UUID, handle: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Make an assistant of one's own out of a file; a name that is taken gets a number. Raises TooManyAssistants, HandleTaken."""
    for number in range(1, 100):
        name = handle if number == 1 else f"{handle[:36]}-{number}"
        try:
            return manage.create(user_id=user_id, handle=name, audience="owner", groups=(), content={**content, "collections": []})
        except manage.HandleTaken:
            continue
    raise manage.HandleTaken
