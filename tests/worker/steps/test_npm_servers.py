"""The servers that the protocol's makers publish, called by real step workers: over Streamable HTTP, and as a program of this machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from olamchat.tokenlog.events import StepChanged
from tests.tool_server.npm import node_binary, program, serving_everything
from tests.worker.conftest import until
from tests.worker.steps.conftest import Acts

pytestmark = pytest.mark.timeout(300)


def call(server: str, name: str, **arguments: Any) -> dict[str, Any]:
    return {"server": server, "name": name, "arguments": arguments}


def test_everything_over_http(acts: Acts) -> None:
    with serving_everything() as url:
        acts.tools.url = url
        acts.house.script(tools=True)
        acts.start_steps()
        acts.add_server("everything", approval="never")
        acts.house.start()
        until(lambda: acts.house.offer("counter"), "the model")
        acts.plan(
            [
                call("everything", "get-structured-content", location="New York"),
                call("everything", "get-tiny-image"),
                call("everything", "get-resource-links", count=2),
                call("everything", "get-resource-reference", resourceType="Text", resourceId=1),
                call("everything", "trigger-long-running-operation", duration=2, steps=4),
            ]
        )

        asked = acts.house.ask()
        asked.until_told()

        structured, image, links, reference, long = (step["result"] for step in acts.steps(asked))
        assert acts.states(asked) == ["done"] * 5
        assert structured["structured"]["conditions"] == "Cloudy"
        assert "image" in [part["type"] for part in image["content"]]
        assert next(part["url"] for part in links["content"] if part["type"] == "link").startswith("demo://resource/")
        assert "Resource 1" in reference["content"][1]["text"]
        assert "completed" in long["content"][0]["text"]
        told = [event.step["progress"] for event in asked.events if isinstance(event, StepChanged) and event.step.get("progress")]
        assert told
        assert {progress["total"] for progress in told} == {4}


def test_the_file_system_as_a_program_of_this_machine(acts: Acts, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    file = tmp_path / "mcp.json"
    command = {"command": str(node_binary()), "args": [str(program("filesystem")), str(notes)]}
    file.write_text(json.dumps({"mcpServers": {"disk": command}}))
    acts.house.script(tools=True)
    acts.start_steps(OLAMCHAT_MCP_FILE=str(file))
    acts.until_tools("disk")
    acts.house.start()
    until(lambda: acts.house.offer("counter"), "the model")
    acts.plan(
        [call("disk", "write_file", path=str(notes / "a.txt"), content="one")],
        [call("disk", "move_file", source=str(notes / "a.txt"), destination=str(notes / "b.txt"))],
        [call("disk", "read_text_file", path=str(notes / "b.txt"))],
        [call("disk", "read_text_file", path="/etc/passwd")],
    )

    asked = acts.house.ask()
    acts.until_states(asked, "done", "proposed")
    assert (notes / "a.txt").read_text() == "one"
    acts.decide(asked, 2)
    asked.until_told()

    assert acts.states(asked) == ["done", "done", "done", "failed"]
    assert (notes / "b.txt").read_text() == "one"
    assert acts.steps(asked)[2]["result"]["content"][0]["text"] == "one"
    assert "Access denied" in acts.steps(asked)[3]["error"]["message"]
