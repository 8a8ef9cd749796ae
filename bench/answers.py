"""The rows of the main table: many answers at once through one system, every token checked and timed."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median

from bench.client.received import Received
from bench.client.script import Script
from bench.systems.usage import Use, since

# What the scripts of the token log and the leases call; INFO commandstats counts these calls like any other.
INSIDE = {"xadd", "publish", "hget", "hset", "pexpire", "pttl", "xtrim", "get", "set"}
# What is told with its least and its most of all rounds.
SPREAD = ("first_p50", "token_p50", "server_us_per_token")
Chat = Callable[[Script], Awaitable[Received]]


@dataclass(frozen=True)
class Load:
    """How many answers at once, what each says, and over how many seconds their starts are spread; `alone` is for the house only.

    `burners` are processes that want a core each meanwhile.
    """

    streams: int
    script: Script = field(default_factory=Script)
    spread_s: float = 2.0
    name: str = "spread"
    alone: bool = False
    burners: int = 0


@dataclass(frozen=True)
class Row:
    """What one system did under one load; times in milliseconds."""

    system: str
    streams: int
    load: str
    first_p50: float
    first_p99: float
    token_p50: float
    token_p99: float
    tokens: int
    tokens_per_s: float
    lost: int
    doubled: int
    failed: int
    trouble: str = ""
    client_cpu_s: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)
    rss_mib: dict[str, float] = field(default_factory=dict)
    redis_commands: dict[str, int] = field(default_factory=dict)
    wal_bytes: int = 0
    spread: dict[str, list[float]] = field(default_factory=dict)

    @property
    def server_us_per_token(self) -> float:
        """CPU of all server processes but the engine, for one delivered token."""
        return sum(spent for name, spent in self.cpu_s.items() if name != "engine") * 1e6 / max(self.tokens, 1)

    @property
    def redis_per_token(self) -> float:
        """Commands that were sent to Redis for one token; what a script did inside Redis is in redis_inside_per_token."""
        return sum(calls for name, calls in self.redis_commands.items() if name not in INSIDE) / max(self.tokens, 1)

    @property
    def wal_per_token(self) -> float:
        """Bytes that Postgres wrote ahead for one token."""
        return self.wal_bytes / max(self.tokens, 1)

    @property
    def redis_inside_per_token(self) -> float:
        return sum(calls for name, calls in self.redis_commands.items() if name in INSIDE) / max(self.tokens, 1)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values don't exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


async def run(system: str, load: Load, chats: Sequence[Chat], look: Callable[[], dict[str, Use]]) -> Row:
    """Start the chats, spread over the load's time, and measure until the last has ended."""
    gc.collect()
    gc.disable()
    before, spent, began = look(), time.process_time(), time.monotonic()
    try:
        got = await one_round(load, chats)
    finally:
        gc.enable()
    took, client = time.monotonic() - began, time.process_time() - spent
    row = _row(system, load, got, took)
    used = since(before, look())
    return replace(
        row,
        client_cpu_s=client,
        cpu_s={name: use.cpu_s for name, use in used.items()},
        rss_mib={name: use.rss_mib for name, use in used.items()},
    )


async def one_round(load: Load, chats: Sequence[Chat]) -> list[Received]:
    """Start the chats, spread over the load's time, and wait for all."""
    return await asyncio.gather(*(_later(chat, load, number) for number, chat in enumerate(chats)))


async def _later(chat: Chat, load: Load, number: int) -> Received:
    await asyncio.sleep(load.spread_s * number / load.streams)
    return await chat(replace(load.script, tag=number + 1))


def _row(system: str, load: Load, got: Sequence[Received], took: float) -> Row:
    late = [ns / 1e6 for one in got for ns in one.latencies_ns]
    first = [one.added_first_ms() for one in got if one.count]
    tokens = sum(one.count for one in got)
    return Row(
        system=system, streams=load.streams, load=load.name,
        first_p50=percentile(first, 0.5), first_p99=percentile(first, 0.99),
        token_p50=percentile(late, 0.5), token_p99=percentile(late, 0.99),
        tokens=tokens, tokens_per_s=tokens / took,
        lost=sum(one.lost for one in got), doubled=sum(one.doubled for one in got),
        failed=sum(bool(one.trouble) or not one.ended for one in got),
        trouble=next((one.trouble for one in got if one.trouble), ""),
    )  # fmt: skip


def medians(rows: Iterable[Row]) -> Row:
    """Return the row of medians, with the least and the most of what varies; lost, doubled and failed are added up, so that one bad round shows."""
    every = list(rows)
    merged = asdict(every[0])
    for name, value in merged.items():
        told = [getattr(row, name) for row in every]
        if name in {"lost", "doubled", "failed"}:
            merged[name] = sum(told)
        elif isinstance(value, dict):
            merged[name] = {key: median(one.get(key, 0) for one in told) for key in value}
        elif name == "trouble":
            merged[name] = next(filter(None, told), "")
        elif isinstance(value, float | int):
            merged[name] = type(value)(median(told))
    merged["spread"] = {
        name: [min(told), max(told)] for name, told in ((name, [float(getattr(row, name)) for row in every]) for name in SPREAD)
    }
    return Row(**merged)
