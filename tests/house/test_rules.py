"""The house's small rules: lengths, links, variables, targets, and nothing of one machine in the files of all."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from olamchat.environment import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
# The chart's values are a form to fill in, each with its sentence: one file by Helm's rules.
GENERATED = (
    "package-lock.json",
    "charts/olamchat/values.yaml",
    "charts/olamchat/README.md",
    "requirements/",
    ".svg",
    "bench/report",
    "docs/openapi",
    "generated",
)


def tracked(*suffixes: str) -> list[Path]:
    """Return the files that belong to the project, of these kinds or of all."""
    told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in told.stdout.splitlines()]
    return [file for file in files if file.is_file() and (not suffixes or file.suffix in suffixes)]


def text(file: Path) -> str:
    try:
        return file.read_text()
    except UnicodeDecodeError:
        return ""


def run_script(name: str) -> tuple[int, str]:
    command = [sys.executable, f"scripts/{name}", "--check"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.returncode, told.stdout + told.stderr


def is_made_by_a_program(file: Path) -> bool:
    return any(part in file.as_posix() for part in GENERATED)


def length(file: Path) -> int:
    """Return a file's lines, without the tables that `make faults` writes into its page."""
    return len(re.sub(r"(?s)<!-- (what make faults printed.*?) -->.*?<!-- end of \1 -->", "", text(file)).splitlines())


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    sources = [file for file in tracked(".py", ".ts", ".tsx", ".mjs", ".md", ".yaml") if not is_made_by_a_program(file)]

    assert [file.relative_to(ROOT).as_posix() for file in sources if length(file) > MOST_LINES] == []


def test_no_file_knows_this_machine() -> None:
    homes = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/[\w.]")
    excepted = {ROOT / "tests/house/test_rules.py"}

    assert [file.relative_to(ROOT).as_posix() for file in tracked() if file not in excepted and homes.search(text(file))] == []


def test_no_file_names_a_package_index() -> None:
    """Which index serves the packages is a matter of the machine that installs them."""
    names = ("pypi" + ".org", "files.pythonhosted" + ".org", "registry.npmjs" + ".org", "--index" + "-url http")
    hosts = re.compile("|".join(map(re.escape, names)))

    assert [file.relative_to(ROOT).as_posix() for file in tracked() if hosts.search(text(file))] == []


def test_every_link_in_the_docs_leads_somewhere() -> None:
    link = re.compile(r"\]\((?!https?://|mailto:|#)([^)\s#]+)")
    links = [(page, target) for page in tracked(".md") for target in link.findall(text(page))]

    assert [f"{page.relative_to(ROOT)}: {target}" for page, target in links if not (page.parent / target).exists()] == []


def test_every_variable_is_in_the_readme() -> None:
    assert run_script("write_configuration.py") == (0, "")
    assert all(f"`{name}`" in text(ROOT / "docs/configuration.md") for name in VARIABLES.values())


def test_no_variable_is_read_past_the_environment() -> None:
    """A pod's settings are read in one place; local/ starts processes and so hands variables on."""
    reads = re.compile(r"os\.(?:environ|getenv)")
    files = [file for file in tracked(".py") if file.relative_to(ROOT).parts[0] in {"functions", "worker", "olamchat"}]

    assert [file.relative_to(ROOT).as_posix() for file in files if reads.search(text(file)) and file.name != "environment.py"] == []


def test_make_alone_tells_of_every_target() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text(ROOT / "Makefile"), re.MULTILINE)) - {"python"}
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert targets == set(re.findall(r"^  make ([\w-]+) +\S", told, re.MULTILINE))


def test_the_picture_shows_the_imports_that_are_there() -> None:
    assert run_script("draw_house.py") == (0, "")
