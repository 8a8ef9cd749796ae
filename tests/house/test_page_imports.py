"""Who may import whom in the page: each rule of web/.dependency-cruiser.cjs is seen to bite."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
CONFIG = ".dependency-cruiser.cjs"

VIOLATIONS = [
    ("features-apart", "features/sidebar/intruder.ts", "@/features/chat"),
    ("ui-knows-no-feature", "ui/intruder.ts", "@/features/chat"),
    ("lib-knows-nobody", "lib/intruder.ts", "@/ui/button"),
    ("features-under-main", "features/chat/intruder.ts", "@/main/boundary"),
    ("no-dead-imports", "lib/intruder.ts", "./nobody"),
    ("keys-apart", "features/settings/keys/intruder.ts", "../account/device"),
    ("chat-thread", "features/chat/thread/intruder.ts", "../composer/use-draft"),
    ("chat-thread", "features/chat/thread/intruder.ts", "../temporary/temporary"),
    ("chat-temporary", "features/chat/temporary/intruder.ts", "../composer/use-draft"),
    ("chat-composer", "features/chat/composer/intruder.ts", "../messages/editing"),
    ("chat-deep-link", "features/chat/deep-link/intruder.ts", "../messages/editing"),
    ("chat-messages", "features/chat/messages/intruder.ts", "../composer/use-draft"),
    ("chat-messages", "features/chat/messages/answer/intruder.ts", "../../use-escape"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the page's sources that may be broken."""
    copy = tmp_path_factory.mktemp("page")
    for name in (CONFIG, "package.json", "tsconfig.json"):
        shutil.copy(WEB / name, copy)
    shutil.copytree(WEB / "src", copy / "src")
    (copy / "node_modules").symlink_to(WEB / "node_modules")
    return copy


@pytest.fixture(scope="module")
def violations(page: Path) -> set[tuple[str, str]]:
    """The rules that do not hold and where, once every violation is in the page, each in a file of its own."""
    assert violated(page) == set()
    for number, (_, file, target) in enumerate(VIOLATIONS):
        (page / intruding(file, number)).write_text(f'import "{target}";\n')
    (page / "src/lib/one.ts").write_text('import "./other";\n')
    (page / "src/lib/other.ts").write_text('import "./one";\n')
    return violated(page)


def intruding(file: str, number: int) -> str:
    return f"src/{file}".replace("intruder", f"intruder-{number}")


def violated(page: Path) -> set[tuple[str, str]]:
    """Return each rule that does not hold with the file that breaks it."""
    cruiser = WEB / "node_modules" / ".bin" / "depcruise"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    told = subprocess.run(
        [cruiser, "src", "--config", CONFIG, "--output-type", "json"],
        cwd=page,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    summary = json.loads(told.stdout)["summary"]
    assert summary["totalCruised"] > 200, "nothing was looked at"
    return {(violation["rule"]["name"], violation["from"]) for violation in summary["violations"]}


@pytest.mark.parametrize("number", range(len(VIOLATIONS)), ids=[" ".join(violation) for violation in VIOLATIONS])
def test_a_wrong_import_is_seen(violations: set[tuple[str, str]], number: int) -> None:
    rule, file, _ = VIOLATIONS[number]

    assert (rule, intruding(file, number)) in violations


def test_a_circle_is_seen(violations: set[tuple[str, str]]) -> None:
    assert {file for rule, file in violations if rule == "no-circles"} & {"src/lib/one.ts", "src/lib/other.ts"}


def test_every_rule_has_its_violation() -> None:
    show = f"console.log(require('{WEB / CONFIG}').forbidden.map(({{ name }}) => name).join(' '))"
    told = subprocess.run([Path(sys.executable).with_name("node"), "-e", show], capture_output=True, text=True, check=True)
    named = {rule for rule, _, _ in VIOLATIONS} | {"no-circles"}

    assert set(re.split(r"\s+", told.stdout.strip())) == named
