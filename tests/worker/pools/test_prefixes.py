"""Models that were trained with words before their texts get them, and no others do."""

import pytest

from worker.pools.prefixes import Prefixes, prefixes


@pytest.mark.parametrize(
    ("model", "question"),
    [
        ("intfloat/multilingual-e5-small", "query: "),
        ("nomic-embed-text:latest", "search_query: "),
        ("mxbai-embed-large", "Represent this sentence for searching relevant passages: "),
        ("snowflake-arctic-embed2", "query: "),
    ],
)
def test_a_known_family_gets_its_words(model: str, question: str) -> None:
    assert prefixes(model).question == question


@pytest.mark.parametrize("model", ["bge-m3", "all-minilm", "multilingual-e5-large-instruct", "text-embedding-3-small", "made5"])
def test_others_get_none(model: str) -> None:
    assert prefixes(model) == Prefixes()
