"""People who chat through a Service while something is done to the release (tests/upgrade/people.py)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tests.upgrade.people import Person, Told


async def while_people_chat(address: str, people: int, deed: Callable[[], object]) -> Told:
    """Have so many people chat at port 80 of the address until the deed is done and each has read the answer it waits for."""
    told = Told()
    relay = await asyncio.start_server(lambda reader, writer: _through(reader, writer, address), "127.0.0.1", 0)
    port = relay.sockets[0].getsockname()[1]
    everybody = [Person(port, told) for _ in range(people)]
    for some in range(0, people, 10):
        await asyncio.gather(*(person.arrive() for person in everybody[some : some + 10]))
    enough = asyncio.Event()
    chats = [asyncio.ensure_future(person.chat(enough)) for person in everybody]
    await asyncio.to_thread(deed)
    enough.set()
    await asyncio.gather(*chats)
    await asyncio.gather(*(person.leave() for person in everybody))
    relay.close()
    return told


async def _through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
    """Hand one connection's bytes on, both ways, until either side ends."""
    try:
        inner_reader, inner_writer = await asyncio.open_connection(address, 80)
        await asyncio.wait(
            [asyncio.ensure_future(_pipe(reader, inner_writer)), asyncio.ensure_future(_pipe(inner_reader, writer))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        inner_writer.close()
    except OSError:
        pass
    writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
