"""The space that this house's embeddings are in: its model and size, and the number that chunks carry."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from olamchat.environment import BadSetting, Environment
from olamchat.network.addresses import BadAddress
from olamchat.services.knowledge import indexing
from worker.engines.base import AnswerUnreadable, EngineError, ToEmbed
from worker.engines.registry import KINDS, Given
from worker.pools.config import Pools
from worker.pools.file import PoolPlan
from worker.pools.pool import Pool
from worker.pools.prefixes import prefixes

# Texts of one request, and characters of one text: models read no more than some hundred tokens of it.
AT_ONCE, TEXT_LENGTH = 64, 8_000
# What an index of half-precision vectors takes.
MOST_DIMENSIONS, MOST_VALUE = 4_000, 65_504


class Space:
    """What `pool` makes of texts with `model`; without a pool, or without the extension `vector`, there is no space."""

    def __init__(self, pool: Pool | None, model: str, *, shared: bool = False) -> None:
        """`shared`: the pool's engines answer questions too."""
        self._pool, self._model, self._prefixes = pool, model, prefixes(model)
        self._shared = pool.name if pool is not None and shared else None
        self._known: tuple[int, int] | None = None
        self._lock = threading.Lock()

    @property
    def pool(self) -> str | None:
        """The pool whose engine makes the embeddings; None where that is an engine of its own."""
        return self._shared

    def number(self) -> int | None:
        """Return the space's number, None where texts can't be compared by meaning. Raises EngineError, DatabaseLost."""
        if self._pool is None:
            return None
        with self._lock:
            if self._known is None:
                if not indexing.has_vectors():
                    return None
                dimensions = len(self._asked(self._pool, ["How large are they?"])[0])
                # What was embedded without its prefix is in another space.
                self._known = indexing.space(f"{self._prefixes.document}{self._model}", dimensions), dimensions
            return self._known[0]

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each piece of a document. Raises EngineError."""
        return self._placed([self._prefixes.document + text for text in texts])

    def embed_question(self, text: str) -> list[float]:
        """Return the vector of a question. Raises EngineError."""
        return self._placed([self._prefixes.question + text])[0]

    def _placed(self, texts: Sequence[str]) -> list[list[float]]:
        assert self._pool is not None
        vectors = self._asked(self._pool, texts)
        if self._known is not None and len(vectors[0]) != self._known[1]:
            self._known = None  # another model under the same name
            raise AnswerUnreadable("its embeddings have another size than before")
        return vectors

    def _asked(self, pool: Pool, texts: Sequence[str]) -> list[list[float]]:
        vectors = pool.embed(ToEmbed(model=self._model, texts=[text[:TEXT_LENGTH] or " " for text in texts])).vectors
        sizes = {len(vector) for vector in vectors}
        if len(vectors) != len(texts) or len(sizes) != 1 or not 0 < max(sizes) <= MOST_DIMENSIONS:
            raise AnswerUnreadable("its embeddings are too few, or not all of one size")
        if not all(abs(value) <= MOST_VALUE for vector in vectors for value in vector):  # nor is what is not a number
            raise AnswerUnreadable("its embeddings have values that are no numbers")
        return vectors


def space(environment: Environment) -> Space:
    """Return the space that the settings name: a pool and its model, or a model and an engine of its own. Raises BadSetting."""
    if environment.embeddings_url:
        return Space(_own_pool(environment), environment.embeddings)
    pool, _, model = environment.embeddings.partition("/")
    if not environment.embeddings:
        return Space(None, "")
    if not model:
        raise BadSetting(f"OLAMCHAT_EMBEDDINGS={environment.embeddings!r} is not of the form pool/model")
    # That pool alone, whichever ones this worker answers for.
    return Space(Pools(replace(environment, pools=pool))[pool], model, shared=True)


def _own_pool(environment: Environment) -> Pool:
    if not environment.embeddings:
        raise BadSetting("OLAMCHAT_EMBEDDINGS_URL is set, and OLAMCHAT_EMBEDDINGS names no model")
    kind = KINDS["openai"]
    try:
        url = kind.reached_at(environment.embeddings_url)
    except BadAddress as error:
        raise BadSetting(f"OLAMCHAT_EMBEDDINGS_URL can't be read: {error}") from None
    plan = PoolPlan.model_validate({"name": "embeddings", "kind": "openai", "urls": [url]})
    return Pool(plan, lambda _, address: kind.make(Given(url=address, key=environment.embeddings_key, continues=None, windows={})))


def question(space: Space, text: str) -> tuple[int, list[float]] | None:
    """Return a question's space and vector, None where it is looked for by its words alone: no model, or none that answers now."""
    try:
        number = space.number()
        return None if number is None else (number, space.embed_question(text))
    except EngineError:
        return None
