"""The built-in tools that this installation has, and the way to each."""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from olamchat.db.rows import Row
from olamchat.environment import Environment
from olamchat.network import certificates
from olamchat.services.steps.moves import Step
from worker.pools.finder import finder
from worker.steps.builtin import attachment, catalog, guard
from worker.steps.builtin.fetching import Fetcher
from worker.steps.builtin.guard import Guard
from worker.steps.builtin.library import Library
from worker.steps.builtin.opening import Opener
from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.search import choice
from worker.steps.builtin.search.choice import Search

Do = Callable[[Step, Mapping[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Belt:
    """`offered` has the tools' rows by server, `ways` what each does, by server and tool."""

    offered: Mapping[str, list[Row]]
    ways: Mapping[tuple[str, str], Do]

    async def do(self, step: Step, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a step says and return its result as it is kept. Raises NotDone, DatabaseLost."""
        way = self.ways.get((step.server, step.tool))
        if way is None:
            raise NotDone("unknown_tool", "This tool was switched off.")
        return await way(step, arguments)


def belt(environment: Environment) -> Belt:
    """Return the tools that the settings give. Raises BadSetting."""
    trusted = trust()
    engine = choice.engine(environment, trusted)
    fetcher = Fetcher(Guard(guard.networks(environment.web_networks)), agent(environment), trust=trusted)
    offered = {catalog.FILES: [catalog.READ], catalog.DOCUMENTS: [catalog.KNOWLEDGE]}
    ways: dict[tuple[str, str], Do] = {
        (catalog.FILES, "read_file"): attachment.read,
        (catalog.DOCUMENTS, "search_knowledge"): Library(finder(environment)).search,
    }
    if engine is not None or environment.open_pages:
        offered[catalog.WEB], ways[catalog.WEB, "open_page"] = [catalog.OPEN], Opener(fetcher).open
    if engine is not None:
        offered[catalog.WEB], ways[catalog.WEB, "web_search"] = [catalog.OPEN, catalog.SEARCH], _searching(engine)
    return Belt(offered, ways)


def agent(environment: Environment) -> str:
    """Return what websites are told of who asks."""
    about = f"; +{environment.public_url}" if environment.public_url else ""
    return environment.web_user_agent or f"Mozilla/5.0 (compatible; olamchat/1{about})"


def _searching(engine: Search) -> Do:
    async def search(_: Step, arguments: Mapping[str, Any]) -> dict[str, Any]:
        query = " ".join(str(arguments["query"]).split())[:400]
        found = await engine.search(query) if query else []
        content = [{"type": "source", "url": one.url, "title": one.title, "text": one.text} for one in found]
        return {"content": content or [{"type": "text", "text": "Nothing was found."}], "structured": None, "cut": False}

    return search


def trust() -> ssl.SSLContext | None:
    """Return the certificates of this installation's own authority, None where it has none."""
    file = certificates.bundle()
    return ssl.create_default_context(cafile=file) if file else None
