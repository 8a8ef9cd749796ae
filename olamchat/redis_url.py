"""REDIS_URL, read once for all who speak to Redis: what one of them would overlook is refused by name."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlsplit

from olamchat.environment import BadSetting

# What redis-py and Celery both understand.
_TLS = {"ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname"}
_CERTIFICATES = {"required", "optional", "none"}
_LETTERS = "In a user's name or password, each of / @ : ? # % is written in percent form, such as %40 for @."
_ONE_SERVER = "olamchat speaks to one server: name the address that leads to the primary, such as a Service or a proxy."


def check(url: str) -> str:
    """Return the URL if all of it is honoured. Raises BadSetting, whose message never shows the URL."""
    parts = _split(url)
    _check_place(parts)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(given) - _TLS):
        raise BadSetting(f"REDIS_URL has the parameter {unknown[0][:64]!r}; known are {', '.join(sorted(_TLS))}.")
    if given and parts.scheme == "redis":
        raise BadSetting("REDIS_URL has parameters of TLS but begins with redis://; with TLS it begins with rediss://.")
    if given.get("ssl_cert_reqs", "required") not in _CERTIFICATES:
        raise BadSetting(f"REDIS_URL has an ssl_cert_reqs that is none of {', '.join(sorted(_CERTIFICATES))}.")
    return url


def tls(url: str) -> Mapping[str, str | bool] | None:
    """Return what Celery is told about TLS, None without. A certificate is checked unless the URL says otherwise: Celery's own default is not to."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        return None
    given = dict(parse_qsl(parts.query))
    checks = given.get("ssl_check_hostname", "true").lower() not in {"false", "0", "no"}
    return {"ssl_cert_reqs": "required", **given, "ssl_check_hostname": checks and given.get("ssl_cert_reqs") != "none"}


def place(url: str) -> str:
    """Return where Redis is, as people may see it."""
    return _split(url).netloc.rpartition("@")[2]


def without_parameters(url: str) -> str:
    return url.partition("?")[0]


def _split(url: str) -> SplitResult:
    if other := _other_kind(url.partition(":")[0]):
        raise BadSetting(other)
    try:
        parts = urlsplit(url)
        readable = parts.port != 0 and parts.hostname and not parts.fragment
    except ValueError:
        readable = False
    if not readable:
        raise BadSetting(f"REDIS_URL can't be read: is it redis://host:port/0? {_LETTERS}")
    return parts


def _check_place(parts: SplitResult) -> None:
    if parts.scheme not in {"redis", "rediss"}:
        raise BadSetting("REDIS_URL must begin with redis:// or rediss://.")
    if re.search("[,;]", parts.netloc.rpartition("@")[2]):
        raise BadSetting(f"REDIS_URL names several servers. {_ONE_SERVER}")
    if not re.fullmatch(r"(/\d{0,5})?", parts.path):
        raise BadSetting(f"REDIS_URL ends in something that is not the number of a database. {_LETTERS}")


def _other_kind(scheme: str) -> str:
    if "sentinel" in scheme:
        return f"REDIS_URL names Sentinels. {_ONE_SERVER}"
    if "cluster" in scheme:
        return f"REDIS_URL names a Redis Cluster. {_ONE_SERVER}"
    if "unix" in scheme or "socket" in scheme:
        return "REDIS_URL names a Unix socket; olamchat reaches Redis over TCP, with redis:// or rediss://."
    return ""
