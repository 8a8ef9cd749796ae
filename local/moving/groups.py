"""The groups of an Open WebUI with their members. What they permit there has no like here, and is named."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local import say
from local.moving.open_webui import SOURCE, text
from local.moving.report import Report
from local.moving.store import Store
from olamchat.services.people import accounts
from olamchat.services.people.groups import incoming


def move(there: Store, emails: Mapping[str, str], report: Report, *, dry: bool) -> None:
    """Make the groups; `emails` are of the people that were moved, by their ids there. A group that is there already stays as it is."""
    members, taken = _members(there), set[str]()
    with say.step("Groups") as step:
        for row in there.rows("group"):
            name = next(each for each in _names(incoming.fitting(text(row.get("name")))) if each.lower() not in taken)
            taken.add(name.lower())
            _group(name, row, members.get(str(row["id"]), []), emails, report, dry=dry)
        step.note = f"{sum(report.counts[f'groups {what}'] for what in ('made', 'that were there'))}"


def _names(name: str) -> Iterator[str]:
    """Yield names for a group: there two may have the same, here each has its own."""
    yield name
    yield from (f"{name[:90]} ({number})" for number in range(2, 10_000))


def _group(name: str, row: Mapping[str, Any], ids: list[str], emails: Mapping[str, str], report: Report, *, dry: bool) -> None:
    if incoming.is_known(name):
        report.count("groups that were there")
        return
    for id_ in ids:
        if id_ not in emails:
            report.leave("groups", name, "without a member who has no account")
    if row.get("permissions"):
        report.leave("groups", name, "without what it permits: models, tools and collections are given to it here")
    report.count("groups made")
    if dry:
        return
    there = [accounts.normal_email(emails[id_]) for id_ in ids if id_ in emails]
    owner = emails.get(str(row.get("user_id")), "")
    incoming.take(name, there, [accounts.normal_email(owner)] if owner else [], source=SOURCE)


def _members(there: Store) -> dict[str, list[str]]:
    """Return the members of each group: of a table of their own, or of a column in the versions before it."""
    found: dict[str, list[str]] = {}
    for row in there.rows("group_member"):
        found.setdefault(str(row["group_id"]), []).append(str(row["user_id"]))
    for row in there.rows("group"):
        found.setdefault(str(row["id"]), []).extend(_listed(row.get("user_ids")))
    return {id_: list(dict.fromkeys(members)) for id_, members in found.items()}


def _listed(kept: object) -> Iterator[str]:
    try:
        listed = json.loads(kept) if isinstance(kept, str) else kept
    except ValueError:
        return
    yield from (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, str))
