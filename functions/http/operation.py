"""What a route takes and gives, said once, beside the route: the OpenAPI document is made from it, and the route is held to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response
from pydantic import BaseModel

from functions.http import messages
from olamchat.errors import Problem

Model = type[BaseModel]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route: its body and query as models, what it returns, and refusals beyond those that every such route has."""

    status: int = 200
    response: tuple[Model, ...] = ()
    body: Model | None = None
    query: Model | None = None
    media: tuple[str, ...] = ("application/json",)
    idempotent: bool = False
    raw: bool = False
    bytes_of: tuple[str, ...] = ()
    refuses: tuple[type[Problem], ...] = ()


def operation(
    *,
    status: int = 200,
    response: Model | tuple[Model, ...] = (),
    body: Model | None = None,
    query: Model | None = None,
    media: tuple[str, ...] = ("application/json",),
    idempotent: bool = False,
    raw: bool = False,
    bytes_of: tuple[str, ...] = (),
    refuses: tuple[type[Problem], ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Describe a view; what it returns is sent as JSON. `raw`: its body is bytes; `bytes_of`: it returns bytes of these media types.

    `messages.read` accepts no other body model than the one described here.
    """
    responses = response if isinstance(response, tuple) else (response,)
    described = Operation(
        status=status, response=responses, body=body, query=query, media=media, idempotent=idempotent, raw=raw, bytes_of=bytes_of,
        refuses=refuses,
    )  # fmt: skip

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def operated(**arguments: Any) -> Response:
            result = view(**arguments)
            if isinstance(result, Response):
                return result
            return Response(status=status) if status == 204 else messages.json_response(result, status)

        operated.operation = described  # type: ignore[attr-defined]
        return operated

    return decorate
