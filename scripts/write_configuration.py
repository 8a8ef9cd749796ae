"""Write the table of docs/configuration.md from olamchat/environment.py: `python scripts/write_configuration.py [--check]`."""

import re
import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from olamchat.environment import VARIABLES, Environment  # noqa: E402
from worker.engines.registry import NAMED  # noqa: E402

PAGE = ROOT / "docs" / "configuration.md"
BEGIN, END = "<!-- configuration: made by scripts/write_configuration.py -->", "<!-- /configuration -->"


def table() -> str:
    """Return the table: a row for each field, with the comment above it as its sentence."""
    said = _sentences((ROOT / "olamchat" / "environment.py").read_text())
    rows = [f"| `{VARIABLES[field.name]}` | {_shown(field.default)} | {said[field.name]} |" for field in fields(Environment)]
    at = next(number for number, row in enumerate(rows) if VARIABLES["pools_file"] in row) + 1
    rows[at:at] = [f"| `{kind.variable}` | – | {kind.about} |" for kind in NAMED.values()]
    return "\n".join(["| variable | default | what it is |", "| --- | --- | --- |", *rows])


def _sentences(source: str) -> dict[str, str]:
    found = re.findall(r"((?:    # .*\n)+)    (\w+): ", source)
    return {name: " ".join(line.strip().removeprefix("# ") for line in comment.splitlines()) for comment, name in found}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value != "" else "–"


def main(words: list[str]) -> int:
    """Write the table, or with --check say whether it is up to date."""
    before = PAGE.read_text()
    head, _, rest = before.partition(BEGIN)
    after = f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"
    if words == ["--check"]:
        if before != after:
            print("docs/configuration.md is out of date: run `python scripts/write_configuration.py`.")
        return int(before != after)
    PAGE.write_text(after)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
