"""A real worker and an engine that wants to bring it down: every answer ends, its memory stays bounded, and the others are served."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from olamchat import roster
from olamchat.services.turns import lifecycle
from tests.security.hostile_engine import CHATS, LISTS, Hostile, attacking
from tests.security.report import Matrix
from tests.worker.conftest import House, Worker, house, until

__all__ = ["house"]
# All attacks at once, 16 at a time: what they may take together, in MiB. Measured: docs/security.md.
BOUND_MIB = 300
POOLS = """
pools:
  - {{name: ollama, kind: ollama, urls: ["{url}"]}}
  - {{name: openai, kind: openai, urls: ["{url}/v1"]}}
  - {{name: demo, kind: demo}}
"""
ATTACKS = [name for name in CHATS if name not in {"endless-nothing", "endless-comments"} or os.environ.get("SECURITY")]


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with attacking() as server:
        yield server


@pytest.fixture
def worker(house: House, hostile: Hostile, tmp_path: Path) -> Worker:
    file = tmp_path / "pools.yaml"
    file.write_text(POOLS.format(url=hostile.url))
    worker = house.start(OLAMCHAT_POOLS_FILE=str(file), OLAMCHAT_CONCURRENCY="16", OLLAMA_URL="")
    until(lambda: {offer.pool for offer in roster.offers()} == {"ollama", "openai", "demo"}, "offers of all pools", 120)
    house.ask("count to 3", pool="demo").until("done")
    return worker


def mib(worker: Worker, what: str) -> int:
    """Return the worker's memory: VmRSS now, VmHWM at most."""
    lines = Path(f"/proc/{worker.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) // 1024


@pytest.mark.timeout(900)
def test_whatever_an_engine_says_its_worker_lives_on(house: House, hostile: Hostile, worker: Worker, matrix: Matrix) -> None:
    before = mib(worker, "VmRSS")

    asked = {(pool, attack): house.ask(pool=pool, model=attack) for pool in ("ollama", "openai") for attack in ATTACKS}
    others = [house.ask("count to 200", pool="demo") for _ in range(3)]
    for (_, attack), answer in asked.items():
        if attack == "drip":
            until(lambda answer=answer: answer.row["status"] == "running", "a drip")  # type: ignore[misc]
            lifecycle.stop(answer.id)
    ends = {name: answer.until("done", "failed", "stopped", timeout_s=600)["status"] for name, answer in asked.items()}

    assert {other.until("done")["content"].split()[-1] for other in others} == {"200"}
    assert {ends[pool, "drip"] for pool in ("ollama", "openai")} == {"stopped"}
    assert {name for name, status in ends.items() if status == "done" and not name[1].startswith(("endless-", "after", "half"))} <= {
        (pool, attack) for pool in ("ollama", "openai") for attack in ("no-utf8", "huge-numbers", "negative-numbers", "float-numbers")
    }
    assert house.run("SELECT count(*) FROM spent WHERE prompt_tokens < 0 OR completion_tokens < 0") == [(0,)]
    assert_bounded(worker, before, matrix, "answers")


@pytest.mark.skipif(
    not os.environ.get("SECURITY"), reason="two minutes; `make security` runs it, and test_hostile_parsers.py the parsers at once"
)
@pytest.mark.timeout(900)
def test_whatever_an_engine_lists_its_worker_lives_on(house: House, hostile: Hostile, worker: Worker, matrix: Matrix) -> None:
    before = mib(worker, "VmRSS")

    for attack in LISTS:
        hostile.lists = attack
        seen = len(hostile.visited)
        until(lambda seen=seen: sum("tags" in path for path in hostile.visited[seen:]) >= 2, f"two looks at {attack}", 120)  # type: ignore[misc]
        assert house.ask("count to 3", pool="demo").until("done", timeout_s=120)["content"]
    hostile.lists = ""

    until(lambda: house.offer("no-utf8") not in {None, "down"}, "honest lists", 120)
    assert house.ask(pool="ollama", model="no-utf8").until("done", timeout_s=120)["content"]
    assert "/trap" not in hostile.visited
    assert_bounded(worker, before, matrix, "lists")


def assert_bounded(worker: Worker, before: int, matrix: Matrix, what: str) -> None:
    after, most = mib(worker, "VmRSS"), mib(worker, "VmHWM")
    said = f"MiB the worker grew to at most by hostile {what} (from {before}, and {after} after them)"
    matrix.count(said, most)
    print(f"{most} {said}")
    assert worker.process.poll() is None
    assert most - before < BOUND_MIB, said
