"""Sessions that are kept between calls: one call after another on the same one, and no call the worse for it when their server restarts."""

import asyncio
import json
import signal
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import free_port
from tests.tool_server.npm import serving_everything
from tests.worker.conftest import until
from tests.worker.steps.conftest import Acts, Tools
from worker.steps.servers import Unauthorized
from worker.steps.sessions import Session, Sessions

ANN, BOB = UUID(int=1), UUID(int=2)
NOTE = {"name": "note", "arguments": {"text": "milk"}}


def ready(acts: Acts, server: str = "scripted") -> None:
    acts.start_steps()
    acts.add_server(server, approval="never")
    acts.house.start()
    until(lambda: acts.house.offer("counter"), "the model")


def test_a_session_serves_one_call_at_a_time_and_the_next_one_after_it(tools: Tools) -> None:
    server = {"id": 1, "kind": "http", "url": tools.url, "auth": "none", "token_variable": ""}

    async def calls() -> list[Session]:
        sessions, seen = Sessions(), []
        async with sessions.one(server, None, person=ANN) as first, sessions.one(server, None, person=ANN) as beside:
            seen += [first, beside]
            for session in seen:
                await session.client.call_tool("look", {"about": "x"})
        async with sessions.one(server, None, person=ANN) as later:
            await later.client.call_tool("look", {"about": "y"})
        async with sessions.one({**server, "id": 2}, None, person=ANN) as foreign:
            pass
        async with sessions.one(server, None, person=BOB) as bobs:
            pass
        return [*seen, later, foreign, bobs]

    first, beside, later, foreign, bobs = asyncio.run(calls())

    assert first is not beside
    assert later in (first, beside)
    assert foreign not in (first, beside)
    assert bobs not in (first, beside), "what one person's session remembers is not another's"


def test_a_session_in_which_a_call_went_wrong_is_not_kept(tools: Tools) -> None:
    server = {"id": 1, "kind": "http", "url": tools.url, "auth": "none", "token_variable": ""}

    async def calls() -> tuple[Session, Session]:
        sessions = Sessions()
        with pytest.raises(Unauthorized):
            async with sessions.one(server, None, person=ANN) as first:
                raise Unauthorized("no")
        async with sessions.one(server, None, person=ANN) as second:
            return first, second

    first, second = asyncio.run(calls())

    assert first is not second


@pytest.mark.timeout(240)
def test_a_write_waits_for_a_server_that_restarts_and_is_done_once(acts: Acts) -> None:
    ready(acts)
    acts.plan([NOTE])
    acts.house.ask().until_told()

    acts.tools.send(signal.SIGKILL)
    acts.tools.stop()
    acts.plan([NOTE])
    asked = acts.house.ask()
    acts.until_states(asked, "running")
    acts.tools.start()
    asked.until_told()

    (step,) = acts.steps(asked)
    assert (step["state"], step["attempt"]) == ("done", 1), "nothing had left, so there is nothing to ask a person"
    assert len(acts.tools.began("note")) == 2


@pytest.mark.timeout(300)
def test_a_session_that_its_server_has_forgotten_is_opened_anew(acts: Acts) -> None:
    echo: dict[str, Any] = {"server": "everything", "name": "echo", "arguments": {"message": "hello"}}
    port = free_port()
    with serving_everything(port) as url:
        acts.tools.url = url
        ready(acts, "everything")
        acts.plan([echo])
        acts.house.ask().until_told()

    with serving_everything(port):
        acts.plan([echo])
        asked = acts.house.ask()
        asked.until_told()

    (step,) = acts.steps(asked)
    assert (step["state"], step["attempt"]) == ("done", 1), json.dumps(step["error"])


def test_a_server_that_nobody_looked_at_for_a_while_is_looked_at_again(acts: Acts) -> None:
    acts.start_steps()
    acts.add_server()
    acts.house.run("DELETE FROM tools WHERE name = 'look'")  # as if the server had got it since

    acts.house.run("UPDATE tool_servers SET checked_at = now() - interval '1 hour' WHERE name = 'scripted'")

    until(lambda: acts.house.run("SELECT 1 FROM tools WHERE name = 'look'"), "the new tool")
