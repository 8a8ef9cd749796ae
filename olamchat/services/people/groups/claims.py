"""The groups that the sign-in provider puts people into, by the rules of OLAMCHAT_OIDC_GROUPS.

A rule is `claim => group`. A star in the claim stands for any letters, and a star in the group for what they were: `chat-* => *` puts who
has the claim `chat-legal` into the group `legal`. Rules are separated by semicolons, since names in directories have commas.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from olamchat.db.people import groups as statements
from olamchat.environment import BadSetting, environment
from olamchat.texts import is_keepable

# A provider that says more than that of one person says something else than groups.
MOST = 200
NAME_LENGTH = 100


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who has a claim that matches is in the group; `group` may have a star in it."""

    claim: re.Pattern[str]
    group: str

    def of(self, claim: str) -> str | None:
        """Return the group that a claim leads to, None where it doesn't match."""
        found = self.claim.fullmatch(claim)
        if found is None:
            return None
        return self.group.replace("*", found[1] if found.groups() else "").strip()


def check() -> None:
    """Read the setting once. Raises BadSetting."""
    _rules(environment().oidc_groups)


def named(claims: Iterable[str]) -> list[str]:
    """Return the names of the groups that these claims lead to, each once. Raises BadSetting."""
    found: dict[str, str] = {}
    for claim in sorted(claims):
        for rule in _rules(environment().oidc_groups):
            name = rule.of(claim)
            if name and len(name) <= NAME_LENGTH and is_keepable(name):
                found.setdefault(name.lower(), name)
    return list(found.values())[:MOST]


def apply(user_id: UUID, claims: Iterable[str]) -> bool:
    """Put a person into the groups of their claims and out of others they were in by claims; False where nothing was set up."""
    if not environment().oidc_groups:
        return False
    statements.claim(user_id, named(claims))
    return True


@cache
def _rules(said: str) -> tuple[Rule, ...]:
    return tuple(_rule(part.strip(), said) for part in said.split(";") if part.strip())


def _rule(part: str, said: str) -> Rule:
    claim, arrow, group = (piece.strip() for piece in part.rpartition("=>"))
    if not arrow or not claim or not group or claim.count("*") > 1 or group.count("*") > claim.count("*"):
        raise BadSetting(f"OLAMCHAT_OIDC_GROUPS={said!r} is no list of rules such as chat-* => *; /admins => Operators")
    before, star, after = claim.partition("*")
    pattern = re.escape(before) + ("(.*)" if star else "") + re.escape(after)
    return Rule(claim=re.compile(pattern, re.DOTALL), group=group)
