"""An event stream as a WSGI response: what waits goes out as one write, a ping when nothing does, and a word before it ends.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import random
import time
from collections.abc import Iterator

from flask import Response

from olamchat.services.fanout import Fanout, Reader
from olamchat.tokenlog.events import Ping, Reconnect, frame

# A closed client is noticed at the next write, so the heartbeat bounds how long a dead connection is kept.
PING_S = 15.0
# Over how long the readers of a draining process are spread when they come back.
SPREAD_MS = 5_000
PING = frame(Ping())
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Connection": "keep-alive"}


def respond(fanout: Fanout, reader: Reader, *, until: float) -> Response:
    """Stream what the reader gets until it ends, the client leaves, or the clock (Unix seconds) passes `until`."""
    response = Response(_frames(reader, until), mimetype="text/event-stream", headers=HEADERS)
    response.call_on_close(lambda: fanout.close(reader))
    return response


def _frames(reader: Reader, until: float) -> Iterator[bytes]:
    while True:
        left_s = until - time.time()
        if written := reader.take(max(0.0, min(PING_S, left_s))):
            yield written
        elif reader.ended or left_s <= 0:
            yield from _farewell(reader)
            return
        else:
            yield PING
        if reader.ended == "slow":
            return


def _farewell(reader: Reader) -> Iterator[bytes]:
    if reader.ended == "drain":
        yield frame(Reconnect(after_ms=random.randrange(SPREAD_MS)))
    elif not reader.ended:
        yield frame(Reconnect(after_ms=0))
