"""Which search engine there is."""

import ssl
from typing import Protocol

from olamchat.environment import BadSetting, Environment
from olamchat.network import addresses
from worker.steps.builtin.search.by_ddgs import Ddgs
from worker.steps.builtin.search.over_http import brave, searxng, tavily
from worker.steps.builtin.search.results import Found


class Search(Protocol):
    """What asks a search engine."""

    @property
    def name(self) -> str: ...

    async def search(self, query: str) -> list[Found]:
        """Return what was found. Raises NotDone."""


def engine(environment: Environment, trust: ssl.SSLContext | None = None) -> Search | None:
    """Return the engine that is set, None where none is. Raises BadSetting."""
    address = _address(environment.search_url)
    match environment.search:
        case "":
            return None
        case "searxng":
            return searxng(_needed(address, "OLAMCHAT_SEARCH_URL"), trust)
        case "brave":
            return brave(address, _needed(environment.search_key, "OLAMCHAT_SEARCH_KEY"), trust)
        case "tavily":
            return tavily(address, _needed(environment.search_key, "OLAMCHAT_SEARCH_KEY"), trust)
        case "ddgs" if environment.pod:
            raise BadSetting("OLAMCHAT_SEARCH=ddgs is for one machine alone: it reads pages that search engines make for people")
        case "ddgs":
            return Ddgs()
    raise BadSetting(f"OLAMCHAT_SEARCH={environment.search!r} is none of searxng, brave, tavily and ddgs")


def _needed(value: str, variable: str) -> str:
    if not value:
        raise BadSetting(f"{variable} is needed for the search engine that OLAMCHAT_SEARCH names")
    return value


def _address(setting: str) -> str:
    try:
        return addresses.http(setting) if setting else ""
    except addresses.BadAddress as error:
        raise BadSetting(f"OLAMCHAT_SEARCH_URL={setting!r}: {error}") from None
