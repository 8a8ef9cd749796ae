"""What was called: kept in a file, a line a call, so that it outlives the server's death."""

import json
import time
from pathlib import Path
from typing import Any


class Book:
    """The calls so far, by whatever process they came."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, tool: str, key: str, arguments: dict[str, Any]) -> None:
        self._write({"event": "began", "tool": tool, "key": key, "arguments": arguments})

    def end(self, tool: str, key: str, how: str) -> None:
        self._write({"event": "ended", "tool": tool, "key": key, "how": how})

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._path.read_text().splitlines()] if self._path.exists() else []

    def _write(self, said: dict[str, Any]) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps({**said, "at": time.time()}) + "\n")
