"""What every client did and was told, in the order in which it happened to it; and what such a history says of the promises, afterwards.

The checker knows nothing of how the house works: it compares what was accepted with what arrived (as Jepsen's checkers do,
https://jepsen.io/consistency). Each kind of broken promise has a word: lost, doubled, reordered, resurrected.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ENDS = ("done", "stopped", "failed")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a client.

    `what`: ask, accepted, event, row (the API's or, of the client "rows", the database's last word), shown (at a tab's end), deleted, found
    (after it was deleted). `connection` counts a client's streams; `name` is an event's name or a row's status.
    """

    client: str
    what: str
    answer: str = ""
    name: str = ""
    connection: int = 0
    entry: str = ""
    attempt: int = 0
    text: str = ""
    at: float = field(default_factory=time.time)


class History:
    """Steps as they happen, also written to a file line by line."""

    def __init__(self, file: Path | None = None) -> None:
        self.steps: list[Step] = []
        self._file = file.open("w") if file else None

    def note(self, step: Step) -> None:
        self.steps.append(step)
        if self._file:
            self._file.write(json.dumps(asdict(step)) + "\n")


def check(steps: Iterable[Step], expected: str) -> list[str]:
    """Return a sentence for each promise that was broken; every accepted answer was to be `expected`."""
    steps = list(steps)
    by_client: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_client[step.client].append(step)
    told = [sentence for client, own in by_client.items() for sentence in (*_of_connections(client, own), *_of_answers(client, own))]
    return [*_of_accepted(steps, expected), *told, *(f"resurrected: {step.answer} was deleted" for step in steps if step.what == "found")]


def _of_accepted(steps: list[Step], expected: str) -> Iterator[str]:
    rows: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.client == "rows":
            rows[step.answer].append(step)
    deleted = {step.answer for step in steps if step.what == "deleted"}
    for step in steps:
        if step.what == "accepted" and step.answer not in deleted:
            final = rows[step.answer]
            if len(final) != 1:
                yield f"{'doubled' if final else 'lost'}: {step.answer} has {len(final)} rows"
            elif (final[0].name, final[0].text) != ("done", expected):
                yield f"lost: {step.answer} is {final[0].name} with {len(final[0].text)} of {len(expected)} characters"
        if step.what == "shown" and (step.name, step.text) != ("done", expected):
            yield f"lost: {step.client} shows {step.answer} as {step.name} with {step.text[-20:]!r}"


def _of_connections(client: str, steps: list[Step]) -> Iterator[str]:
    """Within a connection ids grow, until a sync says that the store has lost its place."""
    newest: dict[int, tuple[int, ...]] = {}
    for step in (step for step in steps if step.what == "event"):
        if step.name == "sync":
            newest.pop(step.connection, None)
        elif step.entry:
            place = tuple(map(int, step.entry.split("-")))
            if place <= newest.get(step.connection, (0,)):
                yield f"reordered: {client} was told {step.entry} ({step.name}) after {newest[step.connection]}"
            newest[step.connection] = place


def _of_answers(client: str, steps: list[Step]) -> Iterator[str]:
    """After its end nothing more is told of an attempt, unless the store has lost what it knew (a sync, or another connection)."""
    ended: dict[str, Step] = {}
    for step in steps:
        if step.what == "event" and step.name == "sync":
            ended.clear()
        before = ended.get(step.answer)
        if before is None or step.what not in {"event", "row"} or step.attempt > before.attempt:
            pass
        elif step.name in ENDS and step.what == "event" and step.connection == before.connection:
            yield f"doubled: {client} was told twice how {step.answer} ended"
        elif step.name not in ENDS and step.what == "row":
            yield f"resurrected: {step.answer} is {step.name} for {client} after it was {before.name}"
        elif step.name in {"delta", "started", "reset"} and step.connection == before.connection:
            yield f"resurrected: {client} was told a {step.name} of {step.answer} after its end"
        if step.what == "event" and step.name in ENDS:
            ended[step.answer] = step
