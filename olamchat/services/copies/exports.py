"""Conversations as files: Markdown for people, JSON for programs; one of them, or all as a ZIP that is made while it is sent."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import UUID

from olamchat.db import conversations, messages
from olamchat.db.pool import connected
from olamchat.errors import NotFound
from olamchat.files.zips import ZipMember, zipped
from olamchat.services import files, serialize
from olamchat.services.knowledge import sources
from olamchat.services.knowledge.citations import with_citations
from olamchat.services.people import accounts
from olamchat.services.steps import shape

# Where in the ZIP a file is, by its id.
Places = Mapping[str, str]
# What some file systems don't take in a name.
_UNSAFE = re.compile(r'[<>:"|?*]')
_SPEAKERS = {"user": "You", "assistant": "Assistant"}


def as_json(*, user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Return {format, conversation, messages}: all branches of the tree. Raises NotFound."""
    with connected():
        conversation = _found(conversation_id, user_id)
        every = with_citations(shape.with_steps(messages.every(conversation_id)))
    return {
        "format": "olamchat/1",
        "conversation": serialize.conversation(conversation, answering=conversation["answering"]),
        "messages": [serialize.message(row) for row in every],
    }


def as_markdown(*, user_id: UUID, conversation_id: UUID, places: Places | None = None) -> str:
    """Return the branch that is shown, as Markdown; files that have a place beside it are linked. Raises NotFound."""
    with connected():
        conversation = _found(conversation_id, user_id)
        path = with_citations(shape.with_steps(messages.path(conversation_id, conversation["active_leaf_id"])))
    head = f"# {' '.join((conversation['title'] or 'Untitled').split())}\n"
    return "\n".join([head, *(_section(row, places or {}) for row in path)])


def everything(*, user_id: UUID) -> Iterator[bytes]:
    """Return the pieces of a ZIP with all of a person's conversations, in both formats, their files, and what they set. Raises NotSignedIn.

    What changes meanwhile is in it as it is when its turn comes; what is deleted meanwhile is left out. Where the store of the files is lost
    on the way, DatabaseLost ends it: a ZIP that comes whole has everything.
    """
    account = {"format": "olamchat-account/1", **accounts.me(user_id=user_id)}
    with connected():
        ids = conversations.all_ids(user_id)
    return zipped(_entries(user_id, account, ids))


def _entries(user_id: UUID, account: Mapping[str, Any], ids: list[UUID]) -> Iterator[ZipMember]:
    yield ZipMember("account.json", _json(account))
    places: dict[str, str] = {}
    for conversation_id in ids:
        with suppress(NotFound):
            whole = as_json(user_id=user_id, conversation_id=conversation_id)
            yield from _files(user_id, whole, places)
            text = as_markdown(user_id=user_id, conversation_id=conversation_id, places=places)
            name = _name(whole["conversation"])
            yield ZipMember(f"{name}.json", _json(_placed(whole, places)))
            yield ZipMember(f"{name}.md", text.encode())


def _files(user_id: UUID, whole: Mapping[str, Any], places: dict[str, str]) -> Iterator[ZipMember]:
    """Yield the files of a conversation that have no place yet, and note where they are. What is gone from its store has none."""
    for told in (each for message in whole["messages"] for each in message["attachments"]):
        if told["id"] in places:
            continue
        try:
            content = files.get(user_id=user_id, file_id=UUID(told["id"])).read()
        except NotFound:
            continue
        places[told["id"]] = f"files/{told['id']}/{_UNSAFE.sub('_', told['name'])}"
        yield ZipMember(places[told["id"]], content, packed=told["kind"] != "text")


def _placed(whole: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """Return a conversation whose files say where in the ZIP they are."""
    messages = [
        {**message, "attachments": [_with_place(told, places) for told in message["attachments"]]} for message in whole["messages"]
    ]  # fmt: skip
    return {**whole, "messages": messages}


def _with_place(told: Mapping[str, Any], places: Places) -> dict[str, Any]:
    return {**told, "path": places[told["id"]]} if told["id"] in places else {**told}


def _name(conversation: Mapping[str, Any]) -> str:
    """Name a conversation's files by day, title and the random end of its id, so that no two are the same."""
    title = " ".join(re.sub(r"[^\w -]+", " ", conversation["title"] or "Untitled").split())[:60].strip()
    return f"conversations/{conversation['created_at'][:10]} {title or 'Untitled'} {conversation['id'][-8:]}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _section(row: Mapping[str, Any], places: Places) -> str:
    model = f" ({row['model']})" if row["role"] == "assistant" and row["model"] else ""
    enclosed = "".join(f"- {_linked(told, places)}\n" for told in row["attachments"])
    enclosed = f"\n{enclosed}" if enclosed else ""
    return f"## {_SPEAKERS[row['role']]}{model}\n\n{_acted(row)}\n" + _cited(row) + enclosed + _sources(row)


def _acted(row: Mapping[str, Any]) -> str:
    """Return an answer's text with a line for each of its steps, where it stands in the text."""
    text, at, pieces = row["content"], 0, []
    for step in row["steps"]:
        name = " · ".join(part for part in (step["server"], step["title"] or step["tool"]) if part)
        pieces += [text[at : step["at"]], f"\n\n> {name}: {step['state']}\n\n"]
        at = max(at, step["at"])
    return "".join([*pieces, text[at:]]).strip()


def _sources(row: Mapping[str, Any]) -> str:
    """List what an answer cites by number."""
    lines = [
        f"{number}. [{_plain(source['title'])}](<{source['url']}>)\n"
        for number, source in sources.numbered(row["steps"])
        if not sources.is_passage(source)
    ]
    return f"\nSources:\n\n{''.join(lines)}" if lines else ""


def _plain(words: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", words)


def _cited(row: Mapping[str, Any]) -> str:
    """Return the passages that the text cites, as a list under it."""
    cited = [told for told in row["citations"] if f"[{told['number']}]" in row["content"]]
    lines = (f"- [{told['number']}] {told['path']}, p. {told['page']}: {' '.join(told['quote'].split())}\n" for told in cited)
    return "".join(["\n", *lines]) if cited else _searched(row)


def _searched(row: Mapping[str, Any]) -> str:
    """Return a line that says in which collections was looked for an answer that cites nothing of them."""
    names = ", ".join((row["timings"] or {}).get("looked_in") or ())
    if not names or row["status"] != "done":
        return ""
    return f"\n{'Nothing cited from' if row['citations'] else 'Nothing found in'}: {_plain(names)}\n"


def _linked(told: Mapping[str, Any], places: Places) -> str:
    """Name a file; one that has a place is linked, an image shown."""
    if told["id"] not in places:
        return str(told["name"])
    return f"{'!' if told['kind'] == 'image' else ''}[{_plain(told['name'])}](../{quote(places[told['id']])})"


def _found(conversation_id: UUID, user_id: UUID) -> Mapping[str, Any]:
    row = conversations.find(conversation_id, user_id)
    if row is None:
        raise NotFound
    return row
