"""Embeddings as Ollama's clients ask for them (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings)."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_TEXTS = 2_048
MOST_DIMENSIONS = 16_384


def as_texts(given: Any) -> Any:
    """Return one text as a list of one; refuse tokens, which mean something else to every model."""
    if isinstance(given, list) and any(isinstance(one, int | list) for one in given):
        raise ValueError("texts are taken here, not tokens (with LangChain: check_embedding_ctx_length=False)")
    return [given] if isinstance(given, str) else given


Texts = Annotated[list[Annotated[str, Field(max_length=1_000_000)]], BeforeValidator(as_texts), Field(min_length=1, max_length=MOST_TEXTS)]
Model = Annotated[str, Field(min_length=1, max_length=300)]
Dimensions = Annotated[int | None, Field(ge=1, le=MOST_DIMENSIONS)]


class _Loose(BaseModel):
    """Clients send more than is documented: `options` and `keep_alive` are the engine's own business, the rest isn't known."""

    model_config = ConfigDict(strict=True, extra="ignore")
    most_values: ClassVar[int] = 150_000


class Embed(_Loose):
    """A text or several; `truncate`: what is too long for the model is cut, else it is refused."""

    model: Model
    input: Texts
    truncate: bool = True
    dimensions: Dimensions = None


class EmbedOne(_Loose):
    """The older way: one text."""

    model: Model
    prompt: Annotated[str, Field(max_length=1_000_000)]


class Embedded(BaseModel):
    """A vector for each text. `total_duration` is in nanoseconds."""

    model: str
    embeddings: list[list[float]]
    total_duration: int
    prompt_eval_count: int


class EmbeddedOne(BaseModel):
    embedding: list[float]
