"""The groups of an Open WebUI with their members. What they permit there has no like here, and is named."""

from collections.abc import Mapping
from typing import Any

from local import say
from local.moving.names import Names
from local.moving.open_webui import SOURCE, listed, text
from local.moving.report import Report
from local.moving.store import Store
from olamchat.services.people import accounts
from olamchat.services.people.groups import incoming


def move(there: Store, emails: Mapping[str, str], report: Report, *, dry: bool) -> None:
    """Make the groups; `emails` are of the people that were moved, by their ids there. A group that is there already stays as it is."""
    members, names = _members(there), Names(90, exact=False)
    with say.step("Groups") as step:
        for row in there.rows("group"):
            name = names.own(incoming.fitting(text(row.get("name"))))
            _group(name, row, members.get(str(row["id"]), []), emails, report, dry=dry)
        step.note = f"{sum(report.counts[f'groups {what}'] for what in ('made', 'that were there'))}"


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
        found.setdefault(str(row["id"]), []).extend(listed(row.get("user_ids")))
    return {id_: list(dict.fromkeys(members)) for id_, members in found.items()}
