"""Move an Open WebUI in: people first, then each of their conversations. Whatever came before is known again, so that a run may be repeated."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from local import say, version
from local.folder import Folder
from local.moving import groups, knowledge, open_webui, prompts, store
from local.moving.open_webui import SOURCE, Chat, text, time
from local.moving.report import Report
from local.moving.store import Store
from local.moving.uploads import Uploads
from local.process import CannotStart
from olamchat import passwords
from olamchat.db.pool import DatabaseLost, open_database
from olamchat.environment import environment
from olamchat.errors import Problem
from olamchat.services.copies import importing
from olamchat.services.people import incoming
from olamchat.services.people.incoming import IncomingPerson

# What is not moved yet: the table, and how its rows are called. A row's owner is named where it has one.
_WITHOUT_A_PLACE = {
    "folder": "folders", "tool": "tools", "function": "functions",
    "model": "models' settings", "memory": "memories", "note": "notes", "channel": "channels", "skill": "skills", "automation": "automations",
    "calendar": "calendars", "shared_chat": "shared links",
}  # fmt: skip
_OFTEN = 25


def move(folder: Folder, place: str, *, uploads: Path | None = None, dry: bool = False, report: Path | None = None) -> int:
    """Move everything in that there is a place for. Returns the exit code. Raises CannotStart; what was moved until then is known by the next run."""
    _choose_house(folder)
    told = Report()
    try:
        with store.opened(place) as there:
            move_in(there, Uploads(uploads or _beside(place), told, dry), told, dry=dry)
    except DatabaseLost:
        raise CannotStart("The house's database was lost on the way. Run it again: what was moved is not moved twice.") from None
    told.tell(report, dry=dry)
    return 0


def move_in(there: Store, uploads: Uploads, report: Report, *, dry: bool) -> None:
    """Move in what a store has."""
    uploads.look_up(there)
    people = _people(there, report, dry=dry)
    groups.move(there, {id_: email for id_, (_, email) in people.items()}, report, dry=dry)
    prompts.move(there, people, report, dry=dry)
    knowledge.move(there, people, uploads, report, dry=dry)
    _conversations(there, people, uploads, report, dry=dry)
    _name_the_rest(there, people, report)


def _choose_house(folder: Folder) -> None:
    """Go to the house that runs in the folder, or to the one that the environment names. Raises CannotStart."""
    house = folder.house() if folder.runs() else None
    if house is not None:
        os.environ.update({"DATABASE_URL": house.database_url, "REDIS_URL": house.redis_url})
    elif not os.environ.get("DATABASE_URL"):
        raise CannotStart(
            f"Nothing runs in {folder.path}. Start the house with `{version.start()}`, or set DATABASE_URL and REDIS_URL to the one that is meant."
        )
    open_database(size=2)


def _beside(place: str) -> Path | None:
    if "://" in place:
        return None
    path = Path(place)
    return (path if path.is_dir() else path.parent) / "uploads"


def _people(there: Store, report: Report, *, dry: bool) -> dict[str, tuple[UUID | None, str]]:
    """Make the accounts; returns each person's id here (None where it is only told) and e-mail, by their id there."""
    logins = {str(row["id"]): row for row in there.rows("auth")}
    found: dict[str, tuple[UUID | None, str]] = {}
    with say.step("People") as step:
        for row in there.rows("user"):
            email = text(row.get("email"))
            try:
                found[str(row["id"])] = (_person(row, logins.get(str(row["id"]), {}), report, dry=dry), email)
            except Problem as problem:
                report.leave("accounts", email or text(row.get("name")), str(problem))
        step.note = f"{len(found)}"
    return found


def _person(row: dict[str, Any], login: dict[str, Any], report: Report, *, dry: bool) -> UUID | None:
    email, kept = text(row.get("email")), text(login.get("password"))
    before = incoming.known(email)
    report.count("accounts that were there" if before else "accounts made")
    if before:
        return before
    takes, pending = passwords.is_bcrypt(kept), row.get("role") == "pending"
    if kept and not takes:
        report.leave("accounts", email, "the password's hash is not bcrypt's: an administrator sets a new one")
    if pending:
        report.leave("accounts", email, "it was waiting for approval: disabled, until an administrator enables it")
    if login.get("mfa"):
        report.leave("accounts", email, "its second factor is not moved")
    if dry:
        return None
    made, _ = incoming.take(
        IncomingPerson(
            email=email, name=text(row.get("name")), bcrypt=kept if takes else "", role="admin" if row.get("role") == "admin" else "user",
            disabled=pending or login.get("active") in (0, False), created_at=time(row.get("created_at")),
        ),
        source=SOURCE,
    )  # fmt: skip
    return made


def _conversations(there: Store, people: dict[str, tuple[UUID | None, str]], uploads: Uploads, report: Report, *, dry: bool) -> None:
    with say.step("Conversations") as step:
        for count, row in enumerate(there.rows("chat"), 1):
            user_id, email = people.get(str(row.get("user_id")), (None, ""))
            if str(row.get("user_id")) not in people:
                report.leave("conversations", text(row.get("title")), "its owner has no account")
                continue
            _conversation(open_webui.read(row), user_id, email, uploads, report, dry=dry)
            if count % _OFTEN == 0:
                say.going(f"Conversations  {count:,}")
        step.note = f"{sum(report.counts[f'conversations {what}'] for what in ('made', 'that were there'))}"


def _conversation(chat: Chat, user_id: UUID | None, email: str, uploads: Uploads, report: Report, *, dry: bool) -> None:
    if chat.conversation is None:
        report.leave("conversations", chat.title, chat.left[0], email)
        return
    if user_id and importing.known(user_id=user_id, source=SOURCE, source_id=chat.conversation.source_id):
        report.count("conversations that were there")  # its files need not come again
        return
    for why in dict.fromkeys(chat.left):
        report.leave("conversations", chat.title, f"without {why}", email)
    owner = user_id or UUID(int=0)
    attached = {id_: tuple(_kept(owner, references, uploads, email)) for id_, references in _fitting(chat, email, report)}
    if dry:
        report.count("conversations made")
        return
    messages = [replace(message, attachments=attached.get(message.id, ())) for message in chat.conversation.messages]
    try:
        outcome = importing.take(user_id=owner, conversation=replace(chat.conversation, messages=messages))["outcome"]
    except Problem as problem:
        report.leave("conversations", chat.title, str(problem), email)
        return
    report.count("conversations made" if outcome == "made" else "conversations that were there")


def _fitting(chat: Chat, email: str, report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the files of each question, no more than a message may have."""
    most = environment().files_per_message
    for id_, references in chat.files.items():
        if len(references) > most:
            report.leave("conversations", chat.title, f"without {len(references) - most} files of a message: it may have {most}", email)
        yield id_, references[:most]


def _kept(user_id: UUID, references: tuple[str, ...], uploads: Uploads, of: str) -> Iterator[UUID]:
    for reference in references:
        if (kept := uploads.keep(user_id, reference, of)) is not None:
            yield kept


def _name_the_rest(there: Store, people: dict[str, tuple[UUID | None, str]], report: Report) -> None:
    """Name what is not moved, so that nobody finds out later."""
    for table, kind in _WITHOUT_A_PLACE.items():
        for row in there.rows(table):
            name = text(row.get("name") or row.get("title") or row.get("content"))[:80]
            report.leave(kind, name, "it is not moved yet", people.get(str(row.get("user_id")), (None, ""))[1])
