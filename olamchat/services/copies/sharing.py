"""A read-only link to a conversation: whoever has it sees the branch that was shown when it was made, and nothing that was written since.

There is one link a conversation. Sharing again shows what is there now under the same link; revoking forgets it for good.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from olamchat.db import conversations, messages, shares
from olamchat.db.conversations import IN_FLIGHT
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import Conflict, NotFound
from olamchat.services import files
from olamchat.services.files import Content
from olamchat.services.knowledge import sources
from olamchat.services.knowledge.citations import with_citations
from olamchat.services.people import audit
from olamchat.services.steps import shape

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def share(*, user_id: UUID, conversation_id: UUID, named: bool) -> dict[str, Any]:
    """Make the link, or let it show what is there now; `named` shows the person's name. Raises NotFound; Conflict where there is nothing yet."""
    with connected(), database.atomic():
        conversation = conversations.lock(conversation_id, user_id)
        if conversation is None:
            raise NotFound
        path = messages.path(conversation_id, conversation["active_leaf_id"])
        ended = list(takewhile(lambda row: row["status"] not in IN_FLIGHT, path))
        if not ended:
            raise Conflict("This conversation has nothing to share yet.")
        row = shares.put(conversation_id, token=secrets.token_urlsafe(24), leaf_id=ended[-1]["id"], named=named)
    audit.note("share.made", actor_id=user_id, subject=str(conversation_id))
    return _shape(row, newest=True)


def get(*, user_id: UUID, conversation_id: UUID) -> dict[str, Any] | None:
    """Return the conversation's link, None where it has none. Raises NotFound."""
    with connected():
        conversation = conversations.find(conversation_id, user_id)
        row = shares.find(conversation_id) if conversation else None
    if conversation is None:
        raise NotFound
    return _shape(row, newest=conversation["active_leaf_id"] == row["leaf_id"]) if row else None


def revoke(*, user_id: UUID, conversation_id: UUID) -> None:
    """Forget the link: who has it finds nothing from now on. Raises NotFound."""
    with connected(), database.atomic():
        if conversations.lock(conversation_id, user_id) is None or not shares.delete(conversation_id):
            raise NotFound
    audit.note("share.revoked", actor_id=user_id, subject=str(conversation_id))


def seen(*, token: str) -> dict[str, Any]:
    """Return what whoever has the link sees: {title, by, shared_at, messages}. Raises NotFound."""
    if not _TOKEN.fullmatch(token):
        raise NotFound
    with connected():
        shown = shares.seen(token)
        path = with_citations(shape.with_steps(messages.path(shown["conversation_id"], shown["leaf_id"]))) if shown else []
    if shown is None:
        raise NotFound
    told = takewhile(lambda row: _ended_by(row, shown["shared_at"]), path)
    return {
        "title": shown["title"],
        "by": shown["by"],
        "shared_at": shown["shared_at"].isoformat(),
        "messages": [_message(row) for row in told],
    }


def file(*, token: str, file_id: UUID) -> Content:
    """Return a file of a message that whoever has the link sees. Raises NotFound."""
    if not _TOKEN.fullmatch(token):
        raise NotFound
    with connected():
        shown = shares.seen(token)
        path = shares.path(shown["conversation_id"], shown["leaf_id"]) if shown else []
    told = takewhile(lambda row: _ended_by(row, shown["shared_at"]), path) if shown else ()
    if shown is None or not any(each["id"] == str(file_id) for row in told for each in row["attachments"]):
        raise NotFound
    return files.get(user_id=shown["user_id"], file_id=file_id)


def _ended_by(row: Row, at: datetime) -> bool:
    """Tell whether a message had its last word by then; an answer that was gone on with since had not."""
    ended: datetime = row["finished_at"] or row["created_at"]
    return row["status"] not in IN_FLIGHT and ended <= at


def _message(row: Row) -> dict[str, Any]:
    """Return what is shown of a message: neither its id nor what the model thought, which tells of the system prompt.

    Of its steps their names and how they ended are shown, and what they brought from the web; what tools were asked and answered is the owner's.
    Of documents no more is shown than what the text cites.
    """
    numbers = sources.numbers(row["steps"])
    steps = [
        {name: step[name] for name in ("number", "server", "tool", "title", "state", "at", "passages")}
        | {"sources": [_unnamed(source, numbers) if sources.is_passage(source) else source for source in step["sources"]]}
        for step in row["steps"]
    ]
    cited = [_cited(told) for told in row["citations"] if f"[{told['number']}]" in row["content"]]
    # Who has the link reads the files, and asks nobody how they were read.
    attachments = [{**told, "document_id": None} for told in row["attachments"]]
    looked = bool((row["timings"] or {}).get("looked_in")) and row["status"] == "done"
    shown = {name: row[name] for name in ("role", "content", "model")}
    return {**shown, "attachments": attachments, "steps": steps, "citations": cited, "looked_in_documents": looked}


def _unnamed(passage: Mapping[str, str], numbers: Mapping[str, int]) -> dict[str, str]:
    """Return what keeps a passage's number for those that come after it, and tells nothing of it."""
    return {"url": sources.passage("", numbers[passage["url"]]), "title": ""}


def _cited(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a passage without the folders that its document lies in."""
    return {**{name: told[name] for name in ("number", "page", "heading", "quote")}, "name": told["path"].rsplit("/", 1)[-1]}


def _shape(row: Mapping[str, Any], *, newest: bool) -> dict[str, Any]:
    return {
        "token": row["token"],
        "path": f"/share/{row['token']}",
        "named": row["named"],
        "newest": newest,
        "shared_at": row["shared_at"].isoformat(),
    }
