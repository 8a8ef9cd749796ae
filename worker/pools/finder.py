"""Finding passages for a question: by words, by what the embedding model makes of it, and in the order that a reranker puts them in."""

import logging
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from olamchat.db.rows import Row
from olamchat.environment import BadSetting, Environment
from olamchat.network import addresses
from olamchat.services.knowledge import retrieval
from worker import metrics
from worker.engines.base import EngineError
from worker.engines.reranker import Reranker
from worker.pools.space import Space, question, space

# Passages that are put in order, and letters of each that are read for it.
LOOKED_AT, TEXT_LENGTH = 32, 4_000
# Passages of a page that are given as one where each follows the one before it.
JOINED = 3
# For how long a reranker is left alone that has failed: answers don't wait for it one after the other.
ALONE_S = 30.0
_log = logging.getLogger(__name__)


class Finder:
    """Finds by a space and, where there is one, a reranker. Where that fails or takes too long the order stays as the search had it."""

    def __init__(self, space: Space, reranker: Reranker | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._space, self._reranker, self._clock = space, reranker, clock
        self._alone_until = float("-inf")

    def find(self, *, user_id: UUID, collections: Sequence[UUID], asked: str, limit: int = retrieval.MOST) -> list[Row]:
        """Return the passages that answer best, in what the person may read now. Raises DatabaseLost."""
        number, vector = question(self._space, asked) or (None, None)
        reranks = self._reranker is not None and self._clock() >= self._alone_until
        most = max(LOOKED_AT, limit) if reranks else 2 * limit  # some of them may be one
        found = retrieval.search(
            user_id=user_id, collections=collections, question=asked, embedding=vector, space=number, limit=most
        )  # fmt: skip
        return joined(self._ordered(asked, found) if reranks and len(found) > 1 else found)[:limit]

    def _ordered(self, asked: str, found: list[Row]) -> list[Row]:
        assert self._reranker is not None
        texts = [f"{row['heading']}\n{row['text']}".strip()[:TEXT_LENGTH] for row in found]
        try:
            order = self._reranker.order(asked[: retrieval.QUESTION_LENGTH], texts)
        except EngineError as error:
            _log.warning("passages stay in the order of the search: the reranker: %s: %s", error.code, error)
            metrics.RERANKED.labels("failed").inc()
            self._alone_until = self._clock() + ALONE_S
            return found
        metrics.RERANKED.labels("done").inc()
        left = [number for number in range(len(found)) if number not in set(order)]
        return [found[number] for number in (*order, *left)]


def joined(found: Sequence[Row]) -> list[Row]:
    """Return passages of which each that follows another on its page is one with it, at the better place of both.

    A model reads what belongs together in one piece, and a citation opens all of it.
    """
    runs: list[list[Row]] = []
    for row in found:
        run = next((run for run in runs if _belongs(row, run)), None)
        if run is None:
            runs.append([row])
        else:
            run.insert(0 if row["chunk"] < run[0]["chunk"] else len(run), row)
    return [run[0] | {"text": "\n".join(row["text"] for row in run)} for run in runs]


def _belongs(row: Row, run: Sequence[Row]) -> bool:
    first, last = run[0], run[-1]
    is_there = (row["document_id"], row["page"]) == (first["document_id"], first["page"])
    return len(run) < JOINED and is_there and row["chunk"] in {first["chunk"] - 1, last["chunk"] + 1}


def finder(environment: Environment) -> Finder:
    """Return what the settings name. Raises BadSetting."""
    return Finder(space(environment), reranker(environment))


def reranker(environment: Environment) -> Reranker | None:
    """Return the reranker that the settings name, None where they name none. Raises BadSetting."""
    if not environment.reranker_url:
        return None
    try:
        url = addresses.http(environment.reranker_url, port=8080)
    except addresses.BadAddress as error:
        raise BadSetting(f"OLAMCHAT_RERANKER_URL can't be read: {error}") from None
    return Reranker(url, model=environment.reranker, key=environment.reranker_key, within_s=environment.reranker_timeout_s)
