"""What an import has done, and what stayed behind and why: a summary for the terminal, every line of it in a file where wished."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from local import say

_SHOWN = 10
# What is told of what was moved, in this order.
_TOLD = (
    *(f"{what} {how}" for what in ("accounts", "groups", "conversations", "prompts", "collections") for how in ("made", "that were there")),
    "conversations restored",
    "files",
    "documents",
)


@dataclass
class Report:
    """Counts by what happened, and a line for each thing that did not come along whole."""

    counts: Counter[str] = field(default_factory=Counter)
    left: list[dict[str, str]] = field(default_factory=list)

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] += by

    def leave(self, kind: str, name: str, why: str, owner: str = "") -> None:
        """Note something that did not come along, or not whole."""
        self.left.append({"kind": kind, "name": name, "why": why, **({"owner": owner} if owner else {})})

    def tell(self, file: Path | None, *, dry: bool) -> None:
        """Print the summary, and write the lines into a file."""
        say.line("Would be moved:" if dry else "Moved:")
        for what in _TOLD:
            if self.counts[what]:
                say.line(f"  {self.counts[what]:7,} {what}")
        if self.left:
            say.line(f"Not moved, or not whole: {len(self.left)}")
            for kind, lines in _by_kind(self.left).items():
                self._tell_kind(kind, lines, all_of_them=file is None)
        if file:
            file.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in self.left))
            say.line(f"Each of them: {file}")

    @staticmethod
    def _tell_kind(kind: str, lines: list[dict[str, str]], *, all_of_them: bool) -> None:
        say.line(f"  {kind} ({len(lines)})")
        for line in lines[:_SHOWN]:
            say.line(f"    {line['name'] or '(without a name)'}{' of ' + line['owner'] if 'owner' in line else ''}: {line['why']}")
        if len(lines) > _SHOWN:
            say.line(f"    … and {len(lines) - _SHOWN} more{'; --report FILE lists them' if all_of_them else ''}")


def _by_kind(lines: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        found.setdefault(line["kind"], []).append(line)
    return found
