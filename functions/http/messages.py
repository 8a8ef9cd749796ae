"""Reading requests and writing answers: JSON in and out, everything checked and bounded before a service sees it."""

import hashlib
import json
import math
import re
from typing import Any, ClassVar, NoReturn, TypeVar

import msgspec
from flask import Request, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from functions.http.flask_app import Whole
from olamchat.errors import Invalid, Malformed, TooLarge, WrongType
from olamchat.services.people.audit import Device
from olamchat.texts import is_keepable

BODY_BYTES = 1024 * 1024
DEPTH = 32
# Values that a body may have: each costs far more than its byte, and most of all where it is wrong.
VALUES = 30_000
# For bodies of many messages, whose models name it.
MANY_VALUES = 150_000
INTEGERS = range(-(2**63), 2**64)  # what every reader of JSON takes
KEY_LENGTH = 200

# Queries that were read before: a page asks the same again and again, and reading a query takes longer than listing what it asks for.
QUERIES_KEPT, QUERY_KEPT_BYTES = 1_000, 500
_queries: dict[tuple[type[BaseModel], bytes], BaseModel] = {}

M = TypeVar("M", bound=BaseModel)
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


class Body(BaseModel):
    """What a request's body is made of: nothing is taken for something else, nothing unknown is overlooked."""

    model_config = ConfigDict(strict=True, extra="forbid")
    most_values: ClassVar[int] = VALUES


class Query(BaseModel):
    """What stands after the question mark: text, read as what it is meant to be."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    # Whether what was read is kept for the next who asks the same.
    often: ClassVar[bool] = False


Q = TypeVar("Q", bound=Query)


def read(model: type[M]) -> M:
    """Return the request's body; none at all is an empty object. Raises Malformed, WrongType, TooLarge, Invalid with `errors`."""
    _assert_described("body", model)
    body = _raw_body()
    _refuse_many(body, getattr(model, "most_values", VALUES))
    return _validated(model, _json(body))


def read_query(model: type[Q]) -> Q:
    """Return the request's query. Raises Invalid with `errors`."""
    key = model, request.query_string
    if (known := _queries.get(key)) is not None:
        return known  # type: ignore[return-value]
    _assert_described("query", model)
    given = request.args.to_dict()
    _check(given)
    return _kept(key, _validated(model, given))


def idempotency_key() -> str | None:
    """Return the Idempotency-Key header. Raises Invalid where it isn't 1 to 200 visible ASCII characters."""
    key = request.headers.get("Idempotency-Key")
    if key is None or (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        return key
    message = f"An Idempotency-Key has 1 to {KEY_LENGTH} visible ASCII characters."
    raise Invalid(message, errors=[{"field": "Idempotency-Key", "message": message}])


def device(asked: Request = request) -> Device:
    """Return where a request comes from."""
    agent = asked.user_agent.string
    if not agent.isprintable():
        agent = "".join(letter for letter in agent if letter.isprintable())
    return Device(user_agent=agent, address=asked.remote_addr or "")


def peer() -> str:
    """Return the address at the other end of the connection, whatever headers say."""
    before: dict[str, str] = request.environ.get("werkzeug.proxy_fix.orig", {})
    return str(before.get("REMOTE_ADDR") or request.environ.get("REMOTE_ADDR") or "")


def json_response(value: Any, status: int = 200, *, media: str = "application/json") -> Response:
    """Return a JSON answer; what is read gets the name of its content (ETag), and no body for a reader who has that already."""
    body = msgspec.json.encode(value)
    if request.method != "GET" or status != 200:
        return Whole(body, status, media=media)
    etag = hashlib.blake2b(body, digest_size=16).hexdigest()
    return written(None if etag == known_etag() else body, etag)


def known_etag() -> str | None:
    """Return the one entity tag in If-None-Match, without its quotes; None where there is none, or several."""
    given = request.environ.get("HTTP_IF_NONE_MATCH", "").removeprefix("W/").strip()
    return given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' and "," not in given and is_keepable(given) else None


def written(body: bytes | None, etag: str) -> Response:
    """Return JSON that is written already, or that it has not changed (no body)."""
    return Whole(body or b"", 304 if body is None else 200, etag=etag)


def _kept(key: tuple[type[BaseModel], bytes], query: Q) -> Q:
    if query.often and len(key[1]) <= QUERY_KEPT_BYTES:
        if len(_queries) >= QUERIES_KEPT:
            _queries.clear()
        _queries[key] = query
    return query


def _assert_described(part: str, model: type[BaseModel]) -> None:
    """The OpenAPI document must not say anything else than the route does."""
    described = getattr(current_app.view_functions[request.endpoint or ""], "operation", None)
    assert described is None or getattr(described, part) is model, f"the operation of {request.endpoint} names another {part}"


def _raw_body() -> bytes:
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large() from None
    # Werkzeug cuts a chunked body off at the limit and says nothing.
    if request.content_length is None and len(body) >= _most_bytes():
        raise _too_large()
    if body and not request.is_json:
        raise WrongType
    return body


def _too_large() -> TooLarge:
    return TooLarge(f"The request body may have at most {_most_bytes():,} bytes.")


def _refuse_many(body: bytes, most: int) -> None:
    """Count the values before any is made: first as if texts had none of these letters in them, then without the texts. Raises TooLarge."""
    if _values(body) > most and _values(_STRING.sub(b"", body)) > most:
        raise TooLarge(f"The request body may have at most {most:,} values.")


def _values(json_: bytes) -> int:
    return sum(map(json_.count, (b",", b"[", b"{")))


def _most_bytes() -> int:
    return request.max_content_length or BODY_BYTES


def _json(body: bytes) -> Any:
    if not body:
        return {}
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid UTF-8 JSON.") from error
    _check(value)
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check(value: Any) -> None:
    """Walk the whole value and refuse what can't be kept. Raises Malformed."""
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEPTH:
            raise Malformed(f"The body is nested more than {DEPTH} levels deep.")
        if isinstance(part, dict):
            waiting += ((each, depth + 1) for pair in part.items() for each in pair)
        elif isinstance(part, list):
            waiting += ((each, depth + 1) for each in part)
        elif isinstance(part, str) and not is_keepable(part):
            raise Malformed("The request contains a NUL character or an unpaired surrogate, which can't be stored.")
        elif (isinstance(part, float) and not math.isfinite(part)) or (isinstance(part, int) and part not in INTEGERS):
            raise Malformed("The body contains a number that is too large.")


def _validated(model: type[M], value: Any) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors = [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors(include_url=False)][:20]
        first = errors[0]
        raise Invalid(f"{first['field'] or 'The body'}: {first['message']}.", errors=errors) from None
