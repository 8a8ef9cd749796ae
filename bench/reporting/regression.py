"""Has it become slower? Compares ratios, which a slower or busier machine changes little, never seconds.

The yardstick is measured in the same run: the house's CPU per token against nginx's and its latency against the engine's own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.answers import Row
from bench.reporting.results import Results

ALLOWED = 1.3


@dataclass(frozen=True)
class Ratio:
    """A ratio of this run, and the same of the run it is held against."""

    what: str
    now: float
    then: float

    @property
    def worse(self) -> bool:
        return self.now > self.then * ALLOWED


def compare(now: Results, then: Results) -> list[Ratio]:
    """Return the ratios that both runs have."""
    ours, theirs = dict(_ratios(now.rows)), dict(_ratios(then.rows))
    return [Ratio(what, ours[what], theirs[what]) for what in ours if what in theirs]


def _ratios(rows: Iterable[Row]) -> Iterator[tuple[str, float]]:
    every = {(row.system, row.load, row.streams): row for row in rows}
    for (system, load, streams), row in every.items():
        nginx, engine = every.get(("nginx in front", load, streams)), every.get(("engine itself", load, streams))
        if system != "olamchat":
            continue
        if row.redis_commands:
            yield f"Redis commands per token, {streams} streams, {load}", row.redis_per_token
        if nginx and nginx.server_us_per_token and streams >= 64:  # below, nginx's CPU is less than the clock's tick
            yield f"CPU per token over nginx's, {streams} streams, {load}", row.server_us_per_token / nginx.server_us_per_token
        if engine and engine.cpu_s.get("engine"):
            yield f"tokens delivered over the engine's own, {streams} streams, {load}", engine.tokens / max(row.tokens, 1)
