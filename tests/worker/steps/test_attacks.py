"""What a hostile server and a late person can't do: fill a worker's memory, name a tool without end, have a stopped call done."""

import pytest
from mcp_types import Tool

from olamchat.services.steps import toolbox
from olamchat.services.turns import lifecycle
from tests.worker.conftest import until
from tests.worker.steps.conftest import Acts
from tests.worker.steps.test_steps import LOOK, NOTE, open_house
from worker.steps import listing

pytestmark = pytest.mark.timeout(240)


def test_a_result_without_measure_ends_its_call_and_not_the_worker(acts: Acts) -> None:
    open_house(acts)
    acts.plan([{"name": "big", "arguments": {"size": 20 << 20}}], [LOOK])

    asked = acts.house.ask()
    asked.until_told()

    assert acts.states(asked) == ["failed", "done"]
    assert acts.steps(asked)[0]["error"]["code"] == "broken_off"
    assert acts.steps(asked)[1]["attempt"] == 1


def test_a_decision_after_a_stop_has_nothing_done(acts: Acts) -> None:
    open_house(acts)
    acts.plan([NOTE])
    asked = acts.house.ask()
    acts.until_states(asked, "proposed")
    lifecycle.stop(asked.id)
    until(lambda: asked.row["status"] == "stopped", "the stop")

    decided = acts.decide(asked)

    assert decided is not None
    assert decided["state"] == "stopped"
    assert acts.tools.began("note") == []


def test_names_without_end_and_twice_are_kept_apart_or_left_out() -> None:
    schema = {"type": "object"}
    names = ["a" * 10_000, "a" * 9_999 + "b", "a" * 10_001, "", "look", "look", "nul\x00"]

    kept = [tool.name for tool in listing.usable(Tool(name=name, input_schema=schema) for name in names)]

    assert kept == [names[0], names[1], "look"]
    aliases = {toolbox.alias("wiki", name) for name in kept}
    assert len(aliases) == 3
    assert max(map(len, aliases)) <= 64
