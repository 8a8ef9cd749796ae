"""The prompts of an Open WebUI: called by `/` here as there, with the same variables."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from local import say
from local.moving.open_webui import text
from local.moving.report import Report
from local.moving.store import Store
from olamchat.errors import Problem
from olamchat.services.prompts import prompts

NAME, TEXT, HANDLE = 100, 50_000, 36


def move(there: Store, people: Mapping[str, tuple[UUID | None, str]], report: Report, *, dry: bool) -> None:
    """Give each prompt to its author. `people` maps each person's id there to their id here and their email."""
    with say.step("Prompts") as step:
        for row in there.rows("prompt"):
            content = text(row.get("content")).strip()
            name = (text(row.get("name") or row.get("title")) or text(row.get("command"))).strip(" /")[:NAME]
            if str(row.get("user_id")) not in people or not content or not name:
                report.leave("prompts", name, "it has no text" if not content else "its owner has no account")
                continue
            _one(
                handle(text(row.get("command"))) or handle(name) or "prompt",
                name,
                content[:TEXT],
                people[str(row["user_id"])],
                report,
                dry=dry,
            )
        step.note = f"{sum(report.counts[f'prompts {what}'] for what in ('made', 'that were there'))}"


def _one(called: str, name: str, content: str, owner: tuple[UUID | None, str], report: Report, *, dry: bool) -> None:
    user_id, email = owner
    said = {"name": name, "text": content}
    if user_id and any(each["mine"] and _is_same(each, said) for each in prompts.listed(user_id=user_id)):
        report.count("prompts that were there")
        return
    report.leave("prompts", name, "only its author can use it until they share it here", email)
    try:
        if user_id and not dry:
            prompts.take(user_id=user_id, handle=called, content=said)
    except Problem as problem:
        report.leave("prompts", name, str(problem), email)
        return
    report.count("prompts made")


def _is_same(one: Mapping[str, Any], said: Mapping[str, str]) -> bool:
    return all(one[key] == value for key, value in said.items())


def handle(name: str) -> str:
    """Return a name as it can be called by: small letters, digits and hyphens; empty where nothing of it can."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:HANDLE].strip("-")
