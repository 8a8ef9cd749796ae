"""Addresses of HTTP servers as people write them, read in one place: engines, S3, the OpenID provider."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

EXAMPLE = "http://127.0.0.1:11434"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where a server listens, not where it is reached


class BadAddress(ValueError):
    """It is no address of an HTTP server; the message is a sentence and never shows a password."""


def http(given: str, *, port: int | None = None) -> str:
    """Return a server's base address without a slash at its end, such as http://[::1]:11434/v1. Raises BadAddress.

    Without a scheme it is http, and then without a port `port`. An address to listen on becomes the one that it is reached at.
    """
    text = _unquoted(given.strip())
    has_scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text)
    parts = _split(text if has_scheme else f"http://{_bracketed(text)}")
    place = _EVERYWHERE.get(parts.hostname or "", parts.hostname or "127.0.0.1")
    host = f"[{place}]" if ":" in place else place
    number = parts.port or (port if not has_scheme else None)
    user, at, _ = parts.netloc.rpartition("@")
    return f"{parts.scheme.lower()}://{user}{at}{host}{f':{number}' if number else ''}{parts.path.rstrip('/')}"


def without(address: str, *ends: str) -> str:
    """Return an address without these paths at its end."""
    for end in ends:
        address = address.removesuffix(end)
    return address


def without_call(address: str) -> str:
    """Return the base of an address that people copied with the call at its end."""
    return without(address, "/chat/completions", "/completions", "/embeddings", "/models", "/chat", "/generate", "/tags")


def with_v1(address: str) -> str:
    """Return an address that ends with /v1, as those of OpenAI's protocol do."""
    return address if address.endswith("/v1") else f"{address}/v1"


def place(address: str) -> str:
    """Return host and port, as anybody may see them."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def is_loopback(address: str) -> bool:
    """Tell whether the server is on this machine."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


def _unquoted(text: str) -> str:
    """Return what stands in quotes, which some readers of .env files leave around a value."""
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        if parts.port == 0 or re.search(r"[\s\x00-\x1f\\]", text):
            raise ValueError
    except ValueError:
        raise BadAddress(f"this is no address that can be read; one looks like {EXAMPLE}") from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise BadAddress(f"an address begins with http:// or https://, not {parts.scheme[:20]}://")
    if not parts.netloc or parts.netloc.endswith("@"):
        raise BadAddress(f"this address names no server; one looks like {EXAMPLE}")
    if parts.query or parts.fragment:
        raise BadAddress("an address of a server has no ? and no #")
    return parts


def _bracketed(text: str) -> str:
    """Return a bare IPv6 address as URLs have it."""
    try:
        return f"[{text}]" if ip_address(text).version == 6 else text
    except ValueError:
        return text
