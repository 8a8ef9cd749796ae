"""The OpenAPI 3.1 document, made from the routes and the models they are described by."""

import inspect
import json
import re
from functools import cache
from typing import Any

from flask import Flask, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from functions.http.operation import Operation
from functions.http.problems import MEDIA
from functions.routes import ROUTES
from functions.schemas import (
    account,
    admin,
    assistants,
    citations,
    embeddings,
    factors,
    files,
    follow_ups,
    groups,
    imports,
    knowledge,
    offers,
    problem,
    prompts,
    requests,
    responses,
    shares,
    steps,
    tools,
)
from olamchat.errors import (
    CsrfFailed,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    NotSignedIn,
    OutOfScope,
    Problem,
    TooLarge,
    TooMany,
    Unavailable,
    WrongType,
)

VERSION = "3.1.0"
# The modules whose models are the document's schemas.
_SHAPES = (
    account,
    admin,
    assistants,
    citations,
    embeddings,
    problem,
    prompts,
    responses,
    steps,
    factors,
    files,
    follow_ups,
    groups,
    requests,
    shares,
    imports,
    knowledge,
    offers,
    tools,
)
_REF = "#/components/schemas/{model}"
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key again is the same request again: nothing is made twice.",
}
_POSITION = (
    {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}, "description": "Go on after this event."},
    {
        "name": "after",
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": "The same, where no header can be set.",
    },
)


def document(app: Flask) -> dict[str, Any]:
    """Return the document of the routes that the app serves under /api."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith("/api/"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                paths.setdefault(path_of(rule), {})[method.lower()] = _operation(app, rule, method)
    return {
        "openapi": VERSION,
        "info": {
            "title": "olamchat",
            "version": "1",
            "description": "A chat for your own models. Refusals are RFC 9457 problem documents.",
        },
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _SECURITY},
    }


def path_of(rule: Rule) -> str:
    """Return a rule in OpenAPI's words: /api/conversations/{conversation_id}."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


@cache
def _encoded(app: Flask) -> bytes:
    return json.dumps(document(app), separators=(",", ":")).encode()


def encoded() -> bytes:
    """Return the document of the app that answers this request."""
    return _encoded(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001, Flask's way


_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-olamchat_access",
        "description": "For browsers; POST, PATCH and DELETE also need the olamchat_csrf cookie's value in the X-CSRF-Token header.",
    },
}

# What is read as JSON has the name of its content, and isn't sent again to who has it.
_KNOWN: list[dict[str, Any]] = [
    {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}, "description": "An ETag of this address."}
]
_UNCHANGED: dict[str, Any] = {"304": {"description": "It is as it was when it had the ETag in If-None-Match."}}


def _operation(app: Flask, rule: Rule, method: str) -> dict[str, Any]:
    view = app.view_functions[rule.endpoint]
    described: Operation = getattr(view, "operation", None) or Operation()
    guarded = getattr(view, "signed_in", False)
    streams, named = _is_stream(rule), method == "GET" and bool(described.response)
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": (inspect.getdoc(view) or "").partition("\n")[0],
        "parameters": [*_parameters(rule, described), *(_POSITION if streams else ()), *(_KNOWN if named else ())],
        "responses": _success(described, streams=streams)
        | (_UNCHANGED if named else {})
        | _refusals(_kinds(rule, described, method, guarded=guarded)),
        "security": [{"bearer": []}, {"cookie": []}] if guarded else [],
    }
    if described.body:
        required = any(field.is_required() for field in described.body.model_fields.values())
        operation["requestBody"] = {"required": required, "content": {"application/json": {"schema": _ref(described.body)}}}
    if described.raw:
        schema = {"type": "string", "format": "binary"}
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": schema}}}
    return operation


def _is_stream(rule: Rule) -> bool:
    """Tell whether what comes is a stream of events: of what may take long, whatever is followed by a GET."""
    path, asked = rule.rule.replace("<uuid:conversation_id>", "x"), rule.methods or set()
    return "GET" in asked and any(route.streams and route.matches(path) for route in ROUTES)


def _parameters(rule: Rule, described: Operation) -> list[dict[str, Any]]:
    in_path = [{"name": name, "in": "path", "required": True, "schema": _in_path(rule, name)} for name in sorted(rule.arguments)]
    return in_path + _in_query(described.query) + ([_KEY] if described.idempotent else [])


def _in_path(rule: Rule, name: str) -> dict[str, str]:
    return {"type": "string", "format": "uuid"} if f"<uuid:{name}>" in rule.rule else {"type": "string"}


def _in_query(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    properties = model.model_json_schema()["properties"] if model else {}
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in properties.items()]


def _success(described: Operation, *, streams: bool) -> dict[str, Any]:
    if streams:
        return {"200": {"description": "Events, until the reader or the session ends.", "content": {"text/event-stream": {}}}}
    if described.bytes_of:
        shown = {"description": "The bytes.", "content": {media: {} for media in described.bytes_of}}
        return {"200": shown, "304": {"description": "As it was, by If-None-Match."}}
    if not described.response:
        content: dict[str, Any] = {} if described.status in {204, 302} else {"content": {media: {} for media in described.media}}
        return {str(described.status): {"description": "Done.", **content}}
    schemas = [_ref(model) for model in described.response]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    content = {media: {} if media.startswith("text/") else {"schema": schema} for media in described.media}
    return {str(described.status): {"description": "Done.", "content": content}}


def _kinds(rule: Rule, described: Operation, method: str, *, guarded: bool) -> list[type[Problem]]:
    """List what a route of this kind may refuse, and what this one refuses besides."""
    kinds: list[type[Problem]] = [*described.refuses]
    kinds += [NotSignedIn, OutOfScope, TooMany, Unavailable] if guarded else []
    kinds += [CsrfFailed] if guarded and method in _UNSAFE else []
    kinds += [NotFound] if rule.arguments else []
    kinds += [Malformed] if _is_stream(rule) else []
    kinds += [Forbidden] if rule.rule.startswith("/api/admin") else []
    kinds += [Malformed, WrongType, TooLarge, Invalid, Unavailable] if described.body else []
    kinds += [Malformed, Invalid] if described.query or described.idempotent else []
    return kinds


def _refusals(kinds: list[type[Problem]]) -> dict[str, Any]:
    by_status: dict[int, dict[str, str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, {})[kind.code] = kind.title
    content = {MEDIA: {"schema": _ref(problem.Problem)}}
    return {
        str(status): {"description": "; ".join(f"`{code}`: {title}" for code, title in sorted(codes.items())), "content": content}
        for status, codes in sorted(by_status.items())
    }


def _schemas() -> dict[str, Any]:
    models = [
        model
        for module in _SHAPES
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, BaseModel) and model.__module__ == module.__name__
    ]
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    found: dict[str, Any] = schemas["$defs"]
    return found


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
