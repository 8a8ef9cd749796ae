"""The knowledge bases of an Open WebUI. Each becomes a collection of its owner, and the index workers here read its documents again."""

from collections.abc import Mapping
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
        step.note = str(report.counts["collections"])


def _one(name: str, files: list[tuple[str, str]], owner: tuple[UUID | None, str], uploads: Uploads, report: Report, *, dry: bool) -> None:
    user_id, email = owner
    report.leave("knowledge", name, "only its owner can read it until they share it here", email)
    report.count("collections")
    try:
        collection = None if dry or user_id is None else _collection(user_id, name)
    except Problem as problem:
        report.leave("knowledge", name, str(problem), email)
        return
    for id_, directory in files:
        uploads.add(user_id, collection, id_, directory, email)


def _collection(user_id: UUID, name: str) -> UUID:
    """Return the person's collection of this name; one that is there already is from a run before, and gets what it lacks."""
    there = (each for each in collections.listed(user_id=user_id) if each["mine"] and each["name"] == name)
    found = next(there, None) or collections.create(user_id=user_id, name=name, audience="owner")
    return UUID(found["id"])


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
