"""Only step workers need what they speak to servers of tools with: everything else runs where none of it is installed."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.worker.conftest import ROOT, House, until

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
HIDDEN = next(contract["protected_modules"] for contract in CONTRACTS if contract["id"] == "mcp")
HIDES = f"""
import sys

class Hides:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {HIDDEN}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hides())
"""
SERVES = """
from functions.app import create_app
from functions.routes import FUNCTIONS
for function in FUNCTIONS:
    app = create_app([function])
assert create_app(FUNCTIONS).test_client().get("/api/openapi.json").status_code == 200
import worker.index.process
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder that hides these packages from a Python that has it on its path."""
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HIDES)
    return folder


def run(bare: Path, code: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(bare)}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_every_function_and_the_index_worker_start_without_the_steps_packages(bare: Path) -> None:
    missed = re.search(r"^ModuleNotFoundError: No module named '(\w+)", run(bare, "import worker.steps.process").stderr, re.MULTILINE)
    assert missed, "step workers start without their packages"
    assert missed[1] in HIDDEN

    done = run(bare, SERVES)

    assert done.returncode == 0, done.stderr


def test_a_worker_answers_without_the_steps_packages(house: House, bare: Path) -> None:
    house.start(PYTHONPATH=str(bare))
    until(lambda: house.offer("counter"), "the model")

    assert house.ask().until_told()["status"] == "done"
