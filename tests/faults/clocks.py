"""Clocks that differ: some processes are told another time than the rest, by libfaketime (Debian: the package faketime).

Only the time of day is changed. What counts seconds (a monotonic clock) goes on as it does on a machine whose clock was set.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from functions.routes import FUNCTIONS
from tests.faults.house import Act, House, Part

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
MISSING = "" if LIBRARY else "libfaketime is not installed (Debian: apt install faketime)"
# After so long every process has read a changed file.
NOTICED_S = 1.2
OFFSETS_S = {"50ms": 0.05, "2s": 2.0, "1h": 3600.0}
# One of two where there are two: it then differs from the other as well as from the stores.
ROLES: dict[str, Sequence[str]] = {
    "worker": ("worker-0",),
    "functions": tuple(f"{function}-0" for function in FUNCTIONS),
    "redis": ("redis",),
    "postgres": ("postgres",),
}


def told(file: Path) -> dict[str, str]:
    """Return the environment of a process that is told the time in the file."""
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(Path(__file__).parent / "preload"),
    }


def differ(role: str, offset_s: float) -> Act:
    """Start a role's processes again with their clock ahead."""

    async def act(house: House) -> None:
        for name in ROLES[role]:
            house.clocks[name] = told(set_clock(house, name, offset_s))
        await restart([house.parts[name] for name in ROLES[role]])

    return act


def step(role: str, offset_s: float) -> Act:
    """Set the clocks of a role's processes while they run."""

    async def act(house: House) -> None:
        for name in ROLES[role]:
            set_clock(house, name, offset_s)

    return act


def set_right(role: str) -> Act:
    """Start a role's processes again with the clock of all."""

    async def act(house: House) -> None:
        for name in ROLES[role]:
            del house.clocks[name]
        await restart([house.parts[name] for name in ROLES[role]])

    return act


def set_clock(house: House, name: str, offset_s: float) -> Path:
    """Write how far a part's clock is ahead (negative: behind); return the file, which is replaced whole."""
    file = house.folder / "clocks" / name
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(f"{offset_s:+}s\n")
    return new.replace(file)


async def restart(parts: Sequence[Part]) -> None:
    """Have the parts end and start again, all at once."""
    for part in parts:
        part.terminate()
    for part in parts:
        await asyncio.to_thread(part.wait)
        part.start()
    for part in parts:
        await asyncio.to_thread(part.await_ready)
