"""What administrators do with models: see what engines offer and what is said of it, and say otherwise. All of it is in the audit log."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat.db import catalogue as statements
from olamchat.db.people import groups as group_rows
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.errors import Invalid, NotFound, Unavailable
from olamchat.permissions.rules import Audience
from olamchat.roster import Offer
from olamchat.services.models import catalogue, selection
from olamchat.services.models.catalogue import Catalogue, Listing
from olamchat.services.people import audit


def listed() -> list[dict[str, Any]]:
    """List every model that is offered or that something is said of, in the order that people see. Raises DatabaseLost."""
    try:
        offers = selection.every()
    except Unavailable:
        offers = []
    entries = catalogue.read()
    names_of = _names(entries)
    offered = {offer.model: offer for offer in selection.once_each(offers)}
    names = [*offered, *sorted(entries.keys() - offered.keys())]
    names.sort(key=lambda name: catalogue.View(catalogue=entries).place(name))
    return [
        _shape(name, entries.get(name, Listing()), [o for o in offers if o.model == name], offered.get(name), names_of) for name in names
    ]


def change(
    *,
    by: UUID,
    name: str,
    audience: Audience,
    people: Sequence[UUID],
    groups: Sequence[UUID],
    display_name: str,
    options: Mapping[str, Any],
) -> None:
    """Say who sees a model, what people read and how it samples. `people` and `groups` count where the audience is "chosen". Raises Invalid."""
    chosen = set(people) if audience == "chosen" else set()
    given = set(groups) if audience == "chosen" else set()
    with connected(), database.atomic():
        statements.keep(name, {"display_name": display_name, "audience": audience, "options": dict(options)})
        if statements.choose(name, list(chosen)) != len(chosen):
            raise _invalid("people", "There is no such person.")
        if group_rows.choose(statements.GROUPS, name, given) != len(given):
            raise _invalid("groups", "There is no such group.")
    catalogue.read()
    audit.note("model.changed", actor_id=by, subject=name, audience=audience, people=len(chosen) or None, groups=len(given) or None)


def order(*, by: UUID, names: Sequence[str]) -> None:
    """Put these models first, in this order. Raises Invalid."""
    if len(set(names)) != len(names):
        raise _invalid("names", "A model is named twice.")
    with connected(), database.atomic():
        statements.order(names)
    catalogue.read()
    audit.note("models.ordered", actor_id=by, names=list(names)[:20])


def forget(*, by: UUID, name: str) -> None:
    """Say nothing of a model any more: it is everybody's, as its engine offers it. Raises NotFound."""
    with connected():
        if not statements.forget(name):
            raise NotFound
    catalogue.read()
    audit.note("model.changed", actor_id=by, subject=name, audience="everyone")


def _names(entries: Catalogue) -> dict[UUID, str]:
    """Return the emails of the people and the names of the groups that models were chosen for."""
    with connected():
        emails = users.emails({person for entry in entries.values() for person in entry.people})
        return emails | group_rows.names({group for entry in entries.values() for group in entry.groups})


def _shape(name: str, entry: Listing, offers: Sequence[Offer], best: Offer | None, names: Mapping[UUID, str]) -> dict[str, Any]:
    people = [{"id": str(person), "email": names[person]} for person in entry.people if person in names]
    return {
        "name": name,
        "display_name": entry.display_name,
        "offered_name": (best.display_name if best else "") or name,
        "audience": entry.audience,
        "people": sorted(people, key=lambda person: person["email"]),
        "groups": [{"id": str(group), "name": names[group]} for group in entry.groups if group in names],
        "options": dict(entry.options),
        "position": entry.position,
        "pools": sorted({offer.pool for offer in offers}),
        "state": best.state if best else None,
    }


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"field": field, "message": message}])
