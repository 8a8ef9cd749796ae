"""How often: requests of one person or key, tries to sign in with one e-mail, sign-ins, sign-ups and looks at links from one address.

Counted in Redis by sliding windows, for all processes together. Where Redis can't be reached each limit has its choice: signing in and up is refused
(guessing must not become free), everything else goes on.
"""

import hashlib
import logging
import time
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from olamchat import redis
from olamchat.environment import BadSetting, environment
from olamchat.errors import TooMany, Unavailable
from olamchat.services.people import accounts

OFF = "-"
IPV6_PREFIX = 64
# For how long a process refuses without counting whom it has just refused: less than any window, so nobody is kept out for longer than by the limit.
SPENT_S, SPENT_KEPT = 0.5, 10_000
_spent: dict[UUID, float] = {}
_log = logging.getLogger(__name__)


def set_up(app: Flask) -> None:
    """Tell with every answer how much is left of the limit that is nearest. Raises BadSetting for limits that can't be read."""
    for setting in ("limit_sign_in", "limit_address", "limit_account", "limit_mail", "limit_requests", "limit_visits"):
        _limits(setting)
    app.after_request(_tell)


def person(person_id: UUID, *, own: int | None = None) -> None:
    """Count a request of a person or key; `own` is how many a minute were set for this key besides. Raises TooMany; goes on without Redis."""
    try:
        _hit(_limits("limit_requests"), "person", str(person_id))
        if own is not None:
            _hit(_parsed(f"{own}/minute"), "own", str(person_id))
    except redis.Lost:
        _log.warning("a request is not counted: Redis can't be reached")
    except TooMany:
        if len(_spent) >= SPENT_KEPT:
            _spent.clear()
        _spent[person_id] = time.monotonic() + SPENT_S
        raise


def refuse_spent(person_id: UUID) -> None:
    """Refuse whom this process refused a moment ago, before anything is done for them. Raises TooMany."""
    until = _spent.get(person_id, 0.0)
    if (left := until - time.monotonic()) > 0:
        raise TooMany(retry_after_s=max(1, round(left)))


def visiting() -> None:
    """Count a look at a link by somebody who need not be signed in, by address. Raises TooMany; goes on without Redis."""
    try:
        _hit(_limits("limit_visits"), "visitor", _place())
    except redis.Lost:
        _log.warning("a visit is not counted: Redis can't be reached")


def signing_in(account: str, *, device: str | None = None) -> None:
    """Count a try at an account's password. Raises TooMany, Unavailable.

    A `device` that was signed in there before is counted by itself. Everybody else is counted by address, by address and account together,
    and all of them by account: so that whoever guesses keeps out strangers, and not the owner.
    """
    if device:
        _strictly("limit_sign_in", "device", device)
        return
    digest = _digest(account)
    _strictly("limit_address", "address", _place())
    _strictly("limit_sign_in", "pair", f"{_place()} {digest}")
    _strictly("limit_account", "account", digest)


def second_step(account: str) -> None:
    """Count a try at an account's second factor, from everywhere: only who has the password comes so far. Raises TooMany, Unavailable."""
    _strictly("limit_address", "address", _place())
    _strictly("limit_sign_in", "second", account)


def mailing(email: str, *, by: UUID | None = None) -> None:
    """Count a mail that is asked for, by address, by who asks, and by whom it is to. Raises TooMany, Unavailable."""
    _strictly("limit_address", "address", _place())
    if by is not None:
        _strictly("limit_mail", "mailer", str(by))
    _strictly("limit_mail", "mail", _digest(email))


def joining() -> None:
    """Count a sign-up, by address. Raises TooMany, Unavailable."""
    _strictly("limit_address", "address", _place())


def renewing(session_id: UUID) -> None:
    """Count a renewal of a session, as requests of its own. Raises TooMany; goes on without Redis."""
    person(session_id)


def _digest(account: str) -> str:
    return hashlib.sha256(accounts.same_email(account).encode(errors="surrogatepass")).hexdigest()


def _place() -> str:
    """Return where a request comes from, as it is counted: of IPv6 the network, since whoever has one address has 2^64 of them."""
    address = request.remote_addr or ""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((int(known), IPV6_PREFIX), strict=False))


def _strictly(setting: str, kind: str, name: str) -> None:
    try:
        _hit(_limits(setting), kind, name)
    except redis.Lost:
        raise Unavailable("Signing in is not possible right now. Existing sessions are not affected.", retry_after_s=2) from None


def used_up(limit: int, reset_s: int) -> None:
    """Tell with this answer that nothing is left of a quota."""
    g.limit = (limit, 0, reset_s)


def _hit(limits: tuple[RateLimitItem, ...], kind: str, name: str) -> None:
    for limit in limits:
        try:
            good = _limiter(environment().redis_url).hit(limit, kind, name)
            stats = _limiter(environment().redis_url).get_window_stats(limit, kind, name)
        except StorageError as error:
            raise redis.Lost(str(error)) from error
        wait_s = max(1, round(stats.reset_time - time.time()))
        told = (limit.amount, stats.remaining, wait_s)
        g.limit = min(g.get("limit", told), told, key=lambda one: one[1])
        if not good:
            raise TooMany(retry_after_s=wait_s)


@cache
def _limiter(url: str) -> SlidingWindowCounterRateLimiter:
    timeouts: dict[str, Any] = {"socket_connect_timeout": redis.CONNECT_S, "socket_timeout": redis.COMMAND_S}
    return SlidingWindowCounterRateLimiter(RedisStorage(url, wrap_exceptions=True, key_prefix="limits", **timeouts))


@lru_cache(1_000)
def _parsed(said: str) -> tuple[RateLimitItem, ...]:
    return () if said == OFF else tuple(parse_many(said))


def _limits(setting: str) -> tuple[RateLimitItem, ...]:
    said = str(getattr(environment(), setting))
    try:
        return _parsed(said)
    except ValueError:
        raise BadSetting(f"OLAMCHAT_{setting.upper()}={said!r} is not a limit such as 10/minute;50/hour, nor {OFF}") from None


def _tell(response: Response) -> Response:
    """The RateLimit fields of draft-ietf-httpapi-ratelimit-headers-07, as most clients read them."""
    if (limit := g.get("limit")) is not None:
        for name, value in zip(("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"), limit, strict=True):
            response.headers[name] = str(value)
    return response
