"""The knowledge bases of an Open WebUI. Each becomes a collection of its owner, and the index workers here read its documents again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from local import say
from local.moving.names import Names
from local.moving.open_webui import listed, text
from local.moving.report import Report
from local.moving.store import Store
from local.moving.uploads import Uploads
from olamchat.errors import Problem
from olamchat.services.knowledge import collections

# A knowledge base's files, each with the directories above it.
Files = dict[str, list[tuple[str, str]]]


def move(there: Store, people: Mapping[str, tuple[UUID | None, str]], uploads: Uploads, report: Report, *, dry: bool) -> None:
    """Make the collections. `people` maps each person's id there to their id here and their email."""
    files, names = _files(there), Names(180)
    with say.step("Knowledge") as step:
        for row in there.rows("knowledge"):
            owner, name = str(row.get("user_id")), text(row.get("name")).strip()[:180] or "Knowledge"
            if owner not in people:
                report.leave("knowledge", name, "its owner has no account")
                continue
            _one(names.own(name, owner), files.get(str(row["id"]), []), people[owner], uploads, report, dry=dry)
        step.note = f"{sum(report.counts[f'collections {what}'] for what in ('made', 'that were there'))}"


def _one(name: str, files: list[tuple[str, str]], owner: tuple[UUID | None, str], uploads: Uploads, report: Report, *, dry: bool) -> None:
    user_id, email = owner
    there = _there(user_id, name) if user_id else None
    report.count("collections that were there" if there else "collections made")
    if not there:
        report.leave("knowledge", name, "only its owner can read it until they share it here", email)
    if dry or user_id is None:
        report.count("documents", 0 if there else sum(uploads.has(id_, directory, email) for id_, directory in files))
        return
    try:
        collection = there or collections.create(user_id=user_id, name=name, audience="owner")
    except Problem as problem:
        report.leave("knowledge", name, str(problem), email)
        return
    for id_, directory in files:
        uploads.add(user_id, UUID(collection["id"]), id_, directory, email)
    report.count("documents", collections.get(user_id=user_id, collection_id=UUID(collection["id"]))["documents"] - collection["documents"])


def _there(user_id: UUID, name: str) -> dict[str, Any] | None:
    """Return the person's collection of this name: one that is there already is from a run before, and gets what it lacks."""
    return next((each for each in collections.listed(user_id=user_id) if each["mine"] and each["name"] == name), None)


def _files(there: Store) -> Files:
    """Return the files of each knowledge base: of a table of their own, or of a column in the versions before it."""
    paths = _directories(there)
    found: Files = {}
    for row in there.rows("knowledge_file"):
        found.setdefault(str(row["knowledge_id"]), []).append((str(row["file_id"]), paths.get(str(row.get("directory_id")), "")))
    for row in there.rows("knowledge"):
        found.setdefault(str(row["id"]), []).extend((id_, "") for id_ in listed(row.get("data"), "file_ids"))
    return found


def _directories(there: Store) -> dict[str, str]:
    """Return each directory's path, by its id."""
    rows = {str(row["id"]): row for row in there.rows("knowledge_directory")}
    paths = {}
    for id_, row in rows.items():
        parts, above, seen = [text(row.get("name"))], str(row.get("parent_id")), {id_}
        while above in rows and above not in seen:
            seen.add(above)
            parts.append(text(rows[above].get("name")))
            above = str(rows[above].get("parent_id"))
        paths[id_] = "/".join(reversed(parts)) + "/"
    return paths
