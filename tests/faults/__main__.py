"""Break the house on purpose and count what was lost: `python -m tests.faults`."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import stopping, table
from tests.faults.client import Api
from tests.faults.faults import FAULTS, SHORT
from tests.faults.house import House
from tests.faults.judging import Verdict
from tests.faults.scenario import MODELS, people, run

PROBLEMS_SHOWN = 12
STOP = "stop-"


def main() -> int:
    """Run the scenarios asked for; the exit code is 1 when an answer was lost, doubled or had a gap."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", default="", help=f"scenarios, divided by commas: {', '.join(SCENARIOS)}, stop-latency")
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}, with 20 answers each")
    parser.add_argument("--answers", type=int, help="answers a fault (200), a quarter of them at each stage")
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder, removed at the end, where not given")
    parser.add_argument("--write", action="store_true", help="put what is printed into docs/reliability.md; with all scenarios only")
    given = parser.parse_args()
    names = given.only.split(",") if given.only else list(SHORT) if given.short else [*SCENARIOS, f"{STOP}latency"]
    if unknown := [name for name in names if name not in {*SCENARIOS, f"{STOP}latency"}]:
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


async def suite(folder: Path, names: list[str], answers: int, *, write: bool) -> int:
    """Start the house, run the scenarios, print the tables as they grow."""
    house, printed = House(folder, MODELS | stopping.MODELS), Printed()
    verdicts: list[Verdict] = []
    began = time.monotonic()
    try:
        house.start()
        users = await people(house, 8)
        printed.say(f"{table.machine()}:\n")
        for number, name in enumerate(name for name in names if name in SCENARIOS):
            if number == 0:
                printed.say(table.head())
            verdict = await _scenario(house, users, name, answers)
            verdicts.append(verdict)
            for line in table.lines(verdict):
                printed.say(line)
            for problem in verdict.problems[:PROBLEMS_SHOWN]:
                print(f"    {problem}", file=sys.stderr, flush=True)
        if f"{STOP}latency" in names:
            measured = await stopping.latencies(house, users, max(10, answers // 4))
            printed.say(f"\n{table.head(table.STOP_HEAD, 1)}\n" + "\n".join(table.stop_lines(measured)))
        printed.say(f"\n{table.total(verdicts)} It took {(time.monotonic() - began) / 60:.0f} minutes.")
    finally:
        house.stop()
    if write:
        table.write("what make faults printed", "\n".join(printed.lines))
    return 0 if all(verdict.clean for verdict in verdicts) else 1


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


if __name__ == "__main__":
    sys.exit(main())
