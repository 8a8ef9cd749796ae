"""Groups that come from elsewhere with their members: an operator moves a house in."""

from collections.abc import Iterable

from olamchat.db.people import groups as statements
from olamchat.db.pool import connected, database
from olamchat.services.people import audit

NAME_LENGTH = 100


def is_known(name: str) -> bool:
    """Tell whether there is a group of this name."""
    with connected():
        return statements.named(fitting(name)) is not None


def take(name: str, members: Iterable[str], managers: Iterable[str], *, source: str) -> bool:
    """Make a group of these people, by their e-mails; False where there is one of its name, which stays as it is."""
    called = fitting(name)
    with connected(), database.atomic():
        group_id = statements.add({"name": called, "quota": None, "weight": None, "second_factor": False})
        if group_id is None:
            return False
        for email in members:
            statements.join(group_id, email)
        statements.let_these_manage(group_id, list(managers))
    audit.note("group.made", subject=str(group_id), name=called, source=source)
    return True


def fitting(name: str) -> str:
    """Return a name as a group can have it."""
    return name.strip()[:NAME_LENGTH] or "Group"
