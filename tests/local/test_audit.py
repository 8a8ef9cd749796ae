"""`python -m local audit`: the check of the audit log, for whoever runs the house."""

import os
import subprocess
import sys
from pathlib import Path

from tests.local.conftest import ROOT


def audit(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "local", "audit", "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, env={**clean, **variables}, capture_output=True, text=True, check=False)


def test_it_checks_the_database_that_the_environment_names(tmp_path: Path, database_url: str) -> None:
    told = audit(tmp_path, DATABASE_URL=database_url)
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, "The audit log is whole: 0 rows.")


def test_where_nothing_runs_it_says_so(tmp_path: Path) -> None:
    told = audit(tmp_path)
    assert (told.returncode, told.stdout) == (2, f"Nothing runs in {tmp_path}, and DATABASE_URL is not set. Start it with `make up`.\n")


def test_a_database_that_is_away_can_not_be_checked(tmp_path: Path) -> None:
    told = audit(tmp_path, DATABASE_URL="postgresql://olamchat@127.0.0.1:1/none")
    assert told.returncode == 2
    assert told.stderr.startswith("The audit log could not be checked: ")
