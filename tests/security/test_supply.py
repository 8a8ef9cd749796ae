"""What it is made of: every package pinned and known by its content, and a bill of materials that names them all."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
LOCKS = [
    ROOT / path
    for path in (
        "web/package-lock.json",
        "tests/security/node/package-lock.json",
        "tests/tool_server/node/package-lock.json",
        "tests/chart/package-lock.json",
        "bench/node/package-lock.json",
    )
]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?==[^\s;]+( ; .+?)? \\$")
HASHED = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_with_its_hashes(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if line and not line.lstrip().startswith("#")]
    packages = [at for at, line in enumerate(lines) if not line.startswith(" ")]

    assert len(packages) > 5
    assert [lines[at] for at in packages if not PINNED.match(lines[at])] == []
    assert [lines[at] for at in packages if not HASHED.match(lines[at + 1])] == [], "no hash follows"
    assert [line for line in lines if line.startswith(" ") and not HASHED.match(line)] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_node_package_is_locked_with_its_hash(path: Path) -> None:
    packages: dict[str, dict[str, Any]] = {name: each for name, each in json.loads(path.read_text())["packages"].items() if name}
    wanted = json.loads(path.with_name("package.json").read_text())

    assert packages
    assert [
        name for name, each in packages.items() if not each.get("link") and not str(each.get("integrity", "")).startswith("sha512-")
    ] == []
    named = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    assert [f"{name} {version}" for name, version in named.items() if not re.fullmatch(r"(npm:.+@)?\d+\.\d+\.\d+[\w.-]*", version)] == []


@pytest.mark.parametrize("arguments", [["python"], ["node", "web/package-lock.json"]], ids=["python", "page"])
def test_the_bill_of_materials_names_what_is_there(arguments: list[str]) -> None:
    ran = subprocess.run([sys.executable, "scripts/sbom.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)

    bill = json.loads(ran.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = {part["name"].lower() for part in bill["components"]}
    assert {"flask", "psycopg"} <= names if arguments == ["python"] else {"next", "react"} <= names
    assert all(part["purl"].startswith(("pkg:pypi/", "pkg:npm/")) and part["version"] for part in bill["components"])


def test_nothing_is_installed_but_by_its_hash() -> None:
    """By pip --require-hashes and by npm ci, which install nothing else; `npm install` would."""
    makers = [ROOT / name for name in ("Makefile", "Dockerfile", "web/Dockerfile", "scripts/setup.py", ".ci/run")]
    said = "\n".join(path.read_text() for path in makers if path.exists())

    assert "--require-hashes" in (ROOT / "scripts/setup.py").read_text()
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()
    assert re.findall(r"npm (?:install|i)\b.*", said) == []
