"""What a turn is asked with: the model, options and catalogue as the person and the conversation have set them."""

from collections.abc import Mapping
from typing import Any

from olamchat import tracing
from olamchat.db.rows import Row
from olamchat.services.models import catalogue
from olamchat.services.models.assistants.persona import Persona
from olamchat.services.models.catalogue import Catalogue, View
from olamchat.services.models.selection import Habits

_SETTINGS = ("system_prompt", "temperature", "top_p", "max_tokens", "seed", "stop", "effort", "tools", "collections", "approvals")


def habits_of(row: Row) -> Habits:
    return Habits(conversation=row["model"], person=row["user_settings"].get("model"), last_pool=row["last_pool"])


def options(row: Row, given: Mapping[str, Any] | None, default: Mapping[str, Any], persona: Persona | None = None) -> dict[str, Any]:
    """Return how to answer: what was asked for, else what the conversation says, the assistant, the person for all of theirs, the administrators of the model.

    What traces the request goes with it.
    """
    person, conversation = {**default, **_said(row["user_settings"])}, {**_said(row["settings"]), **(given or {})}
    merged = persona.over(person, conversation) if persona else {**person, **conversation}
    return {name: merged[name] for name in _SETTINGS if merged.get(name) is not None} | tracing.carried()


def view_of(row: Row, entries: Catalogue) -> View:
    """Return the catalogue as a conversation's person sees it."""
    return catalogue.seen_on(row, entries)


def _said(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}
