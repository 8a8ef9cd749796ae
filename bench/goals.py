"""What the house means to reach on two cores: the goals that the report is held against."""

from dataclasses import dataclass

from bench.answers import Row


@dataclass(frozen=True)
class Goal:
    """A number not to be exceeded, for a row of the whole house; with `least`, one to be reached."""

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
        Goal("server CPU per token", "server_us_per_token", 100, "µs"),
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


@dataclass(frozen=True)
class Verdict:
    """A goal and what was measured."""

    load: str
    goal: Goal
    measured: float

    @property
    def met(self) -> bool:
        return self.measured <= self.goal.at_most


def verdicts(row: Row) -> list[Verdict]:
    """Hold a row of the whole house against its goals."""
    name = f"{row.streams} streams, {row.load}"
    return [Verdict(name, goal, float(getattr(row, goal.column))) for goal in (*ANSWERS.get((row.load, row.streams), ()), *NEVER)]
