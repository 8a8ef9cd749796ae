"""Lines made by hand are the lines of logs.Json, and those of a turn leave together."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from olamchat.lines import Lines

CONSTANT = ',"level":"info","logger":"a"'


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def said(reading: int) -> list[dict[str, object]]:
    try:
        return [json.loads(line) for line in os.read(reading, 65_536).splitlines()]
    except BlockingIOError:
        return []


def test_a_line_is_an_object_with_the_time_and_whatever_ids_there_are() -> None:
    with pipe() as (reading, writing):
        lines = Lines(writing)
        lines.add(CONSTANT, {"request": 'a"b', "conversation": "ü"}, ',"ms":1.5')
        lines.add(CONSTANT, {})
        first, second = said(reading)

    assert {name: first[name] for name in ("level", "logger", "request", "conversation", "ms")} == {
        "level": "info", "logger": "a", "request": 'a"b', "conversation": "ü", "ms": 1.5,
    }  # fmt: skip
    assert second.keys() == {"time", "level", "logger"}
    assert str(first["time"])[10] == "T"
    assert len(str(first["time"])) == len("2026-01-01T00:00:00.000+00:00")


def test_the_lines_of_a_turn_leave_together() -> None:
    waiting: list[Callable[[], None]] = []
    with pipe() as (reading, writing):
        lines = Lines(writing, waiting.append)
        for number in range(3):
            lines.add(CONSTANT, {}, f',"n":{number}')
        before = said(reading)
        [flush] = waiting
        flush()
        together = said(reading)
        lines.add(CONSTANT, {})

    assert (before, [line["n"] for line in together], len(waiting)) == ([], [0, 1, 2], 2)


def test_a_line_that_can_not_be_written_stops_nobody() -> None:
    with pipe() as (_, writing):
        pass

    Lines(writing).add(CONSTANT, {})
