"""What can answer now, and which of it is to answer this time."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from olamchat import jobs, roster
from olamchat.errors import CannotSee, Unavailable, UnknownModel
from olamchat.redis import Lost
from olamchat.roster import Offer
from olamchat.services.models import catalogue
from olamchat.services.models.catalogue import EVERYTHING, Listing, View

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
_DEMO_ONLY = (
    "Answers come from the demo engine, which is no model. Name a real one in OLLAMA_URL, VLLM_URL or OPENAI_BASE_URL and start again."
)
_NOBODY = "No worker is there to answer. What is sent waits until one comes."


@dataclass(frozen=True, kw_only=True)
class ChosenModel:
    """The model that is to answer, and the pool whose workers have it."""

    model: str
    pool: str


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is used where nothing was asked for: the conversation's model, its person's, and the pool of its latest answer."""

    conversation: str | None = None
    person: str | None = None
    last_pool: str | None = None


def offered(*, user_id: UUID) -> dict[str, Any]:
    """List what can answer this person, with a hint where no real engine does. Raises Unavailable, DatabaseLost."""
    offers = every()
    view = catalogue.seen_by(user_id)
    once = once_each([offer for offer in offers if view.sees(offer.model)])
    items = sorted(once, key=lambda offer: (view.place(offer.model), _rank(offer)))
    return {"items": [_shape(offer, view.of(offer.model)) for offer in items], "hint": _hint(offers)}


def every() -> list[Offer]:
    """Return all offers, whoever may see them. Raises Unavailable."""
    offers = _offers()
    if offers is None:
        raise Unavailable("The list of models is not available right now. Try again in a moment.")
    return offers


def once_each(offers: list[Offer]) -> list[Offer]:
    """Return of several pools' offers of a model the one that answers soonest, those first that do."""
    once = {offer.model: offer for offer in sorted(offers, key=_rank, reverse=True)}
    return sorted(once.values(), key=_rank)


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
    Raises UnknownModel, Unavailable.
    """
    offers = _offers() if offers is None else offers
    wanted = given or habits.conversation
    if wanted and not view.sees(wanted):
        raise _unknown(wanted)
    if not offers:
        return _by_habit(wanted, habits)
    if wanted and all(offer.model != wanted for offer in offers):
        offers = _offers() or offers
    if wanted:
        return _offering(offers, wanted)
    return _first([offer for offer in offers if view.sees(offer.model)], habits, view)


def _first(offers: list[Offer], habits: Habits, view: View) -> ChosenModel:
    """Choose the person's own model, else the first real one that is not down."""
    if not offers:
        raise UnknownModel("There is no model for you here. Ask whoever runs this server.")
    named = [offer for offer in offers if offer.model == habits.person]
    return _choice(min(named or offers, key=lambda o: (o.engine == DEMO, o.state == "down", view.place(o.model), _rank(o))))


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
    return _choice(min(named, key=_rank) if len(named) == 1 else _least_loaded(named))


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


def _rank(offer: Offer) -> tuple[bool, int, str, str]:
    """The demo engine last; then by how soon it can answer."""
    return offer.engine == DEMO, _STATES.index(offer.state), offer.model, offer.pool


def _shape(offer: Offer, entry: Listing) -> Mapping[str, Any]:
    whole = msgspec.structs.asdict(offer)
    name = {"name": whole["model"], "display_name": entry.display_name or whole["display_name"] or whole["model"]}
    return {**name, **{key: whole[key] for key in ("pool", "engine", "context_length", "state", "capabilities", "calls_tools")}}


def _hint(offers: list[Offer]) -> dict[str, str] | None:
    if any(offer.engine != DEMO for offer in offers):
        return None
    return {"code": "no_engine", "text": _DEMO_ONLY if offers else _NOBODY}
