"""Searching without an engine of one's own: the package ddgs reads the result pages that search engines make for people.

No engine has agreed to that. It may stop working any day or be refused for asking too often, so it is for one person on one machine.
"""

import asyncio

from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.search.results import MOST, Found, places

PATIENCE_S = 10


class Ddgs:
    """Asks by ddgs; it is not among what is installed by itself."""

    name = "ddgs"

    async def search(self, query: str) -> list[Found]:
        """Return what was found. Raises NotDone."""
        return await asyncio.to_thread(_search, query)


def _search(query: str) -> list[Found]:
    try:
        from ddgs import DDGS
        from ddgs.exceptions import DDGSException
    except ImportError:
        raise NotDone("search_failed", "The package ddgs is not installed (docs/tools.md).") from None
    try:
        return places(DDGS(timeout=PATIENCE_S).text(query, max_results=MOST), url="href", text="body")
    except DDGSException as error:
        raise NotDone("search_failed", f"The search engines gave nothing to ddgs: {str(error)[:200]}.") from None
