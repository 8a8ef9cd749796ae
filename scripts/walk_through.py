"""Run the walk-through of docs/api.md against a running house and put its real output in: `python scripts/walk_through.py http://127.0.0.1:8000`.

A ```console block holds commands (`$ …`, one a line) and what they print. They run one after another in one shell.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
BASE = "http://127.0.0.1:8000"
MARK = "--- next ---"


@dataclass(frozen=True)
class Said:
    """One command and what it printed."""

    command: str
    output: str

    def __str__(self) -> str:
        return f"$ {self.command}\n{self.output}"


def written(page: str) -> list[Said]:
    """Return the commands of the page with the output that stands below each."""
    blocks = "".join(BLOCK.findall(page))
    return [Said(*_parts(entry)) for entry in re.split(r"^\$ ", blocks, flags=re.MULTILINE) if entry.strip()]


def run(commands: list[str], base: str) -> list[Said]:
    """Run the commands in one shell, with `base` in the place of the usual address; tokens are cut short."""
    script = "".join(f"{command.replace(BASE, base)}\necho; echo '{MARK}'\n" for command in commands)
    told = subprocess.run(["bash"], input=script, capture_output=True, text=True, timeout=120, check=False)
    outputs = [output.strip("\n") for output in told.stdout.split(f"{MARK}\n")]
    return [Said(command, _shown(output, base)) for command, output in zip(commands, outputs, strict=False)]


def _parts(entry: str) -> tuple[str, str]:
    command, _, output = entry.partition("\n")
    return command, output.strip("\n")


def _shown(output: str, base: str) -> str:
    return re.sub(r"eyJ[\w.-]+", "eyJ…", output.replace(base, BASE))


def main(base: str) -> int:
    """Rewrite the walk-through's outputs, block by block."""
    page = PAGE.read_text()
    fresh = iter(run([said.command for said in written(page)], base))

    def block(found: re.Match[str]) -> str:
        count = len(re.findall(r"^\$ ", found[1], re.MULTILINE))
        return "```console\n" + "\n".join(f"{next(fresh)}".rstrip("\n") for _ in range(count)) + "\n```"

    PAGE.write_text(BLOCK.sub(block, page))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
