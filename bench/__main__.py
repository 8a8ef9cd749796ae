"""`python -m bench`: measure, keep the results, print the tables, write bench/report.md."""

import argparse
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop

from bench import fanout, measure, regression, report, rest, results, scaling, singles, storage, tables
from bench.answers import Load, Row
from bench.results import Results

KEPT = Path(__file__).parent / "results.json"
GENTLE = 0.25
Part = Callable[[Path, argparse.Namespace, Results], Awaitable[None]]


def loads(streams: Sequence[int]) -> list[Load]:
    """Return the loads of the main table: each number of streams spread over 2 s, and the two special arrivals."""
    spread = [Load(count) for count in streams]
    gentle = [Load(64, spread_s=64 * GENTLE, name="gentle")] if 64 in streams else []
    at_once = [Load(256, spread_s=0, name="at once")] if 256 in streams else []
    return [*spread, *gentle, *at_once]


async def answers(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    async with measure.Ground(folder) as ground:
        found.rows = await measure.table(ground, loads(asked.streams), asked.rounds, _say)
    print(tables.answers(found.rows))


PARTS: dict[str, Part] = {
    "answers": answers,
    "singles": singles.run,
    "fanout": fanout.run,
    "rest": rest.run,
    "storage": storage.run,
    "scaling": scaling.run,
}


def main(words: Sequence[str] | None = None) -> int:
    """Measure what was asked for; exit 1 when --check finds something worse than the kept results."""
    asked = _arguments().parse_args(words)
    then = results.load(KEPT)
    if asked.report:
        report.write(then)
        return 0
    now = results.load(KEPT)
    now.machine, now.versions = results.machine(), results.versions()
    with tempfile.TemporaryDirectory(prefix="olamchat-bench-") as made:
        folder = Path(asked.keep or made)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # Postgres runs as nobody where the bench runs as root
        uvloop.run(_measure(folder, asked, now))
    if asked.check:
        return _check(now, then)
    results.save(now, KEPT)
    report.write(now)
    print(f"written: {report.REPORT.relative_to(report.ROOT)}")
    return 0


async def _measure(folder: Path, asked: argparse.Namespace, now: Results) -> None:
    for name in asked.only or PARTS:
        await PARTS[name](folder / name, asked, now)


def _check(now: Results, then: Results) -> int:
    ratios = regression.compare(now, then)
    lines = [(one.what, f"{one.then:.3g}", f"{one.now:.3g}", "worse" if one.worse else "") for one in ratios]
    print(tables.table(("ratio", "kept", "now", ""), lines))
    return int(any(one.worse for one in ratios))


def _say(row: Row) -> None:
    print("  ".join(tables.answer_line(row)), row.trouble, flush=True)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--streams", type=lambda text: [int(word) for word in text.split(",")], default=[1, 16, 64, 256], help="e.g. 1,16,64,256"
    )
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds, of which the medians count (3)")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be given more than once; all of them where absent")
    parser.add_argument("--check", action="store_true", help="compare ratios with the kept results and write nothing; exit 1 when worse")
    parser.add_argument("--report", action="store_true", help="measure nothing: make the report again from the kept results")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the servers' data and logs there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
