"""Which models make embeddings and answer nothing, by their names: servers that speak OpenAI's protocol list both kinds alike."""

import re

# OpenAI's, Cohere's, Mistral's and Voyage's own say "embed"; the others are families whose models do nothing else.
_NAMES = re.compile(r"embed|(^|[/_.-])(bge|e5|gte|minilm|mpnet|nomic-bert|labse|stella|voyage)([/_.-]|$)", re.IGNORECASE)


def embeds(model: str) -> bool:
    """Tell whether a model's name is that of one that makes embeddings."""
    return bool(_NAMES.search(model)) and "rerank" not in model.lower()
