"""What servers offer besides tools: prompts become messages, resources become files of the person who asked."""

from typing import Any
from uuid import UUID

import pytest

from olamchat.errors import FileRefused, NotConnected, NotFound, ToolServerFailed
from olamchat.services import files
from olamchat.services.steps import offers
from tests.tool_server.npm import serving_everything
from tests.tool_server.server import PIXEL
from tests.worker.conftest import until
from tests.worker.steps.conftest import Acts
from tests.worker.steps.test_connections import allow, connect, guarded  # noqa: F401, a fixture

pytestmark = pytest.mark.timeout(240)


def prompt(user: UUID, name: str, server: str = "scripted", **arguments: str) -> dict[str, Any]:
    return offers.prompt(user_id=user, server=server, name=name, arguments=arguments)


def attach(user: UUID, uri: str, server: str = "scripted") -> dict[str, Any]:
    return offers.attach(user_id=user, server=server, uri=uri)


@pytest.fixture
def ann(acts: Acts) -> UUID:
    """A person in a house whose step worker knows the scripted server."""
    acts.start_steps()
    acts.add_server()
    return acts.house.user()


def test_prompts_and_resources_are_listed_as_their_server_describes_them(ann: UUID) -> None:
    until(lambda: offers.prompts(user_id=ann), "the prompts")

    by_name = {one["name"]: one for one in offers.prompts(user_id=ann)}
    assert by_name["briefing"] == {
        "server": "scripted", "server_title": "scripted", "name": "briefing", "title": "Brief me", "description": "Say what is new.",
        "arguments": [
            {"name": "topic", "description": "", "required": True}, {"name": "tone", "description": "", "required": False},
        ],
    }  # fmt: skip
    [server] = offers.resources(user_id=ann)
    assert {one["uri"]: one["title"] for one in server["resources"]}["notes://today"] == "Today's notes"
    assert [one["uri_template"] for one in server["templates"]] == ["notes://days/{day}"]


def test_a_prompt_becomes_a_message_and_what_is_no_text_is_counted(ann: UUID) -> None:
    assert prompt(ann, "briefing", topic="the harbour", tone="dry") == {"text": "Brief me on the harbour in a dry tone.", "left_out": 0}
    assert prompt(ann, "dialogue") == {"text": "User: Ping?\n\nAssistant: Pong.", "left_out": 1}


def test_a_hostile_prompt_is_bounded_and_one_that_is_not_there_is_said_to_be(ann: UUID) -> None:
    endless = prompt(ann, "endless")
    assert (len(endless["text"]), endless["left_out"], "\x00" in endless["text"]) == (100_000, 1, False)
    with pytest.raises(ToolServerFailed, match="refused"):
        prompt(ann, "nothing")
    with pytest.raises(ToolServerFailed):
        prompt(ann, "briefing")


def test_a_resource_becomes_a_file_that_stays_as_it_was_read(ann: UUID) -> None:
    note = attach(ann, "notes://today")
    day = attach(ann, "notes://days/monday")
    dot = attach(ann, "pictures://dot.png")

    assert (note["name"], note["kind"], day["name"], dot["name"], dot["kind"]) == ("today", "text", "monday", "dot.png", "image")
    assert files.get(user_id=ann, file_id=UUID(note["id"])).read() == b"# Today\n\nThe harbour is open."
    assert files.get(user_id=ann, file_id=UUID(dot["id"])).read() == PIXEL
    with pytest.raises(NotFound):
        files.get(user_id=UUID(int=1), file_id=UUID(note["id"]))


def test_a_resource_is_checked_as_an_upload_is(ann: UUID) -> None:
    with pytest.raises(FileRefused):
        attach(ann, "files://program")
    for wrong in ("files://bomb", "files://nothing", "file:///etc/passwd"):
        with pytest.raises(ToolServerFailed):
            attach(ann, wrong)
    assert attach(ann, "notes://today")["name"] == "today", "the way to the server is as it was"


def test_a_server_for_others_offers_nothing(acts: Acts, ann: UUID) -> None:
    acts.house.run("UPDATE tool_servers SET audience = 'nobody'")

    assert offers.prompts(user_id=ann) == offers.resources(user_id=ann) == []
    with pytest.raises(NotFound):
        prompt(ann, "dialogue")
    with pytest.raises(NotFound):
        attach(ann, "notes://today")


def test_a_guarded_server_offers_each_person_their_own(guarded: Acts) -> None:  # noqa: F811, a fixture
    ann, bob = guarded.house.user(), guarded.house.user()
    connect(guarded, ann)
    until(lambda: offers.prompts(user_id=ann), "Ann's prompts")

    assert offers.prompts(user_id=bob) == offers.resources(user_id=bob) == []
    assert attach(ann, "notes://today")["kind"] == "text"
    with pytest.raises(NotConnected):
        attach(bob, "notes://today")


def test_what_a_real_server_offers_can_be_used(acts: Acts) -> None:
    ann = acts.house.user()
    with serving_everything() as url:
        acts.tools.url = url
        acts.start_steps()
        acts.add_server("everything")
        until(lambda: offers.prompts(user_id=ann), "the prompts")
        names = [one["name"] for one in offers.prompts(user_id=ann)]
        [server] = offers.resources(user_id=ann)

        assert "args-prompt" in names, names
        assert "Lisbon" in prompt(ann, "args-prompt", "everything", city="Lisbon")["text"]
        assert attach(ann, server["resources"][0]["uri"], "everything")["kind"] == "text"
