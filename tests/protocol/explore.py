"""Breadth-first search over a model's states: the shortest story of a broken promise, or the proof that there is none."""

from collections import deque
from dataclasses import dataclass, field

from tests.protocol.model import Broken, Rules, State, check, ended, steps


@dataclass
class Found:
    """What a search came to: how many states there are, and the first broken promise with the story that leads to it."""

    states: int
    broken: str | None = None
    story: tuple[str, ...] = ()


@dataclass
class Graph:
    """The states met so far, by number: a state is hashed once for each way that leads to it."""

    numbers: dict[State, int] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    came: list[tuple[int, str]] = field(default_factory=list)  # from which state, by which step
    calm: list[list[int]] = field(default_factory=list)  # reversed edges that need no fault

    def add(self, state: State, before: int, step: str) -> int:
        """Return the state's number.

        Workers differ in nothing but their number, so states that are each other's with the workers exchanged are one state:
        half as many to look at. In a story, w0 and w1 may therefore change places on the way.
        """
        state = state._replace(workers=tuple(sorted(state.workers)))
        number = self.numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
            self.came.append((before, step))
            self.calm.append([])
        return number

    def story(self, number: int) -> tuple[str, ...]:
        """Return the steps that led to a state, from the first on."""
        told: list[str] = []
        while number:
            number, step = self.came[number]
            told.append(step)
        return tuple(reversed(told))


def explore(start: State, rules: Rules) -> Found:
    """Try every interleaving. Also proves that from everywhere the answer can arrive without another fault or wish."""
    graph = Graph()
    graph.add(start, 0, "")
    here = 0
    while here < len(graph.states):  # states are numbered as they are met, so this is breadth first
        state = graph.states[here]
        try:
            check(state)
            for step, after in steps(state, rules):
                number = graph.add(after, here, step)
                if not step.startswith("!"):
                    graph.calm[number].append(here)
        except Broken as broken:
            return Found(len(graph.states), str(broken), graph.story(here))
        here += 1
    stuck = _cannot_end(graph)
    if stuck is not None:
        return Found(len(graph.states), "the answer can never arrive", graph.story(stuck))
    return Found(len(graph.states))


def _cannot_end(graph: Graph) -> int | None:
    good = {number for number, state in enumerate(graph.states) if ended(state)}
    waiting = deque(good)
    while waiting:
        for before in graph.calm[waiting.popleft()]:
            if before not in good:
                good.add(before)
                waiting.append(before)
    return next((number for number in range(len(graph.states)) if number not in good), None)
