"""Who may have an account, and as what: the policy of OLAMCHAT_SIGN_UP, and invitations.

The first account is the administrator's under every policy: it is made by whoever sets the server up. A smoke test's account is nobody's: it
comes in by its own token, never as an administrator, and doesn't count as the first.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import invitations, users
from olamchat.db.pool import connected
from olamchat.environment import BadSetting, environment
from olamchat.errors import DomainRefused, NotFound, SignUpClosed, WrongInvitation
from olamchat.services.people import audit

Policy = Literal["open", "closed", "invitation", "domains"]
POLICIES: tuple[Policy, ...] = ("open", "closed", "invitation", "domains")


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Somebody who may have an account, in this role; `invitation_id` is what it is used up by."""

    role: Literal["user", "admin"] = "user"
    invitation_id: UUID | None = None


def policy() -> Policy:
    """Return who may sign up. Raises BadSetting."""
    for known in POLICIES:
        if environment().sign_up == known:
            return known
    raise BadSetting(f"OLAMCHAT_SIGN_UP={environment().sign_up!r} must be one of {', '.join(POLICIES)}")


def nobody_yet() -> bool:
    """Tell whether the first account is still to be made."""
    with connected():
        return not users.anybody()


def invites_the_first() -> bool:
    """Tell whether whoever comes may make the first account. Where it takes a set-up token, strangers don't learn that nobody is there yet."""
    return not environment().setup_token and nobody_yet()


def admit(email: str, invitation: str | None, *, vouched: bool = False) -> Admitted:
    """Return as what somebody may join; `email` is normal, `vouched` lets in under every policy. Raises SignUpClosed, WrongInvitation.

    Asked within the transaction that makes the account, its answer holds until that ends: of two first accounts one is the first.
    """
    if email.endswith(f"@{users.SMOKE_TEST_DOMAIN}"):
        return _smoke_test(invitation)
    if users.is_empty():
        return _first(email, invitation, vouched=vouched)
    if invitation is not None:
        return _invited(email, invitation)
    if vouched or policy() == "open" or (policy() == "domains" and email.rpartition("@")[2] in _domains()):
        return Admitted()
    raise SignUpClosed


def check_domain(email: str) -> None:
    """Refuse an account's new address where only those of some domains may sign up. Raises DomainRefused."""
    if policy() == "domains" and email.rpartition("@")[2] not in _domains():
        raise DomainRefused


def used(admitted: Admitted, user_id: UUID) -> None:
    """Use the invitation up, in the transaction that makes the account."""
    if admitted.invitation_id is not None:
        invitations.use(admitted.invitation_id, user_id, now())


def invite(*, by: UUID, email: str | None, role: Literal["user", "admin"], days: int) -> dict[str, Any]:
    """Make an invitation; its `token` is told this once. `email` is normal, None for whoever has the token."""
    token, at = f"oli_{secrets.token_urlsafe(32)}", now()
    values = {"made_by": by, "digest": _digest(token), "email": email, "role": role, "expires_at": at + timedelta(days=days)}
    with connected():
        row = invitations.add(values)
    audit.note("invitation.made", actor_id=by, subject=str(row["id"]), role=role, email=email)
    return {**_shape(row), "token": token}


def invited() -> list[dict[str, Any]]:
    """List the invitations, the newest first, without their tokens."""
    with connected():
        return [_shape(row) for row in invitations.listing()]


def take_back(*, by: UUID, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has used. Raises NotFound."""
    with connected():
        if not invitations.delete(invitation_id):
            raise NotFound
    audit.note("invitation.taken_back", actor_id=by, subject=str(invitation_id))


def _smoke_test(token: str | None) -> Admitted:
    if not _is(environment().smoke_test_token, token):
        raise SignUpClosed
    return Admitted()


def _first(email: str, token: str | None, *, vouched: bool) -> Admitted:
    named = environment().first_admin.strip().lower()
    if named and email != named:
        raise SignUpClosed("The first account here is somebody else's.")
    if environment().setup_token and not _is(environment().setup_token, token):
        if vouched and environment().oidc_admin_groups:
            return Admitted()  # the provider says who is an administrator
        raise SignUpClosed("The first account is created through the set-up link.")
    return Admitted(role="admin")


def _is(expected: str, given: str | None) -> bool:
    return bool(expected) and given is not None and secrets.compare_digest(_digest(expected), _digest(given))


def _invited(email: str, token: str) -> Admitted:
    found = invitations.good(_digest(token), now())
    if found is None or found["email"] not in (None, email):
        raise WrongInvitation
    return Admitted(role=found["role"], invitation_id=found["id"])


def _domains() -> set[str]:
    return {name.strip().lower() for name in environment().sign_up_domains.split(",") if name.strip()}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: row[name] and row[name].isoformat() for name in ("created_at", "expires_at", "used_at")}
    return {"id": str(row["id"]), "email": row["email"], "role": row["role"], **times}
