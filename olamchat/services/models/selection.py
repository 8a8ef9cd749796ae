"""What can answer now, and which of it is to answer this time."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from olamchat import jobs, roster
from olamchat.errors import CannotEmbed, CannotSee, Unavailable, UnknownModel
from olamchat.redis import Lost
from olamchat.roster import Offer
from olamchat.services.models.assistants import casting, persona
from olamchat.services.models.assistants.persona import Persona
from olamchat.services.models.catalogue import EVERYTHING, View

_STATES = ("loaded", "loading", "cold", "down")
DEMO = "demo"
VISION = "vision"
# For how long a question is answered by the offers that the last one saw.
KNOWN_S = 1.0
_asked_again_at = 0.0
# Turns queued and running in the pools that share a model with another, as Redis said and as were chosen since.
_loads: dict[str, int] = {}
# How full a pool with the model in memory has to be before another loads it, too.
_COLD = {"loaded": 0.0, "loading": 1.0, "cold": 1.0, "down": float("inf")}


@dataclass(frozen=True, kw_only=True)
class ChosenModel:
    """The model that is to answer, the pool whose workers have it, and the assistant it answers for."""

    model: str
    pool: str
    persona: Persona | None = None

    @property
    def name(self) -> str:
        """Return what was chosen by the name that the conversation keeps: an assistant's or the model's."""
        return self.persona.name if self.persona else self.model


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is used where nothing was asked for: the conversation's model, its person's, and the pool of its latest answer."""

    conversation: str | None = None
    person: str | None = None
    last_pool: str | None = None


def every() -> list[Offer]:
    """Return all offers, whoever may see them. Raises Unavailable."""
    offers = _offers()
    if offers is None:
        raise Unavailable("The list of models is not available right now. Try again in a moment.")
    return offers


def once_each(offers: list[Offer]) -> list[Offer]:
    """Return of several pools' offers of a model the one that answers soonest, those first that do."""
    once = {offer.model: offer for offer in sorted(offers, key=rank, reverse=True)}
    return sorted(once.values(), key=rank)


def known() -> list[Offer] | None:
    """Return the offers of about now, for choose(): asked before a transaction, so that nothing waits for Redis while it holds locks."""
    global _asked_again_at
    if roster.last_known() and time.monotonic() < _asked_again_at:
        return roster.last_known()
    _asked_again_at = time.monotonic() + KNOWN_S
    return _offers()


def choose(given: str | None, habits: Habits, offers: list[Offer] | None = None, *, view: View = EVERYTHING) -> ChosenModel:
    """Choose by what was asked for, else by habit, else the first real model; of those that the view shows.

    Where nothing is known of the engines (no worker, or no Redis), what answered last in the conversation is to answer again.
    An assistant is asked for by its name (`@handle`): then its models are tried in their order. Raises UnknownModel, Unavailable.
    """
    offers = _answering(_offers() if offers is None else offers)
    wanted = given or habits.conversation
    if asked := _assistant(wanted, habits, view):
        return _for(asked, habits, offers or [], view)
    if wanted and not view.sees(wanted):
        raise _unknown(wanted)
    if not offers:
        return _by_habit(wanted, habits)
    if wanted and all(offer.model != wanted for offer in offers):
        offers = _answering(_offers()) or offers
    if wanted:
        return _offering(offers, wanted)
    return _first([offer for offer in offers if view.sees(offer.model)], habits, view)


def choose_embedder(model: str, offers: list[Offer], *, view: View) -> ChosenModel:
    """Choose the pool in which a model makes embeddings. Raises UnknownModel, CannotEmbed, Unavailable."""
    if not offers:
        raise Unavailable("No engine can be reached right now. Try again in a moment.")
    named = [offer for offer in _named_among(offers, model) or _named_among(_offers() or [], model) if view.sees(offer.model)]
    if named and not any(offer.embeds for offer in named):
        raise CannotEmbed(f"{model} makes no embeddings. GET /v1/models says which models do.")
    return _offering([offer for offer in named if offer.embeds], named[0].model if named else model)


def _named_among(offers: list[Offer], model: str) -> list[Offer]:
    """Return the offers of a model; a name without a tag is also that of the latest, as Ollama has it."""
    return [offer for offer in offers if offer.model == model] or [offer for offer in offers if offer.model == f"{model}:latest"]


def _answering(offers: list[Offer] | None) -> list[Offer]:
    return [offer for offer in offers or () if offer.answers]


def _assistant(wanted: str | None, habits: Habits, view: View) -> Persona | None:
    """Return the assistant that is asked for; a person's usual one that is gone is not missed. Raises UnknownModel."""
    if wanted:
        return persona.find(wanted, view.asker.user_id) if persona.is_name(wanted) else None
    try:
        return persona.find(habits.person, view.asker.user_id) if habits.person and persona.is_name(habits.person) else None
    except UnknownModel:
        return None


def _for(asked: Persona, habits: Habits, offers: list[Offer], view: View) -> ChosenModel:
    """Choose the model that answers for an assistant. Raises UnknownModel, Unavailable."""
    if not asked.models:
        usual = None if persona.is_name(habits.person) else habits.person
        return replace(choose(None, Habits(person=usual, last_pool=habits.last_pool), offers, view=view), persona=asked)
    seen = [model for model in asked.models if view.sees(model)]
    if seen and not offers:
        return replace(_by_habit(seen[0], habits), persona=asked)
    found = casting.candidates(asked, offers, view)
    if seen and not found:
        offers = _answering(_offers()) or offers
        found = casting.candidates(asked, offers, view)
    if not found:
        raise UnknownModel(f"None of the models of “{asked.name}” is available to you. Choose another one.")
    return replace(_offering(offers, found[0]), persona=asked)


def _first(offers: list[Offer], habits: Habits, view: View) -> ChosenModel:
    """Choose the person's own model, else the first real one that is not down."""
    if not offers:
        raise UnknownModel("There is no model for you here. Ask whoever runs this server.")
    named = [offer for offer in offers if offer.model == habits.person]
    return _choice(min(named or offers, key=lambda o: (o.engine == DEMO, o.state == "down", view.place(o.model), rank(o))))


def assert_sees(choice: ChosenModel, attachments: Sequence[Mapping[str, Any]], offers: list[Offer] | None = None) -> None:
    """Refuse images for a model that is known and can't look at them. Raises CannotSee."""
    if all(file["kind"] != "image" for file in attachments):
        return
    known_offers = (known() or []) if offers is None else offers
    named = [offer for offer in known_offers if (offer.model, offer.pool) == (choice.model, choice.pool)]
    if named and all(VISION not in offer.capabilities for offer in named):
        raise CannotSee(f"{choice.model} can't read images. Choose a model that can, or remove the image.")


def _by_habit(wanted: str | None, habits: Habits) -> ChosenModel:
    if wanted and habits.last_pool:
        return ChosenModel(model=wanted, pool=habits.last_pool)
    raise Unavailable("No engine can be reached right now. Try again in a moment.")


def _offering(offers: list[Offer], model: str) -> ChosenModel:
    named = [offer for offer in offers if offer.model == model]
    if not named:
        raise _unknown(model)
    return _choice(min(named, key=rank) if len(named) == 1 else _least_loaded(named))


def _unknown(model: str) -> UnknownModel:
    return UnknownModel(f"No engine offers the model “{model}”. Choose another one.")


def _least_loaded(offers: list[Offer]) -> Offer:
    """Return the offer of the pool that has the least to do for its size, and count one more turn into it."""
    best = min(offers, key=lambda offer: (_fullness(offer), offer.pool))
    _loads[best.pool] = _loads.get(best.pool, 0) + 1
    return best


def _fullness(offer: Offer) -> float:
    return _loads.get(offer.pool, 0) / max(1, offer.capacity) + _COLD[offer.state]


def _note_loads(offers: list[Offer]) -> None:
    """Ask how much the pools have to do that share a model, since only there it matters. Raises Lost."""
    pools: dict[str, list[str]] = {}
    for offer in offers:
        pools.setdefault(offer.model, []).append(offer.pool)
    shared = {pool for sharing in pools.values() if len(sharing) > 1 for pool in sharing}
    _loads.update({pool: jobs.load(pool) for pool in shared})


def _choice(offer: Offer) -> ChosenModel:
    return ChosenModel(model=offer.model, pool=offer.pool)


def _offers() -> list[Offer] | None:
    """Return the offers, those last known where there are none now; None where Redis can't be reached and none are known."""
    try:
        offers = roster.offers() or roster.last_known()
        _note_loads(offers)
        return offers
    except Lost:
        return roster.last_known() or None


def rank(offer: Offer) -> tuple[bool, int, str, str]:
    """The demo engine last; then by how soon it can answer."""
    return offer.engine == DEMO, _STATES.index(offer.state), offer.model, offer.pool
