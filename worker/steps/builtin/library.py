"""search_knowledge: passages of the documents that the person has chosen for the answer, found as those before a question are."""

import asyncio
from collections.abc import Mapping
from typing import Any

from olamchat.db.rows import Row
from olamchat.services.knowledge import retrieval, sources
from olamchat.services.steps.moves import Step
from olamchat.texts import keepable
from worker.pools.finder import Finder

_NOTHING = "Nothing in the documents was found. Try other words, or say that the documents don't answer this."


class Library:
    """Looks in what the asker may read at that moment."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    async def search(self, step: Step, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return passages as sources, so that they are numbered with what other steps bring. Raises DatabaseLost."""
        asked = " ".join(keepable(str(arguments["query"])).split())
        found = await asyncio.to_thread(self._found, step, asked) if asked else []
        content = [_source(row) for row in found]
        return {"content": content or [{"type": "text", "text": _NOTHING}], "structured": None, "cut": False}

    def _found(self, step: Step, asked: str) -> list[Row]:
        return self._finder.find(user_id=step.user_id, collections=retrieval.chosen(step.message_id), asked=asked)


def _source(row: Row) -> dict[str, Any]:
    where = f"{row['path']}, page {row['page']}" + (f", {row['heading']}" if row["heading"] else "")
    passage = {name: row[name] for name in ("chunk", "path", "page", "heading")} | {"document_id": str(row["document_id"])}
    return {
        "type": "source",
        "url": sources.passage(row["document_id"], row["chunk"]),
        "title": where,
        "text": row["text"],
        "passage": passage,
    }
