"""Break the house on purpose and count what was lost: `python -m tests.faults`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults import documents, stopping, table
from tests.faults.clients.api import Api
from tests.faults.faults import FAULTS, SHORT
from tests.faults.house import House
from tests.faults.judging import Verdict
from tests.faults.scenario import MODELS, people, run
from tests.faults.steps import cases
from tests.faults.steps import faults as acting
from tests.faults.steps import scenario as steps
from tests.faults.steps import table as acting_table

PROBLEMS_SHOWN = 12
STOP, ACT = "stop-", "act-"


def main() -> int:
    """Run the scenarios asked for; the exit code is 1 when an answer was lost, doubled or had a gap."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument(
        "--only", default="", help=f"comma-separated scenarios: {', '.join([*SCENARIOS, *ACTING])}, {documents.NAME}, stop-latency"
    )
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}, with 20 answers each")
    parser.add_argument("--answers", type=int, help="answers a fault (200), a quarter of them at each stage")
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder, removed at the end, where not given")
    parser.add_argument(
        "--write", action="store_true", help="put what is printed into docs/reliability.md and docs/knowledge.md; with all scenarios only"
    )
    given = parser.parse_args()
    names = given.only.split(",") if given.only else list(SHORT) if given.short else [*SCENARIOS, f"{STOP}latency", *ACTING, documents.NAME]
    if unknown := [name for name in names if name not in {*SCENARIOS, f"{STOP}latency", *ACTING, documents.NAME}]:
        parser.error(f"there is no {', '.join(unknown)}")
    if given.write and (given.only or given.short):
        parser.error("--write wants all scenarios")
    answers = given.answers or (20 if given.short else 200)
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(suite(given.folder, names, answers, write=given.write))
    with tempfile.TemporaryDirectory(prefix="olamchat-faults-") as folder:
        return asyncio.run(suite(Path(folder), names, answers, write=given.write))


SCENARIOS = [*FAULTS, *(f"{STOP}{name}" for name in stopping.STOPPED)]
ACTING = [f"{ACT}{name}" for name in acting.FAULTS]


async def suite(folder: Path, names: list[str], answers: int, *, write: bool) -> int:
    """Start the house, run the scenarios, print the tables as they grow."""
    house = House(folder, MODELS | stopping.MODELS | cases.models())
    printed, acted, brought = Printed(), Printed(), Printed()
    verdicts: list[Verdict] = []
    clean = True
    began = time.monotonic()
    try:
        house.start()
        users = await people(house, 8)
        printed.say(f"{table.machine()}:\n")
        skipped = {name: FAULTS[name].missing for name in names if name in FAULTS and FAULTS[name].missing}
        for number, name in enumerate(name for name in names if name in SCENARIOS and name not in skipped):
            if number == 0:
                printed.say(table.head())
            verdicts.append(await _scenario(house, users, name, answers))
            printed.judged(verdicts[-1], table.lines(verdicts[-1]))
        if f"{STOP}latency" in names:
            measured = await stopping.latencies(house, users, max(10, answers // 4))
            printed.say(f"\n{table.head(table.STOP_HEAD, 1)}\n" + "\n".join(table.stop_lines(measured)))
        if acts := [name.removeprefix(ACT) for name in names if name in ACTING]:
            verdicts += await _act(house, users, acts, answers, acted)
        if documents.NAME in names:
            clean = await _bring(house, users[0], max(50, answers * 5 // 2), brought)
        for reason in sorted(set(skipped.values())):
            printed.say(f"\nNot run: {', '.join(name for name in skipped if skipped[name] == reason)}: {reason}.")
        printed.say(f"\n{table.total(verdicts)} It took {(time.monotonic() - began) / 60:.0f} minutes.")
    finally:
        house.stop()
    if write:
        table.write("what make faults printed", "\n".join(printed.lines))
        table.write("what make faults printed of answers that act", "\n".join(acted.lines))
        table.write("what make faults printed of documents", "\n".join(brought.lines), documents.PAGE)
    return 0 if clean and all(verdict.clean for verdict in verdicts) else 1


async def _bring(house: House, user: Api, count: int, printed: "Printed") -> bool:
    """Bring in documents while their readers are killed; tell whether each was read once and whole."""
    printed.say(table.head(documents.HEAD, 1))
    verdict = await documents.run(house, user, count)
    printed.judged(verdict, documents.lines(verdict))
    return verdict.clean


async def _act(house: House, users: list[Api], names: list[str], answers: int, printed: "Printed") -> list[Verdict]:
    """Run the scenarios in which every answer calls a tool."""
    await steps.add_servers(house)
    printed.say(f"{table.head(acting_table.HEAD)}")
    verdicts: list[Verdict] = []
    for name in names:
        verdict = await steps.run(house, users, acting.FAULTS[name], answers)
        verdicts.append(verdict)
        printed.judged(verdict, acting_table.lines(verdict))
    return verdicts


async def _scenario(house: House, users: list[Api], name: str, answers: int) -> Verdict:
    if name.startswith(STOP):
        return await stopping.run(house, users, stopping.STOPPED[name.removeprefix(STOP)], max(9, answers * 3 // 10))
    return await run(house, users, FAULTS[name], answers)


class Printed:
    """What was printed so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)
        print(text, flush=True)

    def judged(self, verdict: Verdict | documents.Verdict, lines: Iterator[str]) -> None:
        """Print a verdict's rows, and what was wrong on the side."""
        for line in lines:
            self.say(line)
        for problem in verdict.problems[:PROBLEMS_SHOWN]:
            print(f"    {problem}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
