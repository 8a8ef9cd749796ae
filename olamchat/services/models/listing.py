"""What a person can be answered by: the models they see, and their assistants."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from olamchat.roster import Offer
from olamchat.services.models import catalogue, selection
from olamchat.services.models.assistants import casting
from olamchat.services.models.catalogue import Listing
from olamchat.services.models.selection import DEMO

_DEMO_ONLY = (
    "Answers come from the demo engine, which is no model. Name a real one in OLLAMA_URL, VLLM_URL or OPENAI_BASE_URL and start again."
)
_NOBODY = "No worker is there to answer. What is sent waits until one comes."


def offered(*, user_id: UUID) -> dict[str, Any]:
    """List what can answer this person, with a hint where no real engine does. Raises Unavailable, DatabaseLost."""
    offers = selection.every()
    view = catalogue.seen_by(user_id)
    once = selection.once_each([offer for offer in offers if offer.answers and view.sees(offer.model)])
    items = sorted(once, key=lambda offer: (view.place(offer.model), selection.rank(offer)))
    models = [_shape(offer, view.of(offer.model)) for offer in items]
    return {"items": [*models, *casting.as_models(user_id, items, view)], "hint": _hint(offers)}


def embedders(*, user_id: UUID) -> list[str]:
    """List the models that make embeddings for this person, by name. Raises Unavailable, DatabaseLost."""
    view = catalogue.seen_by(user_id)
    return sorted({offer.model for offer in selection.every() if offer.embeds and view.sees(offer.model)})


def _shape(offer: Offer, entry: Listing) -> Mapping[str, Any]:
    whole = msgspec.structs.asdict(offer)
    name = {"name": whole["model"], "display_name": entry.display_name or whole["display_name"] or whole["model"]}
    same = {key: whole[key] for key in ("pool", "engine", "context_length", "state", "capabilities", "efforts", "calls_tools")}
    return {**name, **same, "assistant": None}


def _hint(offers: Sequence[Offer]) -> dict[str, str] | None:
    if any(offer.engine != DEMO and offer.answers for offer in offers):
        return None
    return {"code": "no_engine", "text": _DEMO_ONLY if offers else _NOBODY}
