"""The yardsticks: a reader that talks to the engine itself, or to a plain proxy in front of it."""

import time

import msgspec

from bench.client.received import Received
from bench.client.script import Script
from bench.client.wire import Connection
from bench.systems.engine import MODEL


class _Message(msgspec.Struct):
    content: str = ""


class _Line(msgspec.Struct):
    message: _Message
    done: bool = False


_decode = msgspec.json.Decoder(_Line).decode


async def chat(connection: Connection, script: Script) -> Received:
    """Ask for one answer in Ollama's protocol and read it to its end."""
    got, rest = Received(script, asked_ns=time.monotonic_ns()), b""

    def sink(data: bytes) -> None:
        nonlocal rest
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            told = _decode(line)
            got.take(told.message.content)
            if told.done:
                got.end()

    question = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": script.question()}]}
    await connection.follow("POST", "/api/chat", sink, body=question)
    return got
