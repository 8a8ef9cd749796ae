"""The house under random faults for a long time: answers all along, viewers coming and going, and the memory of each process.

    python -m tests.faults.soak --minutes 30 --viewers 1000

The first process of each pair is killed, ended and paused; the second is only paused, so that its memory can be followed.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests.faults import faults, table
from tests.faults.clients.api import Api
from tests.faults.clients.tab import Tab
from tests.faults.house import Act, House
from tests.faults.judging import Question, judge_tab, rows_of
from tests.faults.scenario import DEADLINE_S, people, until_nothing_is_left

LENGTH, RATE = 40, 3
TEXT = "".join(f" w{number}" for number in range(LENGTH))
EVERY_S = 20.0
SAMPLE_S = 10.0
# A process fills its caches and pools at first.
WARM_S = 180.0
STAY_S = (15.0, 60.0)


def acts() -> list[tuple[str, Act]]:
    """Return what may happen, by name."""
    pairs = ("worker", "stream", "messages", "conversations", "auth", "models")
    first = [(f"{how.__name__} {pair}-0", how(f"{pair}-0")) for pair in pairs for how in (faults.kill, faults.terminate)]
    paused = [
        (f"pause {name}", faults.pause(name, 5)) for name in (*(f"{pair}-1" for pair in pairs), "redis", "postgres", "engine", "wire")
    ]
    servers = [(f"kill {name}", faults.kill(name)) for name in ("redis", "postgres", "engine")]
    return [*first, *paused, *servers, ("flush redis", faults.flush)]


@dataclass
class Soak:
    """What goes on, and what was seen."""

    house: House
    users: list[Api]
    ends: float
    live: list[Question] = field(default_factory=list)
    watching: int = 0
    most_watching: int = 0
    visits: int = 0
    done: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    memory: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return time.monotonic() > self.ends

    async def ask(self) -> None:
        """Ask one question after the other; each must arrive at its asker."""
        while not self.over:
            api = random.choice(self.users)
            made = await api.until("POST", "/api/conversations", {"title": "soak"})
            tab = Tab(api, made["id"], TEXT)
            question = Question(api, "soak", "soak", made["id"], TEXT, [tab])
            tab.open()
            body = {"content": "Count.", "model": "soak"}
            sent = await api.until("POST", f"/api/conversations/{made['id']}/messages", body, Idempotency_Key=uuid4().hex)
            question.answer_id = sent["answer"]["id"]
            self.live.append(question)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(tab.until_ended(), DEADLINE_S)
            self.live.remove(question)
            await tab.close()
            self.judge(question)

    def judge(self, question: Question) -> None:
        for tab in question.tabs:
            judge_tab(question, 0, tab)
        self.done["answers"] += 1
        self.done["gaps"] += sum(tab.reader.gaps for tab in question.tabs)
        for kind in ("lost", "doubled"):
            self.done[kind] += any(problem.startswith(kind) for problem in question.problems)
        self.problems += [f"{question.conversation_id}: {problem}" for problem in question.problems]

    async def view(self) -> None:
        """Come, watch an answer, perhaps to its end, go; again and again."""
        await asyncio.sleep(random.uniform(0, 30))
        while not self.over:
            if not self.live:
                await asyncio.sleep(1)
                continue
            question = random.choice(self.live)
            tab = Tab(question.api, question.conversation_id, TEXT)
            self.watching, self.visits = self.watching + 1, self.visits + 1
            self.most_watching = max(self.most_watching, self.watching)
            tab.open()
            await asyncio.sleep(random.uniform(*STAY_S))
            await tab.close()
            self.watching -= 1
            self.done["gaps"] += tab.reader.gaps
            if tab.seen.wrong or len(tab.seen.closings) > 1:
                self.done["doubled"] += 1
                self.problems.append(f"{question.conversation_id}: a viewer saw {tab.seen}")

    async def break_things(self) -> None:
        while not self.over:
            began = time.monotonic()
            name, act = random.choice(acts())
            self.done["faults"] += 1
            print(f"{time.strftime('%H:%M:%S')} {name}; {self.done['answers']} answers, {self.watching} watch", file=sys.stderr, flush=True)
            await act(self.house)
            await asyncio.sleep(max(1.0, began + EVERY_S - time.monotonic()))

    async def measure(self) -> None:
        while not self.over:
            for name, part in self.house.parts.items():
                if part.process is not None and part.pids:
                    self.memory.setdefault((name, part.process.pid), []).append((time.monotonic(), part.memory_mb))
            await asyncio.sleep(SAMPLE_S)


def slope_mb_h(samples: list[tuple[float, float]]) -> float:
    """Return the least-squares slope, in MB an hour."""
    n = len(samples)
    mean_t, mean_m = sum(t for t, _ in samples) / n, sum(m for _, m in samples) / n
    spread = sum((t - mean_t) ** 2 for t, _ in samples)
    return 3600 * sum((t - mean_t) * (m - mean_m) for t, m in samples) / spread if spread else 0.0


def report(soak: Soak, minutes: float) -> str:
    """Say what happened, and how the memory of each process that lived long went."""
    done = soak.done
    lines = [
        f"{minutes:g} minutes, {done['faults']} faults, up to {soak.most_watching} viewers at once in {soak.visits} visits",
        f"answers {done['answers']}, lost {done['lost']}, doubled {done['doubled']}, gaps {done['gaps']}",
        "",
        "| process | minutes | MB after warming up | MB at the end | MB an hour |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for (name, _), samples in soak.memory.items():
        warm = [(t, m) for t, m in samples if t > samples[0][0] + WARM_S]
        if name not in {"router", "wire", "engine"} and len(warm) * SAMPLE_S > WARM_S:
            minutes = (samples[-1][0] - samples[0][0]) / 60
            lines.append(f"| {name} | {minutes:.0f} | {warm[0][1]:.0f} | {warm[-1][1]:.0f} | {slope_mb_h(warm):+.1f} |")
    return "\n".join(lines)


async def soak(folder: Path, minutes: float, viewers: int, askers: int) -> int:
    """Run it; the exit code is 1 when an answer was lost, doubled or had a gap."""
    house = House(folder, {"soak": f"length={LENGTH}&rate={RATE}"})
    try:
        house.start()
        run = Soak(house, await people(house, 8), time.monotonic() + minutes * 60)
        tasks = [*(run.ask() for _ in range(askers)), *(run.view() for _ in range(viewers)), run.break_things(), run.measure()]
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, BaseException):
                run.problems.append(f"broke: {outcome!r}")
        left = await until_nothing_is_left(house)
        rows = await asyncio.to_thread(rows_of, house)
        unfinished = [rest for answers in rows.values() for _, status, *rest in answers if status != "done"]
        run.problems += [f"left behind: {left}"] * bool(left) + [f"lost: {len(unfinished)} rows are not done: {unfinished[:3]}"] * bool(
            unfinished
        )
        print(f"{table.machine()}\n\n{report(run, minutes)}")
        for problem in run.problems[:20]:
            print(problem, file=sys.stderr)
        return 1 if run.problems or run.done["gaps"] else 0
    finally:
        house.stop()


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder where not given")
    given = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(soak(given.folder, given.minutes, given.viewers, given.askers))
    with tempfile.TemporaryDirectory(prefix="olamchat-soak-") as folder:
        return asyncio.run(soak(Path(folder), given.minutes, given.viewers, given.askers))


if __name__ == "__main__":
    sys.exit(main())
