"""Accounts and sessions: who somebody is, and on which devices they are signed in.

A session is a family of refresh tokens. Each refresh replaces the token; an old one that comes back was stolen or copied, and ends the
whole family. The one exception: for ROTATION_LEEWAY_S seconds the token just replaced is answered with the newest one of the same family,
so that two tabs that refresh at the same moment don't sign the person out.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from olamchat import passwords
from olamchat.clock import now, uuid7
from olamchat.db.people import mails, second_factors, sessions, users
from olamchat.db.pool import connected, database
from olamchat.environment import environment
from olamchat.errors import (
    AccountDisabled,
    EmailTaken,
    Invalid,
    NotFound,
    NotSignedIn,
    SecondFactorRequired,
    SignInExpired,
    WrongCode,
    WrongLogin,
)
from olamchat.services import publish, serialize
from olamchat.services.people import audit, password_policy, second_factor, sign_up_policy
from olamchat.services.people.audit import NOWHERE, Device
from olamchat.services.people.second_factor import Halfway
from olamchat.texts import is_keepable
from olamchat.tokenlog.events import SignedOut

ROTATION_LEEWAY_S = 10
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)*")


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person with a session; `jti` names the refresh token that is good from now on."""

    user: Mapping[str, Any]
    user_id: UUID
    session_id: UUID
    jti: str


def sign_up(*, email: str, password: str, name: str = "", invitation: str | None = None, device: Device = NOWHERE) -> SignedIn:
    """Make an account and sign in. Raises Invalid, SignUpClosed, WrongInvitation, EmailTaken."""
    email = normal_email(email)
    password_policy.accept(password, email=email)
    with connected(), database.atomic():  # before the work of a hash, and once more when it counts
        sign_up_policy.admit(email, invitation)
    values = {"email": email, "name": name.strip(), "password_hash": passwords.hash_password(password)}
    with connected(), database.atomic():
        admitted = sign_up_policy.admit(email, invitation)
        user = users.add({**values, "role": admitted.role})
        if user is None:
            raise EmailTaken
        sign_up_policy.used(admitted, user["id"])
        signed_in = begin(user, device)
    audit.note("account.made", actor_id=user["id"], subject=email, role=admitted.role)
    return signed_in


def log_in(*, email: str, password: str, device: Device = NOWHERE) -> SignedIn | Halfway:
    """Sign in, or come halfway where a second factor is on. An unknown e-mail, a wrong password and a disabled account look the same
    and take the same time. Raises WrongLogin.
    """
    with connected():
        user = users.find_by_email(same_email(email)) if is_keepable(email) else None
    kept = user["password_hash"] if user and not user["disabled_at"] else None
    if not passwords.matches(password, kept) or user is None:
        audit.note("login.failed", actor_id=user["id"] if user else None, subject=email[:254] if is_keepable(email) else "")
        raise WrongLogin
    come = _begin_unchanged(user, device)
    if come is None:  # another password, or shut out, while this one was checked: what holds now counts
        return log_in(email=email, password=password, device=device)
    kept = _rehash(user, password)
    if isinstance(come, Halfway):
        return replace(come, stamp=second_factor.stamp(kept))
    audit.note("login.done", actor_id=user["id"], subject=str(come.session_id))
    return come


def log_in_with_code(halfway: Halfway, *, code: str, device: Device = NOWHERE) -> SignedIn:
    """Give the second factor after the password, and sign in. Raises WrongCode; SignInExpired where the account changed meanwhile."""
    with connected(), database.atomic():
        user = still_halfway(halfway)
        used = second_factor.use(user["id"], code)
        signed_in = begin(user, device) if used else None
    if signed_in is None:
        audit.note("second_factor.failed", actor_id=user["id"], subject=str(user["id"]))
        raise WrongCode(errors=[{"field": "code", "message": WrongCode.title}])
    audit.note("login.done", actor_id=user["id"], subject=str(signed_in.session_id), second=used)
    return signed_in


def still_halfway(halfway: Halfway) -> Mapping[str, Any]:
    """Return the person, whose row the transaction holds from now on. Raises SignInExpired where the account changed meanwhile."""
    user = users.lock_whole(halfway.user_id)
    if user is None or user["disabled_at"] or second_factor.stamp(user["password_hash"]) != halfway.stamp:
        raise SignInExpired
    return user


def begin_session(user: Mapping[str, Any], device: Device = NOWHERE) -> SignedIn:
    """Sign in somebody who has shown who they are. Raises AccountDisabled."""
    with connected(), database.atomic():
        user = _found(users.lock_whole(user["id"]))
        if user["disabled_at"]:
            raise AccountDisabled
        return begin(user, device, by_password=False)


def refresh(*, session_id: UUID, jti: str, device: Device = NOWHERE) -> SignedIn:
    """Go on with a session: the refresh token is replaced by a new one. Raises NotSignedIn; a token that was used before ends the session."""
    at = now()
    with connected(), database.atomic():
        session = sessions.lock(session_id)
        user = sessions.good(session_id, session["user_id"], at) if session else None
        if session is None or user is None:
            raise NotSignedIn
        good = _rotate(session, jti, at, device.fingerprint())
        due = second_factor.settle(user["id"]) if session["by_password"] else None
    if good is None:
        sign_out(user_id=user["id"], session_id=session_id)
        audit.note("session.reused", actor_id=user["id"], subject=str(session_id))
        raise NotSignedIn("This session was ended because an old token of it was used again. Sign in again.")
    return SignedIn(user=serialize.user({**user, "factor_due_at": due}), user_id=user["id"], session_id=session_id, jti=good)


def sign_out(*, user_id: UUID, session_id: UUID) -> None:
    """End one session; its open streams close."""
    with connected():
        ended = sessions.end(user_id, now(), only=session_id)
    tell_ended(user_id, ended)


def listed(*, user_id: UUID, session_id: UUID) -> list[dict[str, Any]]:
    """List a person's sessions, the one used last first; `session_id` is the one that asks."""
    with connected():
        return [serialize.session(row, current=row["id"] == session_id) for row in sessions.listing(user_id, now())]


def revoke(*, user_id: UUID, session_id: UUID) -> None:
    """End one of a person's own sessions; its open streams close. Raises NotFound where it isn't theirs or has ended."""
    with connected():
        ended = sessions.end(user_id, now(), only=session_id)
    if not ended:
        raise NotFound
    tell_ended(user_id, ended)
    audit.note("session.ended", actor_id=user_id, subject=str(session_id))


def sign_out_everywhere(*, user_id: UUID, by: UUID | None = None, but: UUID | None = None) -> None:
    """End all of a person's sessions, or all `but` one; `by` is who does it where it isn't the person."""
    with connected():
        ended = sessions.end(user_id, now(), but=but)
    tell_ended(user_id, ended)
    audit.note("session.ended_all", actor_id=by or user_id, subject=str(user_id), sessions=len(ended))


def check(*, user_id: UUID, session_id: UUID, owing: bool = False) -> dict[str, Any]:
    """Let pass only who has a session that is still good, and return them as the API shows them; `owing`: also who owes a second step.

    Raises NotSignedIn, SecondFactorRequired.
    """
    at = now()
    with connected():
        user = _found(sessions.good(session_id, user_id, at))
    if not owing and user["factor_due_at"] and user["factor_due_at"] <= at:
        raise SecondFactorRequired
    return serialize.user(user)


def me(*, user_id: UUID) -> dict[str, Any]:
    """Return the person as the API shows them. Raises NotSignedIn."""
    with connected():
        return serialize.user(_found(users.find(user_id)))


def change(*, user_id: UUID, name: str | None = None, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Change the name, or replace the settings. Raises NotSignedIn."""
    values = {key: value for key, value in {"name": name and name.strip(), "settings": settings}.items() if value is not None}
    with connected():
        return serialize.user(_found(users.change(user_id, values) if values else users.find(user_id)))


def change_password(*, user_id: UUID, session_id: UUID, current: str | None, new: str) -> None:
    """Set another password; all other sessions of the person end. Who has none yet has no `current`. Raises Invalid, NotSignedIn."""
    with connected():
        user = _found(users.find(user_id))
    if current is None and user["password_hash"] is not None:
        raise _invalid("current_password", "A new password needs the current one.")
    if current is not None and not passwords.matches(current, user["password_hash"]):
        raise _invalid("current_password", "The password is wrong.")
    kept = passwords.hash_password(password_policy.accept(new, email=user["email"], field="new_password"))
    ended = _replace(user, session_id, kept)
    if ended is None:  # it was replaced meanwhile: what holds now counts
        change_password(user_id=user_id, session_id=session_id, current=current, new=new)
        return
    tell_ended(user_id, ended)
    audit.note("password.changed", actor_id=user_id, subject=str(user_id), sessions=len(ended))


def normal_email(email: str) -> str:
    """Return the e-mail as it is kept: trimmed, composed, lower-case. Raises Invalid."""
    normal = same_email(email)
    if len(normal) > 254 or not normal.isprintable() or not is_keepable(normal) or not _EMAIL.fullmatch(normal):
        raise _invalid("email", "This is not an e-mail address.")
    return normal


def same_email(email: str) -> str:
    """Return the one spelling of all that an e-mail may be written as; it need not be one."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def begin(user: Mapping[str, Any], device: Device, *, by_password: bool = True) -> SignedIn:
    """Begin a session in the caller's transaction, which holds the person's row and has seen that they may sign in."""
    due = second_factor.settle(user["id"]) if by_password else None
    session_id, jti, at = uuid7(), uuid4().hex, now()
    expires_at = at + timedelta(seconds=environment().refresh_ttl_s)
    sessions.add(
        {"id": session_id, "user_id": user["id"], "jti": jti, "used_at": at, "expires_at": expires_at,
         "user_agent": device.user_agent[:300], "address": device.address[:100], "by_password": by_password},
    )  # fmt: skip
    return SignedIn(user=serialize.user({**user, "factor_due_at": due}), user_id=user["id"], session_id=session_id, jti=jti)


def _begin_unchanged(user: Mapping[str, Any], device: Device) -> SignedIn | Halfway | None:
    """Begin a session unless a second factor is on; None where the password was replaced or the account disabled since `user` was read.

    A check takes a fifth of a second: else a session could be begun after all others were ended, by the password of before.
    """
    with connected(), database.atomic():
        if not _is_unchanged(user):
            return None
        ways = second_factors.ways(user["id"])
        return Halfway(user_id=user["id"], ways=ways) if ways else begin(user, device)


def _replace(user: Mapping[str, Any], session_id: UUID, kept: str) -> list[UUID] | None:
    """Keep another password and return the sessions that ended with it, None where it is not the one that `user` had. Raises NotSignedIn."""
    with connected(), database.atomic():
        if not _is_unchanged(user):
            return None
        _found(sessions.good(session_id, user["id"], now()))
        users.change(user["id"], {"password_hash": kept})
        mails.withdraw(user["id"])
        return sessions.end(user["id"], now(), but=session_id)


def _is_unchanged(user: Mapping[str, Any]) -> bool:
    """Tell whether password and leave to sign in are what they were; they stay so until the transaction ends."""
    row = users.lock_whole(user["id"])
    return row is not None and all(row[name] == user[name] for name in ("password_hash", "disabled_at"))


def _rotate(session: Mapping[str, Any], jti: str, at: datetime, device: str) -> str | None:
    """Return the name of the token that is good from now on, None where this one is too old to be honest."""
    if jti == session["jti"]:
        new = uuid4().hex
        expires_at = at + timedelta(seconds=environment().refresh_ttl_s)
        sessions.change(
            session["id"], {"jti": new, "prev_jti": jti, "rotated_at": at, "used_at": at, "expires_at": expires_at, "device": device}
        )
        return new
    here = session["device"] in (None, device)
    overlooked = here and jti == session["prev_jti"] and at - session["rotated_at"] <= timedelta(seconds=ROTATION_LEEWAY_S)
    return str(session["jti"]) if overlooked else None


def _rehash(user: Mapping[str, Any], password: str) -> str:
    """Return the hash that is kept from now on, which is another where this one was made with less work than is asked for today."""
    kept: str = user["password_hash"]
    if not passwords.is_outdated(kept):
        return kept
    new = passwords.hash_password(password)
    with connected():
        users.replace_hash(user["id"], kept, new)
    return new


def tell_ended(user_id: UUID, session_ids: list[UUID]) -> None:
    """Tell the streams of sessions that these have ended; those that don't hear it look for themselves."""
    if session_ids:
        publish.tell_user(user_id, *(SignedOut(session_id=str(session_id)) for session_id in session_ids))


def _found(user: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if user is None:
        raise NotSignedIn
    return user


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"field": field, "message": message}])
