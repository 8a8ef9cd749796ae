"""Embeddings for programs: texts come with the request, vectors go with the answer. A turn like a completion, in the same queue.

The vectors are not told in the log, which is a wire for words: the worker keeps them in the row of what the turn took, in the transaction that
closes it, and whoever waits takes them out of it.
"""

import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat.db import completions as statements
from olamchat.db.pool import connected
from olamchat.errors import Unavailable
from olamchat.fanout.hub import Hub
from olamchat.roster import Offer
from olamchat.services import completions
from olamchat.services.completions import Asked, Begun, End
from olamchat.services.models import selection
from olamchat.services.models.catalogue import View

# For how long somebody may wait for embeddings, whatever they say themselves.
PATIENCE_S = 600.0
_FLOAT = 4


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """What was made: the vectors of all texts one after the other, as little-endian 32-bit floats, and the tokens that the texts were."""

    data: bytes
    texts: int
    tokens: int

    def each(self) -> Iterator[bytes]:
        """Yield the bytes of each vector."""
        size = len(self.data) // self.texts
        return (self.data[at : at + size] for at in range(0, len(self.data), size))


class Failed(Exception):
    """The engine made no embeddings; `error` is a message's, with code, title and detail for people."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error.get("title"))
        self.error = error


def begin(*, user_id: UUID, model: str, texts: Sequence[str], dimensions: int | None = None, truncate: bool = False) -> Begun:
    """Queue a request for embeddings. `truncate`: what is too long for the model may be cut; else it is refused.

    Raises UnknownModel, CannotEmbed, Unavailable, TooMany, QuotaExceeded.
    """

    def asked(offers: list[Offer], view: View) -> Asked:
        choice = selection.choose_embedder(model, offers, view=view)
        return Asked(choice, {}, {"embed": {"texts": list(texts), "dimensions": dimensions, "truncate": truncate}})

    return completions.queue(user_id=user_id, asked=asked)


def wait(hub: Hub, begun: Begun, *, user_id: UUID, session_id: str) -> Iterator[End | None]:
    """Yield None every second until it has ended, then its End. Whoever goes lets the engine go. Raises Unavailable after PATIENCE_S."""
    until, ended = time.monotonic() + PATIENCE_S, False
    try:
        for heard in completions.listen(hub, begun, user_id=user_id, session_id=session_id, whole=True):
            ended = isinstance(heard, End)
            yield heard if isinstance(heard, End) else None
            if not ended and time.monotonic() > until:
                raise Unavailable("The embeddings took too long. Ask for fewer at once.")
    finally:
        if not ended:
            completions.stop(begun.id)


def take(begun: Begun, end: End, texts: int) -> Vectors:
    """Take out what was made; also where its end could not be told. Raises Failed."""
    with connected():
        found = statements.take_vectors(begun.id)
    if found is None:
        raise Failed(end.error or completions.BROKEN)
    return Vectors(data=found["vectors"], texts=texts, tokens=int((found["usage"] or {}).get("prompt_tokens") or 0))


def packed(vectors: Sequence[Sequence[float]]) -> bytes:
    """Return vectors as they are kept."""
    return b"".join(array("f", vector).tobytes() for vector in vectors)


def floats(vector: bytes) -> list[float]:
    """Return a vector's numbers."""
    numbers = array("f")
    numbers.frombytes(vector)
    return numbers.tolist()
