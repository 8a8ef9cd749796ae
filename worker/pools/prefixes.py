"""What an embedding model wants to read before a text, by its family: models that were trained with such words find less without them.

Each is told by its model card: intfloat/multilingual-e5-small, nomic-ai/nomic-embed-text-v1.5, mixedbread-ai/mxbai-embed-large-v1,
BAAI/bge-small-en-v1.5, Snowflake/snowflake-arctic-embed-m and -m-v2.0, google/embeddinggemma-300m, Qwen/Qwen3-Embedding-0.6B.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Prefixes:
    """What stands before a question, and before a piece of a document."""

    question: str = ""
    document: str = ""


_REPRESENT = "Represent this sentence for searching relevant passages: "
_TASK = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
_FAMILIES = (
    (r"\be5\b(?!.*instruct)", Prefixes("query: ", "passage: ")),
    (r"nomic-embed-text", Prefixes("search_query: ", "search_document: ")),
    (r"mxbai-embed|bge-(small|base|large)-en", Prefixes(_REPRESENT)),
    (r"arctic-embed2|arctic-embed-\w-v2", Prefixes("query: ")),
    (r"arctic-embed", Prefixes(_REPRESENT)),
    (r"embeddinggemma", Prefixes("task: search result | query: ", "title: none | text: ")),
    (r"qwen3-embedding", Prefixes(_TASK)),
)


def prefixes(model: str) -> Prefixes:
    """Return what a model wants to read before texts; nothing where its name is of no known family."""
    name = model.lower().replace("_", "-")
    return next((known for family, known in _FAMILIES if re.search(family, name)), Prefixes())
