"""A worker's wire without a worker: tells deltas to many conversations' logs at a set rate. `python -m bench.systems.teller RATE SECONDS PER_APPEND < ids`.

Each delta's text is one token of bench.client.script, so a viewer can check its number, its place and its age.
"""

import sys
import time
import zlib
from collections.abc import Sequence

from bench.client.script import token
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.base import Append
from olamchat.tokenlog.events import Delta, Started, frame

BATCH = 64


def tell(conversations: Sequence[str], rate: float, seconds: float, per_append: int) -> int:
    """Tell every conversation `rate` deltas a second, `per_append` of them in one append; return how many were told."""
    log, length, number = token_log(), dict.fromkeys(conversations, 0), dict.fromkeys(conversations, 0)
    for one in conversations:
        log.claim(conv_topic(one), one, 1, frame(Started(message_id=one, attempt=1, model="bench-clock")))
    began, told = time.monotonic(), 0
    while (now := time.monotonic()) < began + seconds:
        due = int((now - began) * rate * len(conversations)) - told
        if due < BATCH:
            time.sleep(0.0005)
            continue
        turn = [conversations[(told // per_append + k) % len(conversations)] for k in range(due // per_append)]
        log.append([Append(conv_topic(one), one, 1, _deltas(one, length, number, per_append)) for one in turn])
        told += len(turn) * per_append
    return told


def tag_of(conversation: str) -> int:
    """Return the tag of a conversation's tokens."""
    return zlib.crc32(conversation.encode())


def _deltas(one: str, length: dict[str, int], number: dict[str, int], count: int) -> list[bytes]:
    bodies = []
    for _ in range(count):
        text = token(number[one], time.monotonic_ns(), tag_of(one)).decode()
        bodies.append(frame(Delta(message_id=one, attempt=1, at=length[one], text=text)))
        number[one], length[one] = number[one] + 1, length[one] + len(text)
    return bodies


if __name__ == "__main__":
    print(tell(sys.stdin.read().split(), float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
