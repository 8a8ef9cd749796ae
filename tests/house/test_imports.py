"""Who may import whom: each contract of pyproject.toml is seen to bite."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("functions", "local", "migrations", "olamchat", "worker")
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract["name"] for contract in LINTER["contracts"]}

VIOLATIONS = [
    ("rooms", "functions/intruder.py", "import worker.engines.base"),
    ("rooms", "functions/intruder.py", "import local.page"),
    ("rooms", "worker/intruder.py", "import functions.routes"),
    ("rooms", "worker/intruder.py", "import migrations.runner"),
    ("local", "local/intruder.py", "import functions.routes"),
    ("local", "local/intruder.py", "import worker.pools.pool"),
    ("rooms", "migrations/intruder.py", "import local.page"),
    ("rooms", "olamchat/services/intruder.py", "import functions.routes"),
    ("rooms", "olamchat/db/intruder.py", "import olamchat.services"),
    ("rooms", "olamchat/db/intruder.py", "import olamchat.tokenlog.base"),
    ("rooms", "olamchat/tokenlog/intruder.py", "import olamchat.jobs"),
    ("rooms", "olamchat/redis.py", "import olamchat.roster"),
    ("rooms", "olamchat/clock.py", "import olamchat.redis"),
    ("rooms", "olamchat/environment.py", "import olamchat.errors"),
    ("rooms", "olamchat/fanout/intruder.py", "import olamchat.services"),
    ("functions", "functions/files/intruder.py", "import functions.messages.routes"),
    ("functions", "functions/http/intruder.py", "import functions.schemas.files"),
    ("functions", "functions/schemas/intruder.py", "import functions.app"),
    ("functions", "functions/intruder.py", "import olamchat.clock"),
    ("worker", "worker/engines/intruder.py", "import worker.pools.pool"),
    ("worker", "worker/prompt/intruder.py", "import worker.upkeep.leases"),
    ("worker", "worker/upkeep/intruder.py", "import worker.answer.runner"),
    ("services", "olamchat/services/turns/intruder.py", "import olamchat.services.answers"),
    ("services", "olamchat/services/people/intruder.py", "import olamchat.services.models.selection"),
    ("tables", "functions/intruder.py", "import peewee"),
    ("tables", "worker/intruder.py", "import playhouse.postgres_ext"),
    ("tables", "olamchat/tokenlog/intruder.py", "import peewee"),
    ("wire", "olamchat/tokenlog/intruder.py", "import redis"),
    ("wire", "worker/intruder.py", "import redis"),
    ("wire", "local/intruder.py", "import redis"),
    ("engines", "functions/intruder.py", "import requests"),
    ("engines", "worker/intruder.py", "import requests"),
    ("provider", "functions/intruder.py", "import authlib"),
    ("objects", "olamchat/services/intruder.py", "import botocore.session"),
    ("pdf", "functions/intruder.py", "import pypdf"),
    ("photos", "functions/intruder.py", "import PIL.Image"),
    ("mcp", "olamchat/services/intruder.py", "import mcp"),
    ("plain", "olamchat/services/intruder.py", "import flask"),
    ("plain", "olamchat/db/intruder.py", "import worker.engines.base"),
    ("light", "worker/intruder.py", "import flask"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house that may be broken."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def broken(house: Path) -> set[str]:
    """Return the ids of the contracts that do not hold."""
    command: list[str | Path] = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    wide = {"PATH": "", "COLUMNS": "300", "PYTHONUTF8": "1"}
    told = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, env=wide)
    names = set(re.findall(r"^(.*) BROKEN$", told.stdout, re.MULTILINE))
    if told.returncode and not names:
        raise AssertionError(told.stdout + told.stderr)
    return {key for key, name in CONTRACTS.items() if name in names}


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    assert broken(house) == set()


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_wrong_import_is_seen(house: Path, contract: str, file: str, line: str) -> None:
    intruder = house / file
    before = intruder.read_text() if intruder.exists() else None
    intruder.write_text(f"{before or ''}\n{line}\n")

    try:
        assert contract in broken(house)
    finally:
        if before is None:
            intruder.unlink()
        else:
            intruder.write_text(before)


def test_every_contract_has_its_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)
