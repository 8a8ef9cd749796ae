"""The search engines that are asked over HTTP: SearXNG, Brave, Tavily. An administrator names the address, so that it may be a private one."""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from worker.steps.builtin import unpacking
from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.search.results import MOST, Found, places

PATIENCE_S = 15.0
MOST_BYTES = 4 << 20
_WHY = {
    401: "it does not take the key (OLAMCHAT_SEARCH_KEY)",
    402: "the key's allowance is used up",
    403: "it refuses; SearXNG does so until its settings have json among search.formats",
    429: "it was asked too often, or the key's allowance is used up",
}


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How an engine is asked and where its answer has what. `address` ends without a slash."""

    name: str
    address: str
    path: str
    query: str
    results: Sequence[str]
    text: str
    given: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    posts: bool = False
    trust: ssl.SSLContext | None = None

    async def search(self, query: str) -> list[Found]:
        """Return what was found. Raises NotDone."""
        try:
            told = json.loads(await self._asked(query))
            for name in self.results:
                told = told.get(name) or {}
            return places([one for one in told if isinstance(one, dict)], url="url", text=self.text)
        except httpx2.TimeoutException:
            raise NotDone("search_failed", f"The search engine ({self.name}) did not answer in time.") from None
        except httpx2.HTTPError as error:
            raise NotDone("search_failed", f"The search engine ({self.name}) can't be reached: {type(error).__name__}.") from None
        except (ValueError, AttributeError, TypeError):
            raise NotDone("search_failed", f"The search engine ({self.name}) answers something that can't be read.") from None

    async def _asked(self, query: str) -> bytes:
        said = {self.query: query, **self.given}
        how: dict[str, Any] = {"json": said} if self.posts else {"params": said}
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", **self.headers}
        client = httpx2.AsyncClient(timeout=PATIENCE_S, verify=self.trust or True)
        async with client, client.stream("POST" if self.posts else "GET", self.address + self.path, headers=headers, **how) as response:
            if response.status_code != 200:
                why = _WHY.get(response.status_code, f"it answers {response.status_code}")
                raise NotDone("search_failed", f"The search engine ({self.name}) can't be used: {why}.")
            unpack = unpacking.unpacker(response.headers.get("content-encoding", ""))
            return (await unpacking.within(response.aiter_raw(), unpack, MOST_BYTES))[0]


def searxng(address: str, trust: ssl.SSLContext | None = None) -> Engine:
    """SearXNG (https://docs.searxng.org/dev/search_api.html)."""
    return Engine(name="SearXNG", address=address, path="/search", query="q", results=("results",), text="content", given={"format": "json"}, trust=trust)  # fmt: skip


def brave(address: str, key: str, trust: ssl.SSLContext | None = None) -> Engine:
    """Brave (https://api-dashboard.search.brave.com/app/documentation/web-search)."""
    return Engine(
        name="Brave", address=address or "https://api.search.brave.com", path="/res/v1/web/search", query="q", results=("web", "results"),
        text="description", given={"count": MOST}, headers={"X-Subscription-Token": key}, trust=trust,
    )  # fmt: skip


def tavily(address: str, key: str, trust: ssl.SSLContext | None = None) -> Engine:
    """Tavily (https://docs.tavily.com/documentation/api-reference/endpoint/search)."""
    return Engine(
        name="Tavily", address=address or "https://api.tavily.com", path="/search", query="query", results=("results",), text="content",
        given={"max_results": MOST}, headers={"Authorization": f"Bearer {key}"}, posts=True, trust=trust,
    )  # fmt: skip
