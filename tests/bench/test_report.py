"""The report: each goal beside what was measured, and what could not be measured named."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.answers import Row
from bench.reporting import goals, report, results
from bench.reporting.results import Point, Results

ROW = {
    "system": "olamchat", "load": "spread", "first_p50": 10.0, "first_p99": 20.0, "token_p50": 1.0, "token_p99": 2.0, "tokens": 1000,
    "tokens_per_s": 100.0, "lost": 0, "doubled": 0, "failed": 0,
}  # fmt: skip


def row(streams: int, cpu_s: float) -> Row:
    return Row(**ROW, streams=streams, cpu_s={"worker": cpu_s, "engine": 9.0}, redis_commands={"evalsha": 500, "xadd": 4000})  # type: ignore[arg-type]


def test_goals_are_held_against_what_was_measured() -> None:
    found = Results(rows=[row(64, 0.09), row(256, 0.2)], points=[Point("Fan-out", "deltas", 30_000, "deltas/s", 60_000, least=True)])

    told = {(one.where, one.what): one for one in goals.every(found)}

    assert told["64 streams, spread", "server CPU per token, all processes, starts included"].measured == pytest.approx(90)
    assert told["64 streams, spread", "server CPU per token, all processes, starts included"].met
    assert not told["64 streams, spread", "Redis commands per token"].met
    assert not told["256 over 64 streams, spread", "server CPU per token: linear in streams"].met
    assert (told["Fan-out", "deltas"].met, told["Fan-out", "deltas"].missed_by) == (False, 2.0)


def test_the_report_tells_by_how_much_and_where_the_time_goes(tmp_path: Path) -> None:
    found = Results(rows=[row(64, 0.2)], failed={"rest": "Broken: no such | door"}, took_s={"answers": 5})

    report.write(found, tmp_path)
    text = (tmp_path / report.NAME).read_text()

    assert "| 64 streams, spread | Redis commands per token | ≤ 0.3 | 0.5 | **missed**, 1.7 × |" in text
    assert "**rest was not measured** | Broken: no such / door" in text
    assert report.NEXT in text
    assert (tmp_path / "bench-cost.svg").exists()


def test_a_part_that_fails_is_named_and_the_others_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_folder: Path, _asked: argparse.Namespace, _found: Results) -> None:
        raise RuntimeError("no house")

    async def works(_folder: Path, _asked: argparse.Namespace, found: Results) -> None:
        found.replace_section("REST", [Point("REST", "a list", 1.0, "ms", 2.0)])

    monkeypatch.setitem(bench.PARTS, "singles", fails)
    monkeypatch.setitem(bench.PARTS, "rest", works)

    code = bench.main(["--only", "singles", "--only", "rest", "--into", str(tmp_path)])

    kept = results.load(tmp_path / bench.KEPT)
    assert code == 1
    assert kept.failed == {"singles": "RuntimeError: no house"}
    assert [point.what for point in kept.points] == ["a list"]
    assert "singles was not measured" in (tmp_path / report.NAME).read_text()


def test_a_blind_process_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "counting.py").write_text(
        "from prometheus_client import Counter, Histogram, generate_latest\n"
        "Counter('c', '', ['a']).labels('x').inc(); Histogram('h', '').observe(1)\n"
        "print('h_count 0.0' in generate_latest().decode())\n"
    )
    command = [sys.executable, "-m", "bench.systems.blind", "counting"]
    told = subprocess.run(
        command, cwd=report.ROOT, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "True"
