"""The files that chats of Open WebUI refer to: found in its folder of uploads, or within the chat itself."""

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from local.moving.report import Report
from local.moving.store import Store
from olamchat.errors import Problem
from olamchat.services.knowledge import attaching, documents


@dataclass
class Uploads:
    """Knows where each file's bytes are, and keeps those that are wanted, once for each person."""

    folder: Path | None
    report: Report
    dry: bool
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def look_up(self, store: Store) -> None:
        """Learn which files there are."""
        self.known = {str(row["id"]): {"name": row.get("filename") or "file", "path": row.get("path") or ""} for row in store.rows("file")}

    def keep(self, user_id: UUID, reference: str, of: str) -> UUID | None:
        """Keep a file for a person and return its id; None, with a line in the report, where it can't be had or isn't taken."""
        name, content = self._content(reference)
        if content is None:
            self.report.leave("files", name, "its bytes are not there; --uploads names their folder", of)
            return None
        try:
            kept = UUID(int=0) if self.dry else UUID(attaching.upload(user_id=user_id, name=name, content=content)["id"])
        except Problem as problem:
            self.report.leave("files", name, str(problem), of)
            return None
        self.report.count("files")
        return kept

    def add(self, user_id: UUID, collection: UUID, reference: str, directory: str, of: str) -> None:
        """Put a file into a person's collection, below a directory. A line in the report where it can't be had or isn't taken."""
        name, content = self._content(reference)
        if content is None:
            self._lacks(directory + name, of)
            return
        try:
            documents.upload(user_id=user_id, collection_id=collection, path=directory + name, content=content)
        except Problem as problem:
            self.report.leave("documents", directory + name, str(problem), of)

    def has(self, reference: str, directory: str, of: str) -> bool:
        """Tell whether a file's bytes are there to be put into a collection; a line in the report where they aren't."""
        name, content = self._content(reference)
        if content is None:
            self._lacks(directory + name, of)
        return content is not None

    def _lacks(self, path: str, of: str) -> None:
        self.report.leave("documents", path, "its bytes are not there; --uploads names their folder", of)

    def _content(self, reference: str) -> tuple[str, bytes | None]:
        if reference.startswith("data:"):
            return "image", _inline(reference)
        row = self.known.get(reference)
        if row is None:
            return reference[:80], None
        for file in self._places(str(row["path"])):
            if file.is_file():
                return str(row["name"]), file.read_bytes()
        return str(row["name"]), None

    def _places(self, path: str) -> list[Path]:
        """Return where a file may lie: where it lay there, or by its name in the folder that was named. A path in a bucket has neither."""
        if not path or "://" in path:
            return []
        beside = [self.folder / Path(path).name] if self.folder else []
        return [*beside, Path(path)]


def _inline(url: str) -> bytes | None:
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        return None
