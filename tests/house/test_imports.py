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
    ("rooms", "olamchat/network/intruder.py", "import olamchat.redis"),
    ("rooms", "olamchat/network/intruder.py", "import olamchat.db"),
    ("rooms", "olamchat/clock.py", "import olamchat.redis"),
    ("rooms", "olamchat/environment.py", "import olamchat.errors"),
    ("rooms", "olamchat/fanout/intruder.py", "import olamchat.services"),
    ("functions", "functions/files/intruder.py", "import functions.messages.routes"),
    ("functions", "functions/http/intruder.py", "import functions.schemas.files"),
    ("functions", "functions/schemas/intruder.py", "import functions.app"),
    ("functions", "functions/intruder.py", ""),  # a room that no layer names
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
    ("passkeys", "functions/intruder.py", "import webauthn"),
    ("pdf", "functions/intruder.py", "import pypdfium2"),
    ("documents", "functions/intruder.py", "import docx"),
    ("photos", "functions/intruder.py", "import PIL.Image"),
    ("mcp", "olamchat/services/intruder.py", "import mcp"),
    ("mcp", "worker/prompt/intruder.py", "import trafilatura"),
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


@pytest.fixture(scope="module")
def complaints(house: Path) -> dict[str, str]:
    """What each contract says once every violation is in the house, each in a module of its own."""
    assert complained(house) == {}
    for number, (_, file, line) in enumerate(VIOLATIONS):
        with (house / intruding(file, number)).open("a") as module:
            module.write(f"\n{line}\n")
    return complained(house)


def intruding(file: str, number: int) -> str:
    return file.replace("intruder", f"intruder_{number}")


def complained(house: Path) -> dict[str, str]:
    """Return what the linter says of each contract that does not hold, by its id."""
    command: list[str | Path] = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    wide = {"PATH": "", "COLUMNS": "300", "PYTHONUTF8": "1"}
    told = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, env=wide)
    broken = dict.fromkeys(re.findall(r"^(.*) BROKEN$", told.stdout, re.MULTILINE), "")
    if told.returncode and not broken:
        raise AssertionError(told.stdout + told.stderr)
    for name in broken:
        broken[name] = re.split(rf"^{re.escape(name)}\n-+\n", told.stdout, flags=re.MULTILINE)[-1].split("\n---")[0]
    return {key: broken[name] for key, name in CONTRACTS.items() if name in broken}


@pytest.mark.parametrize("number", range(len(VIOLATIONS)), ids=[" ".join(violation) for violation in VIOLATIONS])
def test_a_wrong_import_is_seen(complaints: dict[str, str], number: int) -> None:
    contract, file, line = VIOLATIONS[number]
    module = intruding(file, number).removesuffix(".py").replace("/", ".")
    arrow = f" -> {seen(line.removeprefix('import '))} (l." if line else "\n"

    assert re.search(rf"^-\s+{re.escape(module + arrow)}", complaints.get(contract, ""), re.MULTILINE)


def seen(target: str) -> str:
    """Return the name that the linter knows an imported module by: of other people's packages the first part."""
    package = target.split(".", maxsplit=1)[0]
    return target if package in PACKAGES else package


def test_every_contract_has_its_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)
