"""Models that administrators have fetched by an engine that can do so."""

from typing import Any
from uuid import UUID

import msgspec

from olamchat import pulls, roster
from olamchat.environment import environment
from olamchat.errors import NotFound, Unavailable
from olamchat.pulls import Pull
from olamchat.redis import Lost
from olamchat.services.people import audit


def listed() -> dict[str, Any]:
    """Return {items, pools, suggested}: what is on its way or was lately, and where more can be asked for. Raises Unavailable."""
    try:
        items = [msgspec.to_builtins(pull) for pull in pulls.every()]
        return {"items": items, "pools": _pools(), "suggested": environment().suggested_model}
    except Lost:
        raise _away() from None


def ask(*, by: UUID, pool: str, model: str) -> dict[str, Any]:
    """Have the engines of a pool fetch a model. Raises NotFound where the pool has none that can, Unavailable."""
    try:
        if pool not in _pools():
            raise NotFound("No engine of this pool can fetch models now.")
        asked: Pull = pulls.ask(pool, model)
    except Lost:
        raise _away() from None
    audit.note("model.pulled", actor_id=by, subject=model, pool=pool)
    told: dict[str, Any] = msgspec.to_builtins(asked)
    return told


def forget(*, by: UUID, pool: str, model: str) -> None:
    """Stop a pull, or take one that is over off the list; the engine keeps what it has. Raises NotFound, Unavailable."""
    try:
        if not pulls.forget(pool, model):
            raise NotFound
    except Lost:
        raise _away() from None
    audit.note("model.pull_ended", actor_id=by, subject=model, pool=pool)


def _pools() -> list[str]:
    return sorted({replica.pool for worker in roster.workers() for replica in worker.replicas if replica.fetches and replica.up})


def _away() -> Unavailable:
    return Unavailable("Nobody knows right now what is being fetched. Try again in a moment.")
