"""Quotas: how many tokens a person and a key may take in a day and in a month (UTC), and how many they took.

Postgres is the truth: what an answer took is written in the statement that ends it, and read in the statement that looks before a question
is kept. Titles are nobody's: they are made without being asked for, once for a conversation and from an excerpt.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import groups, spending, users
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import NotSignedIn, QuotaExceeded, TooMany
from olamchat.services.people import roles
from olamchat.services.people.groups import membership

Window = Literal["day", "month"]
WINDOWS: tuple[Window, ...] = ("day", "month")
# What an answer in flight is taken to cost while the person has none this month to go by.
GUESS = 1_000


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Tokens for a day and for a month; None is no limit."""

    day: int | None = None
    month: int | None = None

    def of(self, window: Window) -> int | None:
        return self.day if window == "day" else self.month


@dataclass(frozen=True, kw_only=True)
class Purse:
    """An API key that asks, and what it may take by itself."""

    key_id: UUID
    allowance: Allowance


# The key that asks; None where a person does.
paying: ContextVar[Purse | None] = ContextVar("paying", default=None)


def allowance(own: Mapping[str, Any] | None, role: str | None = None, groups: Mapping[str, Any] | None = None) -> Allowance:
    """Return what was decided for one person or key, else the most that one of their groups has, else what their role has, else no limit."""
    if own is not None:
        return Allowance(day=own.get("day"), month=own.get("month"))
    if given := membership.quotas(groups):
        return Allowance(day=_most(given, "day"), month=_most(given, "month"))
    return Allowance(day=roles.tokens("day", role), month=roles.tokens("month", role)) if role else Allowance()


def asked(user_id: UUID) -> dict[str, Any]:
    """Return the values of spending.SEEN for who asks now."""
    purse = paying.get()
    return spending.values(user_id, now().date(), purse.key_id if purse else None)


def terms(person: Row) -> dict[str, Any]:
    """Return what a new turn keeps of who asks: `key_id` and `weight`, the largest of their groups' or else their role's."""
    purse = paying.get()
    weight = membership.weight(person["user_groups"])
    return {"key_id": purse.key_id if purse else None, "weight": roles.weight(person["user_role"]) if weight is None else weight}


def refuse_overdrawn(seen: Row, person: Row) -> None:
    """Refuse whose quota is used up; `person` has users.TERMS. Raises QuotaExceeded, TooMany.

    An answer in flight counts as this month's average, so that many at once run past the quota by about one answer; in any case by no
    more than as many as one person may have in flight.
    """
    in_flight = seen["mine"] * (seen["spent_month"] // seen["answers_month"] if seen["answers_month"] else GUESS)
    _refuse(
        allowance(person["user_quota"], person["user_role"], person["user_groups"]),
        seen["spent_day"],
        seen["spent_month"],
        in_flight,
        "person",
    )
    if (purse := paying.get()) is not None:
        _refuse(purse.allowance, seen["key_day"], seen["key_month"], in_flight, "key")


def told(*, user_id: UUID) -> dict[str, Any]:
    """Return {day, month}, each with `used`, `allowed` and `resets_at`; for a key what it took itself. Raises NotSignedIn."""
    purse = paying.get()
    with connected():
        person = users.find(user_id)
        if person is None:
            raise NotSignedIn
        seen, terms_ = spending.seen(asked(user_id)), groups.of_person(user_id)
    if purse is not None:
        return shape(seen["key_day"], seen["key_month"], purse.allowance)
    return shape(seen["spent_day"], seen["spent_month"], allowance(person["quota"], person["role"], terms_ and terms_["groups"]))


def shape(day: int, month: int, allowed: Allowance) -> dict[str, Any]:
    """Return {day, month} as the API shows them."""
    used = {"day": day, "month": month}
    return {
        window: {"used": used[window], "allowed": allowed.of(window), "resets_at": end_of(window, now()).isoformat()} for window in WINDOWS
    }


def end_of(window: Window, at: datetime) -> datetime:
    """Return when the day or month of a moment ends, in UTC."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if window == "day":
        return midnight + timedelta(days=1)
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def _most(given: Sequence[Mapping[str, Any]], window: Window) -> int | None:
    """Return the largest of several quotas; one without a limit has none."""
    limits = [quota.get(window) for quota in given]
    return None if None in limits else max(limit for limit in limits if limit is not None)


def _refuse(allowed: Allowance, day: int, month: int, in_flight: int, of: str) -> None:
    for window, used in (("month", month), ("day", day)):
        limit = allowed.of(window)  # type: ignore[arg-type]
        if limit is None:
            continue
        if used >= limit:
            raise _exceeded(window, used, limit, of)  # type: ignore[arg-type]
        if used + in_flight >= limit:
            raise TooMany(
                f"The answers being written will use up the rest of this {window}'s tokens. Wait for them to finish.", retry_after_s=5
            )


def _exceeded(window: Window, used: int, limit: int, of: str) -> QuotaExceeded:
    at = now()
    whose = "You have" if of == "person" else "This key has"
    return QuotaExceeded(
        f"{whose} used {used:,} of {limit:,} tokens this {window}. It begins anew at midnight UTC{'' if window == 'day' else ' of the 1st'}.",
        retry_after_s=max(1, round((end_of(window, at) - at).total_seconds())),
        window=window, of=of, used=used, allowed=limit, resets_at=end_of(window, at).isoformat(),
    )  # fmt: skip
