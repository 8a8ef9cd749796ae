"""A router in a process of its own: each request goes to one of its function's processes, by chance; streams flow through.

    python -m tests.faults.network.router '{"listen": 8000, "functions": {"auth": [8001, 8002], …}}'

One request a connection, as blunt as that: what can't be reached is tried at the next process, and refused with 503 when none is left.
As behind a Service, a process that was away is sent requests again only when it says that it is ready.
"""

import asyncio
import contextlib
import json
import random
import sys

from functions.routes import function_for

CONNECT_S = 1.0
HEAD_S = 10.0
LOOK_S = 0.2
AWAY = b'HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: 22\r\nConnection: close\r\n\r\n{"code":"unavailable"}'


class Router:
    """Where the functions listen."""

    def __init__(self, functions: dict[str, list[int]]) -> None:
        self._functions = functions
        self._away: set[int] = set()

    async def look_for_ever(self) -> None:
        """Ask the processes that were away whether they are ready."""
        while True:
            for port in list(self._away):
                if await _is_ready(port):
                    self._away.discard(port)
            await asyncio.sleep(LOOK_S)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one request and its response."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
            backend = await self._connect(head)
            if backend is None:
                writer.write(AWAY)
            else:
                await _carry(head, reader, writer, *backend)
        with contextlib.suppress(OSError):
            writer.close()

    async def _connect(self, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        path = head.split(b" ", 2)[1].split(b"?")[0].decode()
        ports = [port for port in self._functions.get(function_for(path) or "", []) if port not in self._away]
        random.shuffle(ports)
        for port in ports:
            try:
                return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port, limit=1 << 18), CONNECT_S)
            except (OSError, TimeoutError):
                self._away.add(port)
        return None


async def _is_ready(port: int) -> bool:
    try:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            line = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in line


async def _carry(
    head: bytes,
    client: asyncio.StreamReader,
    to_client: asyncio.StreamWriter,
    server: asyncio.StreamReader,
    to_server: asyncio.StreamWriter,
) -> None:
    lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"connection:")]
    to_server.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
    up = asyncio.create_task(_pump(client, to_server))
    try:
        await _pump(server, to_client)
    finally:
        up.cancel()
        with contextlib.suppress(OSError):
            to_server.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry bytes until the source ends; a client that leaves ends its response by breaking the pipe."""
    while piece := await source.read(1 << 16):
        sink.write(piece)
        await sink.drain()
    sink.close()


async def main(listen: int, functions: dict[str, list[int]]) -> None:
    """Serve until ended."""
    router = Router(functions)
    server = await asyncio.start_server(router.serve, "127.0.0.1", listen, limit=1 << 18, backlog=4096)
    async with server:
        await asyncio.gather(server.serve_forever(), router.look_for_ever())


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
