"""A website to open pages of, and a way to run what is asynchronous."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from tests.website.site import Site, serving
from worker.steps.builtin.fetching import Fetcher
from worker.steps.builtin.guard import Guard, resolved
from worker.steps.builtin.opening import Opener
from worker.steps.builtin.refusals import NotDone

AGENT = "Mozilla/5.0 (compatible; olamchat/1)"
HERE = ip_network("127.0.0.1/32")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def opener(*networks: Any, resolve: Any = resolved) -> Opener:
    """Open pages as a step worker does, in these networks too."""
    return Opener(Fetcher(Guard(networks), AGENT, resolve=resolve))


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def refusal(ask: Callable[[], Coroutine[Any, Any, Any]]) -> str:
    """Return the code that something is refused with."""
    with pytest.raises(NotDone) as refused:
        run(ask())
    return refused.value.code
