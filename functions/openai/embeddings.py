"""Embeddings for programs, as OpenAI's clients ask for them and as Ollama's do. Both wait for a turn in the queue that answers wait in."""

import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request
from pydantic import Field

from functions.http.auth import signed_in, who
from functions.http.messages import json_response, read
from functions.http.operation import operation
from functions.openai.hanging_up import has_hung_up
from functions.openai.request import BODY_BYTES, Loose
from functions.schemas import embeddings as shapes
from olamchat.errors import CannotEmbed, Problem, QuotaExceeded, Unavailable, UnknownModel
from olamchat.fanout import sessions
from olamchat.fanout.hub import fanout
from olamchat.services import embeddings
from olamchat.services.completions import Begun, End
from olamchat.services.embeddings import Failed, Vectors

bp = Blueprint("embeddings", __name__)
_encode = msgspec.json.Encoder().encode
# What the engine says of the request, so that asking again is no use.
_OF_THE_REQUEST = {"context_too_long", "request_rejected", "model_not_found", "content_rejected"}


class EmbeddingsFailed(Problem):
    code, status, title = "engine_failed", 502, "The engine made no embeddings."


class EmbeddingsRefused(Problem):
    code, status, title = "embeddings_refused", 422, "The engine refused the texts."


class TextTooLong(EmbeddingsRefused):
    code, title = "context_too_long", "A text is too long for this model."


class CreateEmbeddings(Loose):
    """https://platform.openai.com/docs/api-reference/embeddings/create."""

    most_values: ClassVar[int] = shapes.Embed.most_values

    model: shapes.Model
    input: shapes.Texts
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: shapes.Dimensions = Field(default=None)


REFUSES = (CannotEmbed, UnknownModel, QuotaExceeded, TextTooLong, EmbeddingsRefused, EmbeddingsFailed)


@bp.post("/v1/embeddings")
@signed_in
def create(user_id: UUID) -> Response:
    """Turn texts into vectors, as OpenAI answers it."""
    request.max_content_length = BODY_BYTES
    said = read(CreateEmbeddings)
    begun = embeddings.begin(user_id=user_id, model=said.model, texts=said.input, dimensions=said.dimensions)
    made = _made(begun, user_id, len(said.input))
    return Response(_as_openai(begun, made, base64=said.encoding_format == "base64"), mimetype="application/json")


@bp.post("/api/embed")
@signed_in
@operation(body=shapes.Embed, response=shapes.Embedded, refuses=REFUSES)
def embed(user_id: UUID) -> Response:
    """Turn texts into vectors, as Ollama answers it."""
    request.max_content_length = BODY_BYTES
    said, began = read(shapes.Embed), time.monotonic_ns()
    begun = embeddings.begin(user_id=user_id, model=said.model, texts=said.input, dimensions=said.dimensions, truncate=said.truncate)
    made = _made(begun, user_id, len(said.input))
    return Response(_as_ollama(begun, made, time.monotonic_ns() - began), mimetype="application/json")


@bp.post("/api/embeddings")
@signed_in
@operation(body=shapes.EmbedOne, response=shapes.EmbeddedOne, refuses=REFUSES)
def embed_one(user_id: UUID) -> Response:
    """Turn one text into a vector, as Ollama answered it before /api/embed."""
    request.max_content_length = BODY_BYTES
    said = read(shapes.EmbedOne)
    begun = embeddings.begin(user_id=user_id, model=said.model, texts=[said.prompt], truncate=True)
    [vector] = _made(begun, user_id, 1).each()
    return json_response({"embedding": embeddings.floats(vector)})


def _made(begun: Begun, user_id: UUID, texts: int) -> Vectors:
    """Wait for the vectors, or until the client hangs up. Raises a Problem where there are none."""
    sessions.watch(fanout())
    connection = request.environ.get("gunicorn.socket")
    for end in embeddings.wait(fanout(), begun, user_id=user_id, session_id=str(who().session_id)):
        if end is not None:
            return _taken(begun, end, texts)
        if has_hung_up(connection):
            break
    raise Unavailable("The request was interrupted.")


def _taken(begun: Begun, end: End, texts: int) -> Vectors:
    try:
        return embeddings.take(begun, end, texts)
    except Failed as failed:
        raise _problem(failed.error) from None


def _problem(error: Any) -> Problem:
    words = " ".join(str(part) for part in (error.get("title"), error.get("detail")) if part)
    if error.get("code") == TextTooLong.code:
        return TextTooLong(words)
    return (EmbeddingsRefused if error.get("code") in _OF_THE_REQUEST else EmbeddingsFailed)(words)


def _as_openai(begun: Begun, made: Vectors, *, base64: bool) -> Iterator[bytes]:
    """Yield the answer a vector at a time: to write millions of numbers at once would hold up everybody else of this process."""
    yield b'{"object":"list","data":['
    for number, vector in enumerate(made.each()):
        shown = b64encode(vector).decode() if base64 else embeddings.floats(vector)
        yield (b"," if number else b"") + _encode({"object": "embedding", "index": number, "embedding": shown})
        time.sleep(0)
    usage = {"prompt_tokens": made.tokens, "total_tokens": made.tokens}
    yield b'],"model":%b,"usage":%b}' % (_encode(begun.model), _encode(usage))


def _as_ollama(begun: Begun, made: Vectors, took_ns: int) -> Iterator[bytes]:
    yield b'{"model":%b,"embeddings":[' % _encode(begun.model)
    for number, vector in enumerate(made.each()):
        yield (b"," if number else b"") + _encode(embeddings.floats(vector))
        time.sleep(0)
    yield b'],"total_duration":%d,"load_duration":0,"prompt_eval_count":%d}' % (took_ns, made.tokens)
