"""A person's own passkeys: adding one, naming it, removing it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.clock import uuid7
from olamchat.db.people import mails, passkeys, second_factors, users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import Conflict, NotFound, NotSignedIn, PasskeyRefused
from olamchat.network import mail
from olamchat.services import serialize
from olamchat.services.people import audit, second_factor
from olamchat.services.people.passkeys import ceremonies
from olamchat.services.people.passkeys.site import site
from olamchat.services.people.proof import proved

MOST = 20


def listed(*, user_id: UUID) -> dict[str, Any]:
    """Return {items, host}: a person's passkeys, and the domain that they work at, None where the instance has none."""
    with connected():
        found = passkeys.listing(user_id)
    here = site()
    return {"items": [_shape(row) for row in found], "host": here and here.host}


def begin(*, user_id: UUID, password: str) -> dict[str, Any]:
    """Return the options that the person's device makes a passkey with. Raises PasskeysOff, WrongPassword, Conflict, Unavailable."""
    ceremonies.there()
    user = proved(user_id, password)
    with connected():
        known = passkeys.listing(user_id)
    if len(known) >= MOST:
        raise _full()
    return ceremonies.options_to_add(user, known)


def add(*, user_id: UUID, credential: Mapping[str, Any], name: str, language: str) -> dict[str, Any]:
    """Keep what the device made, and tell the person by mail. Returns {passkey, codes}: recovery codes, this once, with the first factor.

    Raises PasskeyRefused, PasskeysOff, Conflict, Unavailable.
    """
    made = ceremonies.made(credential, ceremonies.take(credential, "add", user_id))
    values: Row = {
        "id": uuid7(), "user_id": user_id, "name": name, "credential_id": made.credential_id, "public_key": made.public_key,
        "sign_count": made.sign_count, "synced": made.synced, "transports": list(credential["response"].get("transports", ())),
    }  # fmt: skip
    with connected(), database.atomic():
        row, codes = _add(values, language)
    audit.note("passkey.added", actor_id=user_id, subject=str(user_id), name=name)
    return {"passkey": _shape(row), "codes": codes}


def rename(*, user_id: UUID, passkey_id: UUID, name: str) -> dict[str, Any]:
    """Give a passkey another name. Raises NotFound."""
    with connected():
        row = passkeys.rename(user_id, passkey_id, name)
    if row is None:
        raise NotFound
    return _shape(row)


def remove(*, user_id: UUID, passkey_id: UUID, password: str) -> None:
    """Take a passkey back; recovery codes go with the last factor. Raises WrongPassword, NotFound, LastFactor."""
    proved(user_id, password)
    with connected(), database.atomic():
        users.lock(user_id)
        row = passkeys.remove(user_id, passkey_id)
        second_factors.forget_codes_of_none(user_id)
        if row:
            second_factor.refuse_last(user_id)
    if row is None:
        raise NotFound
    audit.note("passkey.removed", actor_id=user_id, subject=str(user_id), name=row["name"])


def _add(values: Row, language: str) -> tuple[Row, list[str] | None]:
    user = users.lock_whole(values["user_id"])
    if user is None:
        raise NotSignedIn
    if len(passkeys.listing(user["id"])) >= MOST:
        raise _full()
    is_first = not second_factors.ways(user["id"])
    row = passkeys.add(values)
    if row is None:
        raise PasskeyRefused("This passkey is already used by an account.")
    second_factor.settle(user["id"])
    if mail.is_there():
        mails.tell_of_passkey(user["email"], values["name"], language)
    return row, second_factor.new_codes(user["id"]) if is_first else None


def _full() -> Conflict:
    return Conflict(f"An account can have {MOST} passkeys. Remove one first.")


def _shape(row: Row) -> dict[str, Any]:
    times = {name: serialize.time(row[name]) for name in ("created_at", "used_at")}
    return {"id": str(row["id"]), "name": row["name"], "synced": row["synced"], **times}
