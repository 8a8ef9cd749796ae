"""Break the house on purpose and count what was lost: `python -m tests.faults`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults import table
from tests.faults.faults import FAULTS, SHORT
from tests.faults.house import House
from tests.faults.scenario import MODELS, Verdict, people, run

PROBLEMS_SHOWN = 12


def main() -> int:
    """Run the scenarios asked for; the exit code is 1 when an answer was lost, doubled or had a gap."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", default="", help=f"scenarios, divided by commas: {', '.join(FAULTS)}")
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}, with 20 answers each")
    parser.add_argument("--answers", type=int, help="answers a scenario (200)")
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder, removed at the end, where not given")
    given = parser.parse_args()
    names = given.only.split(",") if given.only else SHORT if given.short else list(FAULTS)
    if unknown := [name for name in names if name not in FAULTS]:
        parser.error(f"there is no {', '.join(unknown)}")
    answers = given.answers or (20 if given.short else 200)
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(suite(given.folder, names, answers))
    with tempfile.TemporaryDirectory(prefix="olamchat-faults-") as folder:
        return asyncio.run(suite(Path(folder), names, answers))


async def suite(folder: Path, names: list[str] | tuple[str, ...], answers: int) -> int:
    """Start the house, run the scenarios, print the table as it grows."""
    house = House(folder, MODELS)
    verdicts: list[Verdict] = []
    try:
        house.start()
        users = await people(house, 8)
        print(f"{table.machine()}\n\n{table.head()}", flush=True)
        for name in names:
            verdict = await run(house, users, FAULTS[name], answers)
            verdicts.append(verdict)
            print(table.row(verdict), flush=True)
            for problem in verdict.problems[:PROBLEMS_SHOWN]:
                print(f"    {problem}", file=sys.stderr, flush=True)
    finally:
        house.stop()
    return 0 if all(verdict.clean for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
