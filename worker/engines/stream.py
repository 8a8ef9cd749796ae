"""From an engine's lines to what it says: what Ollama's and OpenAI's protocols share."""

import json
import re
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
import requests
import urllib3

from olamchat.texts import is_keepable
from worker.engines.base import (
    ContextTooLong,
    Delta,
    EngineError,
    EngineUnavailable,
    ImageRejected,
    ModelNotFound,
    RequestRejected,
    StreamInterrupted,
)
from worker.engines.chunks import chunked, finish
from worker.engines.http import NO_JSON, Call, Closed
from worker.engines.lines import blocks
from worker.engines.text import Characters, Thinking

T = TypeVar("T", bound=msgspec.Struct)
ERROR_BYTES, ERROR_S, WORDS = 65_536, 5.0, 1_000
# Of one answer, with all that a protocol puts around each word.
RESPONSE_BYTES = 512 << 20
MOST_MODELS, MODEL_NAME = 1_000, 300
# Of models and servers that take no images, or not this one; asked only of requests with images.
NO_IMAGE = re.compile(r"\bimages?\b|image_url|multi-?modal|\bvision\b|mmproj", re.IGNORECASE)
TOO_LONG = re.compile(r"context (length|window|size)|maximum context|n_ctx|too many tokens|prompt is too long", re.IGNORECASE)


def read(call: Call, response: requests.Response) -> Generator[list[bytes]]:
    """Yield the response's lines in blocks, an empty one where nothing is there now and the call is not to wait.

    To be closed when no more is wanted. Raises Closed when the call is closed, StreamInterrupted when the connection breaks.
    """
    body = None
    try:
        body = chunked(response)
        for block in blocks(_bounded(body.read if body else response.raw.read1)):
            if block or not call.waits:
                yield block
            else:
                call.wait()
        if body:
            finish(response, body)
        if call.closed:
            raise Closed
    except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
        if call.closed:
            raise Closed from None
        raise StreamInterrupted(f"the engine's connection broke: {error!r}") from error
    finally:
        call.over(None)
        response.raw.close() if not _ended(response) else response.raw.release_conn()


def _bounded(read1: Callable[[int], bytes | None]) -> Callable[[int], bytes | None]:
    """Read as much as the longest answer may take, in whatever small pieces. Raises StreamInterrupted beyond that."""
    left = RESPONSE_BYTES

    def read_some(most: int) -> bytes | None:
        nonlocal left
        piece = read1(most)
        left -= len(piece or b"")
        if left < 0:
            raise StreamInterrupted("the engine's answer does not end")
        return piece

    return read_some


def _ended(response: requests.Response) -> bool:
    original = response.raw._original_response  # noqa: SLF001, what urllib3 itself asks before it keeps a connection
    return original is None or bool(original.isclosed())


def decode(line: bytes, decoder: "msgspec.json.Decoder[T]", kind: type[T]) -> T:
    """Read a line of JSON, also one with bytes or escapes that are no characters. Raises StreamInterrupted when it is no JSON."""
    try:
        return decoder.decode(line)
    except NO_JSON:
        pass
    try:
        return msgspec.convert(json.loads(line.decode("utf-8", "replace")), kind)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise StreamInterrupted(f"a line of the engine's answer can't be read: {line[:100]!r}") from error


class Spoken:
    """Collects what the lines of one block say, so that it goes on as one Delta, or a few where reasoning follows text."""

    def __init__(self, *, continues: bool) -> None:
        self._characters, self._thoughts = Characters(), Characters()
        self._thinking = Thinking(begun=continues)
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._done: list[Delta] = []

    def add(self, text: str | None, reasoning: str | None = None) -> None:
        """Take one line's text and reasoning."""
        if reasoning:
            self._put(Delta(reasoning=self._thoughts.whole(reasoning)))
        if text:
            self._put(self._thinking.split(self._characters.whole(text)))

    def end(self) -> None:
        """Take what was held back: the stream has ended."""
        self._put(Delta(reasoning=self._thoughts.rest()))
        self._put(self._thinking.split(self._characters.rest()))
        self._put(self._thinking.rest())

    def take(self) -> list[Delta]:
        """Return what was collected, and begin anew."""
        self._cut()
        done, self._done = self._done, []
        return done

    def _put(self, delta: Delta) -> None:
        if delta.reasoning:
            if self._text:
                self._cut()
            self._reasoning.append(delta.reasoning)
        if delta.text:
            self._text.append(delta.text)

    def _cut(self) -> None:
        if self._text or self._reasoning:
            self._done.append(Delta("".join(self._text), "".join(self._reasoning)))
            self._text, self._reasoning = [], []


def refusal(response: requests.Response, *, pictured: bool = False) -> EngineError:
    """Return what a response that is no answer means, with the engine's own words for the log; `pictured`: the request had images."""
    body = _first(response.raw.read1)
    response.close()
    said = _words(body)
    if response.status_code == 404:
        return ModelNotFound(said)
    if pictured and NO_IMAGE.search(said):
        return ImageRejected(said)
    if response.status_code in {408, 409, 429} or response.status_code >= 500:
        return EngineUnavailable(f"{response.status_code}: {said}")
    return complaint(said, RequestRejected)


def _first(read1: Callable[[int], bytes]) -> bytes:
    """Return the beginning of a body, as much as comes soon."""
    said, until = b"", time.monotonic() + ERROR_S
    with suppress(urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError):
        while len(said) < ERROR_BYTES and time.monotonic() < until and (piece := read1(ERROR_BYTES)):
            said += piece
    return said


def complaint(said: str, otherwise: type[EngineError]) -> EngineError:
    """Return ContextTooLong where the engine's words say so, else the other error."""
    return (ContextTooLong if TOO_LONG.search(said) else otherwise)(said)


def words(error: Any) -> str:
    """Return the sentence in an error member: a string, or an object with a message."""
    try:
        return str(error.get("message", error) if isinstance(error, dict) else error)[:WORDS]
    except RecursionError:
        return "an error that can't be read"


def named(listed: list[Any] | None, key: str) -> list[dict[str, Any]]:
    """Return the entries of a list of models that have a name which can be one."""
    entries = [entry for entry in listed or () if isinstance(entry, dict)][:MOST_MODELS]
    return [entry for entry in entries if isinstance(name := entry.get(key), str) and 0 < len(name) <= MODEL_NAME and is_keepable(name)]


def _words(body: bytes) -> str:
    try:
        told = json.loads(body)
        return words(told.get("error", told))
    except (ValueError, AttributeError, RecursionError):
        return body[:500].decode("utf-8", "replace")
