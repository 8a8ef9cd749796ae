"""Breadth-first search over a model's states: the shortest story of a broken promise, or the proof that there is none."""

from collections import deque
from dataclasses import dataclass

from tests.protocol.model import Broken, Rules, State, check, ended, steps


@dataclass
class Found:
    """What a search came to: how many states there are, and the first broken promise with the story that leads to it."""

    states: int
    broken: str | None = None
    story: tuple[str, ...] = ()


def explore(start: State, rules: Rules) -> Found:
    """Try every interleaving. Also proves that from everywhere the answer can arrive without another fault or wish."""
    came: dict[State, tuple[State, str] | None] = {start: None}
    calm: dict[State, list[State]] = {}  # reversed edges that need no fault
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        try:
            check(state)
            for name, after in steps(state, rules):
                if not name.startswith("!"):
                    calm.setdefault(after, []).append(state)
                if after not in came:
                    came[after] = (state, name)
                    waiting.append(after)
        except Broken as broken:
            return Found(len(came), str(broken), _story(came, state))
    stuck = _cannot_end(came, calm)
    if stuck is not None:
        return Found(len(came), "the answer can never arrive", _story(came, stuck))
    return Found(len(came))


def _cannot_end(came: dict[State, tuple[State, str] | None], calm: dict[State, list[State]]) -> State | None:
    good = {state for state in came if ended(state)}
    waiting = deque(good)
    while waiting:
        for before in calm.get(waiting.popleft(), ()):
            if before not in good:
                good.add(before)
                waiting.append(before)
    return next((state for state in came if state not in good), None)


def _story(came: dict[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    told: list[str] = []
    step = came[state]
    while step is not None:
        told.append(step[1])
        step = came[step[0]]
    return tuple(reversed(told))
