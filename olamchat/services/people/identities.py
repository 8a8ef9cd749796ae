"""People whom an OpenID provider vouches for: who of ours they are, and whether they may join.

An identity is the provider's name for a person, not their e-mail. An account that is there already becomes theirs by an e-mail that the provider
has verified. Nobody has verified it before: whoever made the account may not be its owner, so its password, second factor, keys and sessions end with that.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import api_keys, identities, mails, second_factors, sessions, users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.environment import environment
from olamchat.errors import AccountDisabled, Conflict, DomainRefused, EmailTaken, EmailUnverified, IdentityTaken, SignOnFailed
from olamchat.services.people import accounts, administration, audit, sign_up_policy
from olamchat.services.people.accounts import SignedIn
from olamchat.services.people.audit import NOWHERE, Device
from olamchat.services.people.groups import claims
from olamchat.texts import is_keepable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """What the provider says of a person; `email` is empty where it doesn't say that it is theirs."""

    issuer: str
    subject: str
    email: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Somebody of ours, how they were found, and the sessions that ended with it."""

    user: Row
    event: str | None = None
    ended: tuple[UUID, ...] = ()


def vouched(said: Mapping[str, Any]) -> Vouched:
    """Read a provider's claims. Raises SignOnFailed for what can't be kept, Invalid for an e-mail that is none."""
    name, subject = str(said.get("name") or said.get("preferred_username") or ""), str(said["sub"])
    if not is_keepable(subject):
        raise SignOnFailed
    told = said.get("email") if isinstance(said.get("email"), str) else ""
    verified = said.get("email_verified") is True or environment().oidc_trust_email
    groups = said.get(environment().oidc_groups_claim)
    return Vouched(
        issuer=str(said["iss"]),
        subject=subject,
        email=accounts.normal_email(told) if told and verified else "",
        name=name[:200].strip() if is_keepable(name) else "",
        groups=frozenset(map(str, groups if isinstance(groups, list) else [groups] if groups else [])),
    )


def sign_in(person: Vouched, *, invitation: str | None = None, device: Device = NOWHERE) -> SignedIn:
    """Sign somebody in, who may get an account by that.

    Raises DomainRefused, EmailUnverified, AccountDisabled, IdentityTaken, SignUpClosed, WrongInvitation.
    """
    _check_domain(person)
    with connected(), database.atomic():
        identities.lock(person.issuer, person.subject)
        found = _known(person) or _linked(person) or _joined(person, invitation)
        if found.user["disabled_at"]:
            raise AccountDisabled
        claims.apply(found.user["id"], person.groups)
    _tell(found, person)
    user = _with_role(found.user, person)
    signed_in = accounts.begin_session(user, device)
    audit.note("login.done", actor_id=user["id"], subject=str(signed_in.session_id), by=person.issuer)
    return signed_in


def _check_domain(person: Vouched) -> None:
    allowed = _named(environment().oidc_domains.lower())
    if allowed and not person.email:
        raise EmailUnverified
    if allowed and person.email.rpartition("@")[2] not in allowed:
        raise DomainRefused


def _known(person: Vouched) -> _Found | None:
    user = identities.find(person.issuer, person.subject)
    return None if user is None else _Found(user=user)


def _linked(person: Vouched) -> _Found | None:
    """Give the account with this e-mail to the person who has it at the provider."""
    if not person.email:
        raise EmailUnverified
    user = users.find_by_email(person.email)
    if user is None:
        return None
    if not identities.add(user["id"], person.issuer, person.subject):
        raise IdentityTaken
    ended = [*sessions.end(user["id"], now()), *api_keys.revoke_all(user["id"], now())]
    users.change(user["id"], {"password_hash": None})
    mails.withdraw(user["id"])
    second_factors.remove(user["id"])
    return _Found(user={**user, "password_hash": None}, event="account.linked", ended=tuple(ended))


def _joined(person: Vouched, invitation: str | None) -> _Found:
    admitted = sign_up_policy.admit(person.email, invitation, vouched=environment().oidc_joins)
    user = users.add({"email": person.email, "name": person.name, "password_hash": None, "role": admitted.role})
    if user is None:  # somebody took the e-mail just now
        raise EmailTaken
    identities.add(user["id"], person.issuer, person.subject)
    sign_up_policy.used(admitted, user["id"])
    return _Found(user=user, event="account.made")


def _tell(found: _Found, person: Vouched) -> None:
    user_id = found.user["id"]
    accounts.tell_ended(user_id, list(found.ended))
    if found.event:
        audit.note(found.event, actor_id=user_id, subject=person.email, role=found.user["role"], by=person.issuer)


def _with_role(user: Row, person: Vouched) -> Row:
    """Let the provider's groups decide, where they are named; somebody stays the administrator in any case."""
    named = _named(environment().oidc_admin_groups)
    if not named:
        return user
    role = "admin" if named & person.groups else "user"
    if role == user["role"]:
        return user
    try:
        administration.change(by=user["id"], user_id=user["id"], said={"role": role})
    except Conflict:
        _log.warning("%s stays the administrator against the provider's groups: there is no other", user["id"])
        return user
    return {**user, "role": role}


def _named(said: str) -> set[str]:
    return {name.strip() for name in said.split(",") if name.strip()}
