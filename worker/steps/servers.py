"""The way to an MCP server: over Streamable HTTP, or (on one machine) the standard streams of a program.

The SDK speaks the protocol, the current one and the one before (https://modelcontextprotocol.io/specification). What is added here is
what keeps a hostile server from harming this process: bounds for what it sends.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from olamchat.environment import BadSetting, variable
from olamchat.network import certificates
from worker.steps.identity import ABOUT
from worker.steps.people import Asker
from worker.steps.stdio import Programs

# Seconds to connect and for the first exchange; bytes that one response may have.
CONNECT_S = 10.0
RESPONSE_BYTES = 8 << 20
# Seconds that a connection is used again. Servers close an idle one after five at the least: a call that meets its end is one of which nobody knows.
KEPT_ALIVE_S = 3.0
# How a server answers in a session that it has forgotten, as after its restart.
_FORGOTTEN = {400, 404}
# A token is read from a variable with this at its beginning and no other: an administrator of the page must not get at this process's secrets.
VARIABLE_PREFIX = "OLAMCHAT_TOOL_"
_programs = Programs({})


def use(programs: Programs) -> None:
    """Let servers of the kind stdio be these programs."""
    global _programs
    _programs = programs


def asker(program: str) -> Asker:
    """Return who answers what a program asks."""
    return _programs.askers[program]


class TooLong(httpx2.StreamError):
    """A server sends more than anybody wants."""


class Unauthorized(httpx2.StreamError):
    """A server does not take the token that it was given."""


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = RESPONSE_BYTES
        async for piece in self._stream:
            left -= len(piece)
            if left < 0:
                raise TooLong(f"the server sent more than {RESPONSE_BYTES:,} bytes")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class Stale(httpx2.StreamError):
    """A server no longer knows a session that was kept; what it was asked was not done."""


class Wire(httpx2.AsyncHTTPTransport):
    """The way of one session's requests. It notes what the SDK doesn't tell: whether a call has left, and why it failed."""

    def __init__(self) -> None:
        super().__init__(verify=_certificates(), limits=httpx2.Limits(keepalive_expiry=KEPT_ALIVE_S))
        self.left, self.failure, self._again = False, None, False  # type: bool, BaseException | None, bool

    def begin(self, *, again: bool) -> None:
        """Begin a call; `again` on a session that has served another before."""
        self.left, self.failure, self._again = False, None, again

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await super().handle_async_request(request)
        except BaseException as error:
            self._note(request, error)
            raise
        if said := self._refusal(request, response):
            await response.aclose()
            self.failure = said
            raise said
        self.left = self.left or request.method == "POST"
        response.stream = _Bounded(response.stream)
        return response

    def _note(self, request: httpx2.Request, error: BaseException) -> None:
        if request.method == "POST":
            self.left = self.left or not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
            self.failure = error if isinstance(error, Exception) else self.failure

    def _refusal(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.StreamError | None:
        if response.status_code == 401 and "authorization" in request.headers:
            return Unauthorized("the server does not accept the token")
        # Once a call was taken, only what it asked in between is refused: the call itself may have been done.
        if self._again and not self.left and request.method == "POST" and response.status_code in _FORGOTTEN:
            return Stale("the server has forgotten the session")
        return None


def wire() -> Wire:
    """Return the way for a new session."""
    return Wire()


@cache
def _certificates() -> ssl.SSLContext:
    """Read the certificates to trust once: it takes longer than most calls."""
    trusted = certificates.bundle()
    if trusted is None:
        return httpx2.create_ssl_context()
    folder = Path(trusted).is_dir()
    return ssl.create_default_context(cafile=None if folder else trusted, capath=trusted if folder else None)


@asynccontextmanager
async def connected(
    server: Mapping[str, Any], *, token: str | None = None, wire: Wire | None = None, **given: Any
) -> AsyncIterator[Client]:
    """Connect to a server (a row of tool_servers) with a person's token where it wants one, over a wire of the caller's where that wants to
    know what happens on it; `given` goes to the SDK's client.

    Raises what the SDK does, Unauthorized.
    """
    if server["kind"] == "stdio":
        async with _program(server["name"]) as client:
            yield client
        return
    # Identity: a compressed bomb would be counted before it is unpacked.
    headers = {"Accept-Encoding": "identity", **authorization(server, token)}
    timeout = httpx2.Timeout(CONNECT_S, read=None)
    async with httpx2.AsyncClient(headers=headers, timeout=timeout, transport=wire or Wire()) as http:
        transport = streamable_http_client(server["url"], http_client=http, max_sse_event_size=RESPONSE_BYTES)
        async with Client(transport, client_info=ABOUT, cache=None, **given) as client:
            client.session.validate_tool_result = _take_as_it_is  # type: ignore[method-assign]
            yield client


@asynccontextmanager
async def _program(name: str) -> AsyncIterator[Client]:
    client = await _programs.client(name)
    client.session.validate_tool_result = _take_as_it_is  # type: ignore[method-assign]
    try:
        yield client
    except BaseException:
        _programs.forget(name)
        raise


async def _take_as_it_is(name: str, result: CallToolResult) -> None:
    """Keep what a call brought, also where it is not what its server promised: the call has happened. It saves a trip, too."""


@asynccontextmanager
async def asking(within_s: float) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client for single requests, as bounded as those of the protocol. Redirects are not followed."""
    async with httpx2.AsyncClient(timeout=httpx2.Timeout(within_s, connect=CONNECT_S), transport=Wire()) as http:
        yield http


def authorization(server: Mapping[str, Any], token: str | None) -> dict[str, str]:
    """Return the header that a server wants to see, with a person's token or that of a variable. Raises BadSetting."""
    if server["auth"] == "oauth" and token:
        return {"Authorization": f"Bearer {token}"}
    if server["auth"] != "bearer":
        return {}
    name = server["token_variable"]
    token = variable(name) if name.startswith(VARIABLE_PREFIX) else ""
    if not token:
        raise BadSetting(f"{name} is not set for the step workers")
    return {"Authorization": f"Bearer {token}"}
