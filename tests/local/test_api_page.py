"""The API's walk-through, pasted, gives the results that are shown."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from scripts import walk_through
from tests.local.conftest import Running

MASKS = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)", "TIME"),
    (r'"timings":\{[^}]*\}', '"timings":{}'),
)
PASSING = {"snapshot", "queued", "started", "delta", "ping"}


def masked(output: str) -> object:
    """Return the output without what is another at each run; a stream as its text and the events that end it."""
    for pattern, name in MASKS:
        output = re.sub(pattern, name, output)
    if "event: " not in output:
        return json.loads(output) if output else ""
    events = [(kind, json.loads(data)) for kind, data in re.findall(r"^event: (\w+)\ndata: (.*)$", output, re.MULTILINE)]
    return text(events), [event for event in events if event[0] not in PASSING]


def text(events: list[tuple[str, dict[str, Any]]]) -> str:
    said = ""
    for kind, data in events:
        if kind == "snapshot":
            said = data.get("text", "")
        elif kind == "delta":
            said = said[: data["at"]] + data["text"]
    return said


@pytest.mark.timeout(240)
def test_the_walk_through_does_what_it_shows(start: Callable[..., Running]) -> None:
    house = start(OLAMCHAT_POOLS="demo").ready()
    written = walk_through.written(walk_through.PAGE.read_text())

    real = walk_through.run([said.command for said in written], house.address)

    assert [(said.command, masked(said.output)) for said in real] == [(said.command, masked(said.output)) for said in written]


def test_the_walk_through_is_there() -> None:
    commands = [said.command for said in walk_through.written(walk_through.PAGE.read_text())]

    assert any("/signup" in command for command in commands)
    assert any("/stream" in command for command in commands)
