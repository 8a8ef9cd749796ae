"""The stream function alone: deltas it delivers for a CPU second to 1,000 viewers, and what idle connections weigh."""

import argparse
import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import measure
from bench.answers import percentile
from bench.client.browser import Browser, Reader
from bench.client.received import Received
from bench.client.script import Script
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems import stored
from bench.systems.engine import MODEL
from bench.systems.stack import Shape, Stack
from bench.systems.teller import tag_of
from bench.systems.usage import since
from local.parts import ROOT
from olamchat.tokenlog.topics import conv_topic, fence_key, log_key

SECTION = "Fan-out"
VIEWERS, SECONDS = 1_000, 6.0
IDLE = 10_000
IN_TIME_MS = 250


@dataclass(frozen=True)
class Told:
    """What one run of the teller brought."""

    told: int
    delivered: int
    troubles: int
    late_ms: list[float]
    cpu_s: float


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure a pace that all can keep, then more than one core can, then idle connections."""
    viewers, waiting = (200, 1_000) if asked.short else (VIEWERS, IDLE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    async with _watched(folder / "told", viewers) as it:
        paced = await _tell(*it, rate=20, per_append=1)
        brisk = await _tell(*it, rate=40, per_append=1)
        pushed = await _tell(*it, rate=60, per_append=1)
        coalesced = await _tell(*it, rate=100, per_append=5)
    async with _watched(folder / "idle", viewers) as it:  # another process: one that was under load keeps memory that connections then fill
        idle = await _idle(*it, waiting)
    told = [
        *_points(f"{viewers:,} viewers, 20 deltas/s each", paced, goal=None),  # a pace that leaves the core time: writes carry one delta
        *_points(f"{viewers:,} viewers, 40 deltas/s each", brisk, goal=None),
        *_points(f"{viewers:,} viewers, 60 deltas/s each", pushed, goal=None),
        *_points(f"{viewers:,} viewers, 100 deltas/s each, 5 an append", coalesced, goal=60_000),
        _in_time(viewers, [paced, brisk, pushed]),
        idle,
    ]
    found.replace_section(SECTION, told)
    print(tables.points(told))


@asynccontextmanager
async def _watched(folder: Path, viewers: int) -> AsyncIterator[tuple[Stack, Browser, list[str]]]:
    """Yield a house, a person, and their conversations, one for each viewer."""
    async with measure.Ground(folder, Shape(each=True, settings={"OLAMCHAT_DB_POOL_SIZE": "10"})) as ground:
        house = ground.house
        assert house is not None
        person = Browser(house.port, MODEL)
        await person.sign_up()
        yield house, person, _conversations(house, await person.me(), viewers)


def _points(name: str, run: Told, *, goal: float | None) -> list[Point]:
    share = 100 * run.delivered / max(run.told, 1)
    note = f"{share:.1f} % of {run.told:,} delivered, {run.troubles} viewers with a gap or a double, {run.cpu_s:.1f} CPU s"
    return [
        Point(
            SECTION,
            f"{name}: deltas for a CPU second",
            run.delivered / max(run.cpu_s, 1e-9),
            "deltas/s",
            goal,
            least=True,
            note=note,
        ),
        Point(
            SECTION,
            f"{name}: latency p99",
            percentile(run.late_ms, 0.99),
            "ms",
            note=f"p50 {percentile(run.late_ms, 0.5):.1f} ms",
        ),
    ]


def _in_time(viewers: int, runs: list[Told]) -> Point:
    """Return the most that was delivered for a CPU second by a run that kept its readers up to date: in overload it is easy to be cheap."""
    kept = [run for run in runs if percentile(run.late_ms, 0.99) <= IN_TIME_MS]
    best = max((run.delivered / max(run.cpu_s, 1e-9) for run in kept), default=0.0)
    what = f"{viewers:,} viewers, one delta an append, p99 within {IN_TIME_MS} ms: deltas for a CPU second"
    return Point(SECTION, what, best, "deltas/s", 60_000, least=True, note=f"{len(kept)} of {len(runs)} paces were kept")


def _conversations(house: Stack, user: str, count: int) -> list[str]:
    stored.conversations(house.database_url, user, count, each=1)
    with psycopg.connect(house.database_url) as connection:
        return [str(one) for (one,) in connection.execute("SELECT id FROM conversations WHERE user_id = %s", [user])]


async def _tell(house: Stack, person: Browser, conversations: list[str], rate: float, per_append: int) -> Told:
    got = [Received(Script(length=0, tag=tag_of(one))) for one in conversations]
    watching = [
        asyncio.ensure_future(person.watch(one, Reader(received, asyncio.Event()).take))
        for one, received in zip(conversations, got, strict=True)
    ]  # fmt: skip
    await asyncio.sleep(4)
    before = house.use()
    told = await _teller(house, conversations, rate, per_append)
    await asyncio.sleep(1.5)
    used = since(before, house.use())["stream"]
    for one in watching:
        one.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    late = [ns / 1e6 for one in got for ns in one.latencies_ns]
    troubles = sum(bool(one.trouble or one.lost or one.doubled) for one in got)
    await _forget(house, conversations)
    return Told(told, sum(one.count for one in got), troubles, late, used.cpu_s)


async def _teller(house: Stack, conversations: list[str], rate: float, per_append: int) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.systems.teller", str(rate), str(SECONDS), str(per_append),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, "REDIS_URL": house.redis_url},
    )  # fmt: skip
    out, _ = await process.communicate("\n".join(conversations).encode())
    return int(out)


async def _forget(house: Stack, conversations: list[str]) -> None:
    """Empty the logs, so that the next run begins at nought."""
    import redis.asyncio

    async with redis.asyncio.Redis.from_url(house.redis_url) as client:
        for one in conversations:
            await client.delete(log_key(conv_topic(one)), fence_key(conv_topic(one)))


async def _idle(house: Stack, person: Browser, conversations: list[str], count: int) -> Point:
    """Open connections that only wait; return the memory of each."""
    before = house.use()["stream"]
    watching = [
        asyncio.ensure_future(person.watch(conversations[k % len(conversations)], lambda _event, _data: None))
        for k in range(count)
    ]  # fmt: skip
    await asyncio.sleep(25)
    after = house.use()["stream"]
    open_still = sum(not one.done() for one in watching)
    for one in watching:
        one.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    each_kib = (after.rss_mib - before.rss_mib) * 1024 / max(open_still, 1)
    note = f"{open_still:,} open, {after.rss_mib:.0f} MiB, {after.cpu_s - before.cpu_s:.1f} CPU s to open them"
    return Point(SECTION, f"memory of one of {count:,} idle connections", each_kib, "KiB", 15, note=note)
