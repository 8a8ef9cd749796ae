"""HTTP to the house itself: always direct, whatever proxy the environment names for the world outside."""

import urllib.request
from typing import Any

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def open(request: urllib.request.Request | str, timeout_s: float) -> Any:  # noqa: A001, read as http.open
    """Return the response. Raises OSError, urllib.error.HTTPError among them."""
    return _opener.open(request, timeout=timeout_s)
