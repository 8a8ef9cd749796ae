"""What the house means to reach on two cores: the goals that the report is held against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.answers import Row
from bench.reporting.results import Point, Results


@dataclass(frozen=True)
class Goal:
    """A number not to be exceeded, for a row of the whole house."""

    what: str
    column: str
    at_most: float
    unit: str = "ms"


# By load's name and number of streams.
ANSWERS: dict[tuple[str, int], tuple[Goal, ...]] = {
    ("spread", 1): (
        Goal("added time to first token, p50", "first_p50", 15),
        Goal("added time to first token, p99", "first_p99", 30),
        Goal("added per-token latency, p50", "token_p50", 3),
        Goal("added per-token latency, p99", "token_p99", 15),
    ),
    ("spread", 64): (
        Goal("added time to first token, p50", "first_p50", 40),
        Goal("added time to first token, p99", "first_p99", 150),
        Goal("added per-token latency, p50", "token_p50", 20),
        Goal("added per-token latency, p99", "token_p99", 60),
        Goal("server CPU per token, all processes, starts included", "server_us_per_token", 100, "µs"),
        Goal("Redis commands per token", "redis_per_token", 0.3, ""),
    ),
    ("spread", 256): (
        Goal("added time to first token, p50", "first_p50", 400),
        Goal("added time to first token, p99", "first_p99", 1_500),
        Goal("added per-token latency, p50", "token_p50", 60),
        Goal("added per-token latency, p99", "token_p99", 250),
    ),
    ("gentle", 64): (Goal("added time to first token, p50", "first_p50", 20),),
    ("at once", 256): (Goal("added time to first token, p50", "first_p50", 800),),
}
NEVER = (Goal("tokens lost", "lost", 0, ""), Goal("tokens doubled", "doubled", 0, ""), Goal("answers failed", "failed", 0, ""))
# CPU per token at 256 streams over that at 64: what is linear keeps it, plus what two looks at the same differ by.
LINEAR = 1.15


@dataclass(frozen=True)
class Verdict:
    """A goal and what was measured; with `least`, the goal is to be reached and not to be kept below."""

    where: str
    what: str
    goal: float
    measured: float
    unit: str = "ms"
    least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.goal if self.least else self.measured <= self.goal

    @property
    def missed_by(self) -> float | None:
        """Return how many times the goal was missed, None where the goal is nought."""
        many, few = (self.goal, self.measured) if self.least else (self.measured, self.goal)
        return many / few if few else None


def every(results: Results) -> list[Verdict]:
    """Hold everything that was measured against its goal."""
    house = [row for row in results.rows if row.system == "olamchat"]
    return [*(verdict for row in house for verdict in verdicts(row)), *_linear(house), *_points(results.points)]


def verdicts(row: Row) -> list[Verdict]:
    """Hold a row of the whole house against its goals."""
    name = f"{row.streams} stream{'s' if row.streams > 1 else ''}, {row.load}"
    wanted = (*ANSWERS.get((row.load, row.streams), ()), *NEVER)
    return [Verdict(name, goal.what, goal.at_most, float(getattr(row, goal.column)), goal.unit) for goal in wanted]


def _linear(house: Iterable[Row]) -> Iterator[Verdict]:
    cost = {row.streams: row.server_us_per_token for row in house if row.load == "spread"}
    if 64 in cost and 256 in cost:
        yield Verdict("256 over 64 streams, spread", "server CPU per token: linear in streams", LINEAR, cost[256] / cost[64], "×")


def _points(points: Iterable[Point]) -> Iterator[Verdict]:
    for one in points:
        if one.goal is not None:
            yield Verdict(one.section, one.what, one.goal, one.value, one.unit, one.least)
