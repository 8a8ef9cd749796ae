"""The lines of an engine's response, read without waiting where that can be, for what Ollama's and OpenAI's protocols share."""

from collections.abc import Callable, Generator, Iterator
from typing import Any

import requests
import urllib3

from olamchat.texts import is_keepable
from worker.engines.base import AnswerUnreadable, StreamInterrupted
from worker.engines.wire.chunks import chunked, finish
from worker.engines.wire.http import CallClosed, EngineCall
from worker.engines.wire.lines import blocks
from worker.engines.wire.unpack import CannotUnpack, unpacked

# Of one answer, with all that a protocol puts around each word.
RESPONSE_BYTES = 512 << 20
MOST_MODELS, MODEL_NAME = 1_000, 300


def read(call: EngineCall, response: requests.Response) -> Generator[list[bytes]]:
    """Yield the response's lines in blocks, an empty one where nothing is there now and the call is not to wait.

    Once the call lingers, it ends when nothing more comes soon. To be closed when no more is wanted. Raises Closed when the call is
    closed, StreamInterrupted when the connection breaks.
    """
    body = None
    try:
        body = chunked(response)
        said = body.read if body else lambda size: _waited_for(call, response, size)
        yield from _heard(call, blocks(_bounded(unpacked(said, response.headers.get("Content-Encoding", "")))))
        if body:
            finish(response, body)
        if call.closed:
            raise CallClosed
    except CannotUnpack as error:  # asked again it would come the same
        raise AnswerUnreadable(str(error)) from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
        if call.closed:
            raise CallClosed from None
        raise StreamInterrupted(f"the engine's connection broke: {error!r}") from error
    finally:
        call.over(None)
        response.raw.close() if not _ended(response) else response.raw.release_conn()


def _heard(call: EngineCall, every: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Pass on the blocks until the call has lingered long enough; where nothing is there now, wait or say so, as the call is to do."""
    has_said_so = False
    for block in every:
        if block or not (call.waits or has_said_so):
            has_said_so = not block and call.lingers  # whoever hears many has let go by now, so that a moment can be waited
            yield block
        elif not call.wait():
            return
        if call.lingers and not call.left:
            return


def _waited_for(call: EngineCall, response: requests.Response, size: int) -> bytes:
    call.hurry()
    return response.raw.read1(size, decode_content=False)


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


def named(listed: list[Any] | None, key: str) -> list[dict[str, Any]]:
    """Return the entries of a list of models that have a name which can be one."""
    entries = [entry for entry in listed or () if isinstance(entry, dict)][:MOST_MODELS]
    return [entry for entry in entries if isinstance(name := entry.get(key), str) and 0 < len(name) <= MODEL_NAME and is_keepable(name)]
