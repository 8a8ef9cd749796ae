"""open_page: fetch what a model names, keep its text, give a part of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from olamchat.db.rows import Row
from olamchat.services.steps import pages
from olamchat.services.steps.moves import Step
from worker.steps.builtin import reading
from worker.steps.builtin.fetching import REDIRECTS, Fetched, Fetcher, address
from worker.steps.builtin.reading import Page
from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.robots import Robots

# Characters of a page that one call brings; the rest is a call away.
PART = 20_000


class Opener:
    """Opens pages; what was read once in an answer is read again as it was, by whoever goes on with it."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher, self._robots = fetcher, Robots(fetcher)

    async def open(self, step: Step, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the part of a page that was asked for. Raises NotDone, DatabaseLost."""
        url = str(address(arguments["url"]))
        row = await asyncio.to_thread(lambda: pages.find(step.message_id, url)) or await self._kept(step, url)
        text = part(row["content"], int(arguments.get("start") or 0), "open_page")
        source = {"type": "source", "url": row["final_url"], "title": row["title"], "text": text}
        return {"content": [source], "structured": None, "cut": row["cut"]}

    async def _kept(self, step: Step, url: str) -> Row:
        page = await self.read(url)
        kept = {"final_url": page.url, "title": page.title, "content": page.text, "cut": page.cut}
        return await asyncio.to_thread(lambda: pages.keep(step.message_id, url, kept))

    async def read(self, url: str) -> Page:
        """Return what a page says, wherever it has moved. Raises NotDone."""
        fetched = await self._followed(url)
        if fetched.status >= 400:
            raise NotDone("http_status", f"The server answers {fetched.status} for this page.")
        return await reading.read(fetched)

    async def _followed(self, url: str) -> Fetched:
        place = address(url)
        for _ in range(REDIRECTS + 1):
            await self._robots.check(place)
            fetched = await self._fetcher.once(place)
            if not fetched.location:
                return fetched
            place = address(fetched.location, fetched.url)
        raise NotDone("too_many_redirects", f"The page sends its readers on more than {REDIRECTS} times.")


def part(text: str, start: int, tool: str) -> str:
    """Return a text from `start` on, and how to read on. Raises NotDone."""
    if start < 0 or start >= len(text):
        raise NotDone("bad_arguments", f"The text has {len(text):,} characters, and `start` is not below that.")
    end = min(len(text), start + PART)
    if end == len(text):
        return text[start:]
    return f"{text[start:end]}\n\n[Characters {start:,} to {end:,} of {len(text):,}. Call {tool} with start={end} for what follows.]"
