"""Processes die in the middle of a step: what may be done twice is done again, a write never is unless a person says so."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.worker.conftest import ROOT, House, until
from tests.worker.steps.conftest import Acts
from tests.worker.steps.test_steps import LOOK, NOTE, open_house

SLOW = {"seconds": 3}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    given = {"look": {"about": "x"}, "set": {"value": "x"}, "note": {"text": "x"}}[name]
    return {"name": name, "arguments": {**given, **arguments}}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ["look", "set"])
def test_what_may_be_done_twice_is_done_again_with_the_same_key(acts: Acts, name: str) -> None:
    doomed = open_house(acts).house.workers[0]
    acts.plan([call(name, seconds=3)])
    asked = acts.house.ask()
    until(lambda: acts.tools.began(name), "the call")

    doomed.send(signal.SIGKILL)
    acts.start_steps()
    row = asked.until_told()

    assert row["status"] == "done"
    assert acts.states(asked) == ["done"]
    began = acts.tools.began(name)
    assert len(began) == 2
    assert len({line["key"] for line in began}) == 1


@pytest.mark.timeout(240)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_write_whose_worker_died_is_asked_for_and_not_repeated(acts: Acts, number: signal.Signals) -> None:
    doomed = open_house(acts, approval="never").house.workers[0]
    acts.plan([call("note", seconds=30)])
    asked = acts.house.ask()
    until(lambda: acts.tools.began("note"), "the call")

    doomed.send(number)
    acts.start_steps()
    acts.until_states(asked, "unknown")

    assert asked.row["status"] == "waiting"
    assert acts.decide(asked, decision="grant", attempt=0)["state"] == "unknown", "allowed before anybody knew of this"  # type: ignore[index]
    assert len(acts.tools.began("note")) == 1
    acts.decide(asked, decision="refuse", attempt=1)
    asked.until_told()
    assert acts.states(asked) == ["refused"]
    assert len(acts.tools.began("note")) == 1


@pytest.mark.timeout(240)
def test_a_tool_server_that_dies_in_a_write_leaves_it_unknown(acts: Acts) -> None:
    open_house(acts, approval="never")
    acts.plan([call("note", seconds=30)])
    asked = acts.house.ask()
    until(lambda: acts.tools.began("note"), "the call")

    acts.tools.send(signal.SIGKILL)
    acts.until_states(asked, "unknown")
    acts.tools.stop()
    acts.tools.start()
    acts.plan(text="At last.")
    acts.house.run("UPDATE steps SET arguments = %s", json.dumps(NOTE["arguments"]))
    acts.decide(asked, decision="grant", attempt=1)

    asked.until_told()
    assert acts.states(asked) == ["done"]
    assert len(acts.tools.began("note")) == 2, "the second because a person said so"


@pytest.mark.timeout(240)
def test_a_stop_ends_a_running_step_at_its_server(acts: Acts) -> None:
    from olamchat.services.turns import lifecycle

    open_house(acts, approval="never")
    acts.plan([call("note", seconds=30)])
    asked = acts.house.ask()
    until(lambda: acts.tools.began("note"), "the call")

    assert lifecycle.stop(asked.id)

    row = asked.until_told()
    assert (row["status"], row["content"]) == ("stopped", "Let me see.")
    assert acts.states(asked) == ["stopped"]
    until(lambda: acts.tools.ended("note") == ["cancelled"], "the cancellation at the server")
    assert acts.decide(asked, attempt=1)["state"] == "stopped"  # type: ignore[index]


@pytest.mark.timeout(240)
def test_the_model_worker_dies_after_the_steps_and_their_text_stands(acts: Acts) -> None:
    open_house(acts)
    acts.plan([LOOK], length=150, rate=50)
    asked = acts.house.ask()
    asked.until_read(10)
    acts.house.workers[1].send(signal.SIGKILL)
    acts.house.start()
    asked.until_told()
    text = "Let me see." + "".join(f" w{number}" for number in range(150))
    assert (asked.row["content"], asked.read) == (text, text)
    assert len(acts.tools.began("look")) == 1


@pytest.mark.timeout(240)
def test_a_program_of_this_machine_is_a_server(acts: Acts, house: House, tmp_path: Path) -> None:
    import sys

    book = tmp_path / "calls.jsonl"
    program = {
        "command": sys.executable,
        "args": ["-W", "ignore", "-m", "tests.tool_server", "--stdio", "--book", str(book)],
        "cwd": str(ROOT),
    }
    file = tmp_path / "mcp.json"
    file.write_text(json.dumps({"mcpServers": {"scripted": program}}))
    acts.house.script(tools=True)
    acts.start_steps(OLAMCHAT_MCP_FILE=str(file))
    acts.until_tools("scripted")
    house.start()
    until(lambda: house.offer("counter"), "the model")
    acts.plan([LOOK], [LOOK])
    asked = house.ask()
    asked.until_told()
    assert acts.states(asked) == ["done", "done"]
    assert len(acts.tools.began("look")) == 2
