"""`python -m bench`: measure, keep the results, print the tables, write bench/report.md.

A part that fails is named in the report, and the others are measured all the same; what each part found is kept as soon as it is there.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvloop

from bench import measure
from bench.answers import Load, Row
from bench.client.script import Script
from bench.parts import (
    everyday,
    fanout,
    imports,
    knowledge,
    observed,
    page,
    reading,
    rest,
    scaling,
    searching,
    singles,
    starts,
    steps,
    storage,
)
from bench.reporting import regression, report, results, tables
from bench.reporting.results import Results

KEPT = "results.json"
GENTLE_S, GENTLE_TOKENS = 0.25, 800
# A part that hangs is given up; the longest takes some ten minutes, but for what is asked for in full: an index of a million vectors is built
# in half an hour.
PATIENCE_S, PATIENCE_WITH_MANY_S = 1_500, 7_200
STREAMS, SHORT_STREAMS = [1, 16, 64, 256], [1, 16]
Part = Callable[[Path, argparse.Namespace, Results], Coroutine[Any, Any, None]]


def loads(streams: Sequence[int]) -> list[Load]:
    """Return the loads of the main table: each number of streams spread over 2 s, the two special arrivals, and a machine that others use.

    The gentle one takes long and has its goal in itself, so only the house is measured under it.
    """
    spread = [Load(count) for count in streams]
    long = Script(length=GENTLE_TOKENS)
    gentle = [Load(64, long, spread_s=64 * GENTLE_S, name="gentle", alone=True)] if 64 in streams else []
    at_once = [Load(256, spread_s=0, name="at once")] if 256 in streams else []
    crowded = [Load(64, burners=1, name="one core taken by others", alone=True)] if 64 in streams else []
    return [*spread, *gentle, *at_once, *crowded]


async def answers(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    async with measure.Ground(folder) as ground:
        found.rows = await measure.table(ground, loads(asked.streams), asked.rounds, _say)
    print(tables.answers(found.rows))


PARTS: dict[str, Part] = {
    "answers": answers,
    "singles": singles.run,
    "starts": starts.run,
    "everyday": everyday.run,
    "fanout": fanout.run,
    "rest": rest.run,
    "storage": storage.run,
    "steps": steps.run,
    "knowledge": knowledge.run,
    "reading": reading.run,
    "searching": searching.run,
    "imports": imports.run,
    "scaling": scaling.run,
    "observed": observed.run,
    "page": page.run,
}


def main(words: Sequence[str] | None = None) -> int:
    """Measure what was asked for; exit 1 when a part failed, or when --check finds something worse than the kept results."""
    asked = _arguments().parse_args(words)
    asked.streams = asked.streams or (SHORT_STREAMS if asked.short else STREAMS)
    asked.rounds = asked.rounds or (1 if asked.short else 3)
    into = Path(asked.into)
    then = results.load(report.BENCH / KEPT)
    if asked.report:
        report.write(then, into)
        return 0
    now = results.load(into / KEPT)
    now.machine, now.versions = results.machine(), results.versions()
    with tempfile.TemporaryDirectory(prefix="olamchat-bench-") as made:
        folder = Path(asked.keep or made)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # Postgres runs as nobody where the bench runs as root
        for name in asked.only or PARTS:
            _measure(name, folder, asked, now)
            if not asked.check:
                results.save(now, into / KEPT)
    if asked.check:
        return _check(now, then)
    report.write(now, into)
    print(f"written: {into / report.NAME}")
    return int(any(name in now.failed for name in asked.only or PARTS))


def _measure(name: str, folder: Path, asked: argparse.Namespace, now: Results) -> None:
    began = time.monotonic()
    print(f"\n== {name}: {list(PARTS).index(name) + 1} of {len(PARTS)} parts, {time.strftime('%H:%M:%S')}", flush=True)
    now.failed.pop(name, None)
    try:
        patience_s = PATIENCE_WITH_MANY_S if asked.documents or asked.pieces else PATIENCE_S
        uvloop.run(asyncio.wait_for(PARTS[name](folder / name, asked, now), patience_s))
    except Exception as error:  # noqa: BLE001, the other parts are still worth measuring; the report says what is missing
        traceback.print_exc()
        now.failed[name] = f"{type(error).__name__}: {error}"
    now.took_s[name] = round(time.monotonic() - began)
    print(f"== {name} took {now.took_s[name]} s", flush=True)


def _check(now: Results, then: Results) -> int:
    ratios = regression.compare(now, then)
    lines = [(one.what, f"{one.then:.3g}", f"{one.now:.3g}", "worse" if one.worse else "") for one in ratios]
    print(tables.table(("ratio", "kept", "now", ""), lines))
    return int(any(one.worse for one in ratios) or bool(now.failed))


def _say(row: Row) -> None:
    print("  ".join(tables.answer_line(row)), row.trouble, flush=True)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--streams", type=lambda text: [int(word) for word in text.split(",")], help="e.g. 1,64; usually 1,16,64,256")
    parser.add_argument("--rounds", type=int, help="interleaved rounds, of which the medians count (3)")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be given more than once; all of them where absent")
    parser.add_argument("--documents", type=int, help="how many are imported beside chats (10,000)")
    parser.add_argument("--pieces", type=int, help="how many are searched (100,000)")
    parser.add_argument("--short", action="store_true", help="all parts in a few minutes, smaller and once: to see that they work")
    parser.add_argument("--check", action="store_true", help="compare ratios with the kept results and write nothing; exit 1 when worse")
    parser.add_argument("--report", action="store_true", help="measure nothing: make the report again from the kept results")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the servers' data and logs there")
    parser.add_argument(
        "--into",
        metavar="FOLDER",
        default=str(report.BENCH),
        help="write results and report there, plots too where it is another than bench",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
