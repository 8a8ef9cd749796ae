"""read_file: the text of an attachment of the conversation, also what of it had no room beside the question."""

import asyncio
from collections.abc import Mapping
from typing import Any

from olamchat.services.steps import pages
from olamchat.services.steps.moves import Step
from worker.steps.builtin import opening
from worker.steps.builtin.refusals import NotDone


async def read(step: Step, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of the newest attachment of that name. Raises NotDone, DatabaseLost."""
    files = await asyncio.to_thread(lambda: pages.attached(step.message_id))
    name = str(arguments["name"]).strip()
    found = next((file for file in files if file["name"] == name), None)
    if found is None:
        there = ", ".join(dict.fromkeys(repr(file["name"]) for file in files))[:1_000]
        raise NotDone("no_such_file", f"No file of that name is attached. These are: {there or 'none'}.")
    if not found["text"]:
        raise NotDone("not_readable", "There is no text in this file.")
    text = opening.part(found["text"], int(arguments.get("start") or 0), "read_file")
    return {"content": [{"type": "text", "text": text}], "structured": None, "cut": found["cut"]}
