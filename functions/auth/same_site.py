"""Whether a request that signs a browser in comes from a page of our own: else another site could put its visitors into an account of its own."""

from urllib.parse import urlsplit

from flask import request

from olamchat.environment import environment
from olamchat.errors import CsrfFailed


def check() -> None:
    """Let pass what our own page sent, and programs, which name no origin. Raises CsrfFailed."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site in {"same-origin", "none"}:
        return
    if site is not None or (origin is not None and not _is_ours(origin)):
        raise CsrfFailed("This request came from another site's page.")


def _is_ours(origin: str) -> bool:
    try:
        place = urlsplit(origin).netloc
        return bool(place) and place in {request.host, urlsplit(environment().public_url).netloc}
    except ValueError:
        return False
