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
    ("features-under-app", "features/chat/intruder.ts", "@/app/boundary"),
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


def broken(page: Path) -> set[str]:
    """Return the names of the rules that do not hold."""
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
    return {violation["rule"]["name"] for violation in summary["violations"]}


def test_the_page_as_it_stands_keeps_every_rule(page: Path) -> None:
    assert broken(page) == set()


@pytest.mark.parametrize(("rule", "file", "target"), VIOLATIONS)
def test_a_wrong_import_is_seen(page: Path, rule: str, file: str, target: str) -> None:
    intruder = page / "src" / file
    intruder.write_text(f'import "{target}";\n')

    try:
        assert rule in broken(page)
    finally:
        intruder.unlink()


def test_a_circle_is_seen(page: Path) -> None:
    one, other = page / "src/lib/one.ts", page / "src/lib/other.ts"
    one.write_text('import "./other";\n')
    other.write_text('import "./one";\n')

    try:
        assert broken(page) == {"no-circles"}
    finally:
        one.unlink()
        other.unlink()


def test_every_rule_has_its_violation() -> None:
    show = f"console.log(require('{WEB / CONFIG}').forbidden.map(({{ name }}) => name).join(' '))"
    told = subprocess.run([Path(sys.executable).with_name("node"), "-e", show], capture_output=True, text=True, check=True)
    named = {rule for rule, _, _ in VIOLATIONS} | {"no-circles"}

    assert set(re.split(r"\s+", told.stdout.strip())) == named
