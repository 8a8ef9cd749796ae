"""Vectors of strangers: what Postgres could not keep or compare never gets there."""

from typing import Any

import pytest

from worker.engines.base import AnswerUnreadable, Embedded, ToEmbed
from worker.pools.space import Space


class Embedder:
    """Says this, whatever it is asked."""

    def __init__(self, *vector: float) -> None:
        self._vector = list(vector)

    def embed(self, asked: ToEmbed) -> Embedded:
        return Embedded(vectors=[self._vector for _ in asked.texts])


def asked(*vector: float) -> list[float]:
    pool: Any = Embedder(*vector)
    return Space(pool, "small").embed_question("How large?")


@pytest.mark.parametrize("value", [1e30, -70_000.0, float("inf"), float("nan")])
def test_a_value_that_no_index_takes_is_refused(value: float) -> None:
    assert asked(0.5, -65_504.0) == [0.5, -65_504.0]

    with pytest.raises(AnswerUnreadable):
        asked(0.5, value)
