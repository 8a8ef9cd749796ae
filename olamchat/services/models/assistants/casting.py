"""Which model answers for an assistant, and how the list of models shows one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from olamchat.db.pool import connected
from olamchat.db.together.shelf import assistants as statements
from olamchat.roster import Offer
from olamchat.services.models.assistants import persona
from olamchat.services.models.assistants.persona import Persona
from olamchat.services.models.catalogue import View


def candidates(asked: Persona, offers: Sequence[Offer], view: View) -> list[str]:
    """Return the assistant's models that the person sees and that are offered, the one to ask first first: one that is not down."""
    named = [model for model in asked.models if view.sees(model)]
    states = {model: [offer.state for offer in offers if offer.model == model] for model in named}
    there = [model for model in named if states[model]]
    return sorted(there, key=lambda model: all(state == "down" for state in states[model]))


def as_models(user_id: UUID, offers: Sequence[Offer], view: View) -> list[dict[str, Any]]:
    """List the person's assistants as models are listed: each as good as the model that would answer for it. Raises DatabaseLost."""
    with connected():
        found = [(persona.of(row), row) for row in statements.usable(user_id)]
    listed = []
    for asked, row in found:
        offer = _offer(asked, offers, view)
        if offer is not None:
            listed.append(_shape(asked, offer, row["content"]))
    return listed


def _offer(asked: Persona, offers: Sequence[Offer], view: View) -> Offer | None:
    wanted = candidates(asked, offers, view) if asked.models else [offer.model for offer in offers if view.sees(offer.model)]
    return next((offer for model in wanted[:1] for offer in offers if offer.model == model), None)


def _shape(asked: Persona, offer: Offer, content: dict[str, Any]) -> dict[str, Any]:
    same = {name: getattr(offer, name) for name in ("pool", "context_length", "state", "capabilities", "efforts", "calls_tools")}
    assistant = {"id": str(asked.id), "description": content["description"], "starters": content["starters"]}
    name = " ".join(filter(None, [content["emoji"], content["name"]]))
    return {"name": asked.name, "display_name": name, "engine": offer.model, **same, "assistant": assistant}
