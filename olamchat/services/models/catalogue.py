"""What administrators say of models: who sees each, its name for people, how it samples unless told otherwise, which come first.

It lies over what engines offer: a model that nothing is said of is everybody's, as it is offered. One that a person doesn't see is
unknown to them, wherever it is named.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from olamchat.db import catalogue as statements
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.permissions.rules import Asker, Audience, Thing, may_use
from olamchat.services.people.groups import membership

# For how long a question goes by what the last one read.
KNOWN_S = 1.0
_LAST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is said of one model."""

    display_name: str = ""
    audience: Audience = "everyone"
    options: Mapping[str, Any] = field(default_factory=dict)
    position: int | None = None
    people: frozenset[UUID] = frozenset()
    groups: frozenset[UUID] = frozenset()

    def as_thing(self) -> Thing:
        """Return it as permissions ask about it."""
        return Thing(audience=self.audience, people=self.people, groups=self.groups)


Catalogue = Mapping[str, Listing]
_NOTHING = Listing()
_known: tuple[float, Catalogue] = (0.0, {})


@dataclass(frozen=True, kw_only=True)
class View:
    """The catalogue as one person sees it."""

    catalogue: Catalogue = field(default_factory=dict)
    asker: Asker = field(default_factory=lambda: Asker(role="admin"))

    def of(self, model: str) -> Listing:
        return self.catalogue.get(model, _NOTHING)

    def sees(self, model: str) -> bool:
        """Tell whether the person may be answered by the model."""
        return may_use(self.asker, self.of(model).as_thing())

    def place(self, model: str) -> int:
        """Return where the model stands in the order; those that none is said of come last."""
        position = self.of(model).position
        return _LAST if position is None else position


EVERYTHING = View()


def read() -> Catalogue:
    """Return what is said now of each model. Raises DatabaseLost."""
    with connected():
        return noted(statements.every())


def noted(rows: Sequence[Row]) -> Catalogue:
    """Return what rows of now say of each model, and go by it for a while."""
    global _known
    entries = {row.pop("name"): Listing(**{**row, "people": frozenset(row["people"]), "groups": frozenset(row["groups"])}) for row in rows}
    _known = (time.monotonic() + KNOWN_S, entries)
    return entries


def fresh() -> Catalogue | None:
    """Return what was said of about now, so that a question doesn't read it each time; None where it is to be read."""
    until, entries = _known
    return entries if time.monotonic() < until else None


def known() -> Catalogue:
    """Return what was said of about now, read where it has to be. Raises DatabaseLost."""
    entries = fresh()
    return read() if entries is None else entries


def seen_by(user_id: UUID) -> View:
    """Return the catalogue of now as a person sees it. Raises DatabaseLost."""
    return View(catalogue=read(), asker=membership.asker(user_id))


def seen_on(terms: Row, catalogue: Catalogue) -> View:
    """Return a catalogue as the person sees it whose TERMS were read already, with their `user_id`."""
    asker = Asker(user_id=terms["user_id"], role=terms["user_role"], groups=membership.ids(terms["user_groups"]))
    return View(catalogue=catalogue, asker=asker)
