"""Where passkeys work: the page's origins, and the domain that passkeys belong to (the *relying party id* of WebAuthn)."""

from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from olamchat.environment import BadSetting, environment

LOCAL = "localhost"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The origins whose pages may use passkeys of `host`."""

    origins: tuple[str, ...]
    host: str


def site() -> Site | None:
    """Return where passkeys work, None where they don't. Raises BadSetting."""
    settings = environment()
    return _named(settings.passkey_origins, settings.passkey_host) if settings.passkey_origins else _public(settings.public_url)


@cache
def _named(origins: str, host: str) -> Site:
    places = [_place(each.strip()) for each in origins.split(",") if each.strip()]
    if not places:
        raise BadSetting(f"OLAMCHAT_PASSKEY_ORIGINS={origins!r} names no origin such as https://chat.example.org")
    domain = host.strip().lower() or str(places[0].hostname)
    for place in places:
        if place.hostname != domain and not str(place.hostname).endswith(f".{domain}"):
            raise BadSetting(f"OLAMCHAT_PASSKEY_HOST must be the host of {_origin(place)}, or a domain above it, not {domain!r}")
    return Site(origins=tuple(map(_origin, places)), host=domain)


@cache
def _public(public_url: str) -> Site | None:
    """An instance that is reached by an IP address, or without TLS, simply has no passkeys: browsers have none there."""
    place = urlsplit(public_url)
    return Site(origins=(_origin(place),), host=str(place.hostname)) if _is_fit(place) else None


def _place(origin: str) -> SplitResult:
    try:
        place = urlsplit(origin)
        fit = _is_fit(place) and place.path in {"", "/"} and not place.query and not place.fragment
    except ValueError:
        fit = False
    if not fit:
        raise BadSetting(
            f"OLAMCHAT_PASSKEY_ORIGINS: {origin!r} is not an origin that has passkeys: https:// and a name, or http://localhost"
        )
    return place


def _is_fit(place: SplitResult) -> bool:
    host = place.hostname or ""
    is_local = host == LOCAL or host.endswith(f".{LOCAL}")
    return bool(host) and not _is_address(host) and (place.scheme == "https" or (place.scheme == "http" and is_local))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _origin(place: SplitResult) -> str:
    """Return an origin as browsers write it: in small letters, without the port that goes without saying."""
    usual = {"https": 443, "http": 80}[place.scheme]
    port = "" if place.port in {None, usual} else f":{place.port}"
    return f"{place.scheme}://{place.hostname}{port}"
