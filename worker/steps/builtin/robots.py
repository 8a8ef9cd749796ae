"""What websites let robots read (RFC 9309). A person asked for the page, yet it is a program that reads it."""

import time
from urllib.parse import urlsplit

import httpx2
from protego import Protego

from worker.steps.builtin.fetching import REDIRECTS, Fetched, Fetcher, address
from worker.steps.builtin.refusals import NotDone

# The name that websites' rules call us by.
TOKEN = "olamchat"  # noqa: S105, it is no secret
KEPT_S, MOST_KEPT, MOST_BYTES = 3_600.0, 1_000, 512 << 10


class Robots:
    """The rules of the websites asked so far."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, tuple[float, Protego | None]] = {}

    async def check(self, url: httpx2.URL) -> None:
        """Raise NotDone where a website's rules keep us from a page, or where they can't be known."""
        origin = f"{url.scheme}://{url.netloc.decode()}"
        until, rules = self._rules.get(origin, (0.0, None))
        if until < time.monotonic():
            rules = await self._asked(origin)
            self._keep(origin, rules)
        if rules is not None and not rules.can_fetch(str(url), TOKEN):
            raise NotDone("robots", f"{url.host} does not let programs read this page (robots.txt).")

    async def _asked(self, origin: str) -> Protego | None:
        """Return a website's rules, None where it has none."""
        told = await self._followed(f"{origin}/robots.txt")
        if told.status >= 500:
            raise NotDone("robots", f"{urlsplit(origin).hostname} can't say at the moment what programs may read (robots.txt).")
        return Protego.parse(told.data.decode("utf-8", "replace")) if told.status < 300 else None

    async def _followed(self, url: str) -> Fetched:
        told = await self._fetcher.once(address(url), MOST_BYTES)
        for _ in range(REDIRECTS):
            if not told.location:
                break
            told = await self._fetcher.once(address(told.location, told.url), MOST_BYTES)
        return told

    def _keep(self, origin: str, rules: Protego | None) -> None:
        if len(self._rules) >= MOST_KEPT:
            self._rules.clear()
        self._rules[origin] = (time.monotonic() + KEPT_S, rules)
