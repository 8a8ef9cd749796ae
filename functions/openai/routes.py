"""OpenAI's API, for the programs that speak it: models, chat completions and embeddings, through the same turns, limits and engines as the page's."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request

from functions.http.auth import signed_in, who
from functions.http.messages import json_response, read
from functions.openai import embeddings
from functions.openai.hanging_up import has_hung_up
from functions.openai.request import BODY_BYTES, Complete
from functions.openai.response import called, chunk, finish_reason, last_chunk, whole
from olamchat.errors import Problem, Unavailable
from olamchat.fanout import sessions
from olamchat.fanout.hub import fanout
from olamchat.services import completions
from olamchat.services.completions import Begun, End, Piece
from olamchat.services.models import listing

bp = Blueprint("openai", __name__)
bp.register_blueprint(embeddings.bp)
_encode = msgspec.json.Encoder().encode


class EngineFailed(Problem):
    code, status, title = "engine_failed", 502, "The engine did not answer."


@bp.get("/v1/models")
@signed_in
def offered(user_id: UUID) -> Response:
    """List what can answer and what makes embeddings, as OpenAI lists it; `type` says which."""
    items = listing.offered(user_id=user_id)["items"]
    kinds = {item["name"]: "chat" for item in items}
    kinds = dict.fromkeys(listing.embedders(user_id=user_id), "embedding") | kinds
    data = [{"id": name, "object": "model", "created": 0, "owned_by": "olamchat", "type": kind} for name, kind in kinds.items()]
    return json_response({"object": "list", "data": sorted(data, key=lambda model: model["type"] == "embedding")})


@bp.post("/v1/chat/completions")
@signed_in
def complete(user_id: UUID) -> Response:
    """Answer messages: in one piece, or as the model says it. Whoever hangs up frees the engine."""
    request.max_content_length = BODY_BYTES
    said = read(Complete)
    begun = completions.begin(
        user_id=user_id, model=said.model, messages=[message.plain() for message in said.messages], options=said.options(),
        demands=said.demands(),
    )  # fmt: skip
    sessions.watch(fanout())
    heard = _until_gone(begun, user_id, str(who().session_id), request.environ.get("gunicorn.socket"), whole=not said.stream)
    if said.stream:
        return Response(
            _stream(begun, heard, wants_usage=said.wants_usage), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )
    return json_response(_collect(begun, heard))


def _until_gone(begun: Begun, user_id: UUID, session_id: str, connection: Any, *, whole: bool) -> Iterator[Piece | End]:
    """Yield what is said until it ends or the client hangs up; then let the engine go."""
    ended = False
    try:
        for heard in completions.listen(fanout(), begun, user_id=user_id, session_id=session_id, whole=whole):
            ended = isinstance(heard, End)
            yield heard
            if has_hung_up(connection):
                return
    finally:
        if not ended:
            completions.stop(begun.id)


def _stream(begun: Begun, heard: Iterator[Piece | End], *, wants_usage: bool) -> Iterator[bytes]:
    try:
        yield _event(chunk(begun, {"role": "assistant", "content": ""}))
        for each in heard:
            if isinstance(each, End):
                yield from _last(begun, each, wants_usage=wants_usage)
            elif each.text or each.reasoning:
                thought = {"reasoning_content": each.reasoning} if each.reasoning else {}
                yield _event(chunk(begun, {**({"content": each.text} if each.text else {}), **thought}))
            else:
                yield b": nothing new\n\n"
    finally:
        heard.close()  # type: ignore[attr-defined]


def _last(begun: Begun, end: End, *, wants_usage: bool) -> Iterator[bytes]:
    if end.status == "failed":
        yield _event({"error": _error(end)})
        return
    for index, call in enumerate(called(end.calls)):
        yield _event(chunk(begun, {"tool_calls": [{"index": index, **call}]}))
    yield _event(chunk(begun, {}, finish_reason(end.usage)))
    if wants_usage:
        yield _event(last_chunk(begun, end.usage))
    yield b"data: [DONE]\n\n"


def _collect(begun: Begun, heard: Iterator[Piece | End]) -> dict[str, Any]:
    for each in heard:
        if isinstance(each, End):
            if each.status == "failed":
                raise EngineFailed(_error(each)["message"])
            return whole(begun, each)
    raise Unavailable("The answer was interrupted.")


def _error(end: End) -> dict[str, Any]:
    said = end.error or {}
    message = " ".join(str(part) for part in (said.get("title"), said.get("detail")) if part) or EngineFailed.title
    return {"message": message, "type": "server_error", "code": said.get("code", EngineFailed.code), "param": None}


def _event(value: dict[str, Any]) -> bytes:
    return b"data: %b\n\n" % _encode(value)
