"""Kill the processes of olamchat and of Open WebUI while they write answers, and count what is kept.

Open WebUI's package needs an environment of its own (7 GB):

    uv venv --python 3.11 owui && uv pip install --python owui/bin/python 'open-webui[postgres]==0.12.4'
    python -m bench.peers --open-webui owui/bin/open-webui

Both get the same scripted engine: 200 tokens at 20 a second. A fault comes five seconds after the last question was taken. olamchat is
`make up`, whose supervisor starts again what dies; a process of Open WebUI is started again two seconds later, as a container would be.
The chats are read through each system's API when all are complete, or when nothing has moved for 30 s.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.peers import kept, olamchat, open_webui, open_webui_place, rounds
from bench.peers.kept import Row, Seen
from tests.faults import table
from tests.faults.house import ROOT

PAGE = ROOT / "docs/comparison.md"
MARK = "what bench.peers printed"


def main() -> int:
    """Run the rounds and print the table; the exit code is 1 when olamchat lost or doubled an answer."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--open-webui", type=Path, metavar="COMMAND", help="its command, open-webui; olamchat alone is measured where not given"
    )
    parser.add_argument("--only-open-webui", action="store_true", help="leave olamchat out")
    parser.add_argument("--answers", type=int, default=20, help="answers a round (20; one person may have no more at once)")
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder, removed at the end, where not given")
    parser.add_argument("--write", action="store_true", help="put the table into docs/comparison.md; with both systems only")
    given = parser.parse_args()
    if given.open_webui and not given.open_webui.is_file():
        parser.error(f"there is no {given.open_webui}")
    if given.only_open_webui and not given.open_webui:
        parser.error("--only-open-webui needs --open-webui")
    if given.write and (given.only_open_webui or not given.open_webui):
        parser.error("--write needs both systems")
    with tempfile.TemporaryDirectory(prefix="olamchat-peers-") as made:
        folder: Path = given.folder or Path(made)
        for system in ("olamchat", "open-webui", "open-webuis"):
            (folder / system).mkdir(parents=True)
        return asyncio.run(suite(given, folder))


async def suite(given: argparse.Namespace, folder: Path) -> int:
    """Measure one system after the other."""
    rows = [] if given.only_open_webui else await _olamchat(folder / "olamchat", given.answers)
    clean = all(row.fates["complete"] == row.fates.total() for row in rows)
    if given.open_webui:
        command = given.open_webui.absolute()
        rows += await _open_webui(open_webui_place.Place(command, folder / "open-webui", several=False), given.answers)
        rows += await _open_webui(open_webui_place.Place(command, folder / "open-webuis", several=True), given.answers)
    text = "\n".join([f"{table.machine()}, olamchat at {_commit()}, {time.strftime('%-d %B %Y')}:\n", *kept.lines(rows)])
    print(text)
    if given.write:
        table.write(MARK, text, PAGE)
    return 0 if clean else 1


async def _olamchat(folder: Path, answers: int) -> list[Row]:
    place = olamchat.Place(folder)
    place.start()
    try:
        system = await place.signed_up()
        return [_told((await rounds.run(system, fault, answers))[0]) for fault in place.faults()]
    finally:
        place.stop()


async def _open_webui(place: open_webui_place.Place, answers: int) -> list[Row]:
    """Measure it; with Redis read all once again when that has forgotten what was streamed, and tell where it made a difference."""
    rows: list[Row] = []
    asked: dict[str, list[str]] = {}
    try:
        place.start()
        system = await open_webui.signed_up(place)
        for fault in open_webui.faults(place):
            row, asked[fault.name] = await rounds.run(system, fault, answers)
            rows.append(_told(row))
        if place.several:
            await asyncio.sleep(open_webui.KEPT_IN_REDIS_S + 10)
            rows = [again for row in rows for again in await _again(system, row, asked[row.fault])]
    finally:
        place.stop()
    return rows


async def _again(system: open_webui.OpenWebui, row: Row, chats: list[str]) -> list[Row]:
    seen: list[Seen] = await rounds.read_all(system, chats)
    later = kept.count(system.name, f"{row.fault}; read five minutes later", seen)
    return [row] if (later.fates, later.writing) == (row.fates, row.writing) else [row, _told(later)]


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _told(row: Row) -> Row:
    print("  ".join(row.cells()), file=sys.stderr, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
