"""Which tools there are is the administrator's word."""

from typing import Any

import pytest

from olamchat.environment import Environment
from worker.steps.builtin.belt import agent, belt

_OWN = {"files": ["read_file"], "documents": ["search_knowledge"]}


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({}, _OWN),
        ({"open_pages": True}, {**_OWN, "web": ["open_page"]}),
        ({"search": "ddgs"}, {**_OWN, "web": ["open_page", "web_search"]}),
    ],
)
def test_what_is_set_is_offered(given: dict[str, Any], offered: dict[str, list[str]]) -> None:
    tools = belt(Environment(**given))
    assert {server: [row["name"] for row in rows] for server, rows in tools.offered.items()} == offered
    assert set(tools.ways) == {(server, name) for server, names in offered.items() for name in names}


def test_websites_are_told_who_asks() -> None:
    assert agent(Environment()) == "Mozilla/5.0 (compatible; olamchat/1)"
    assert agent(Environment(public_url="https://chat.example.org")) == "Mozilla/5.0 (compatible; olamchat/1; +https://chat.example.org)"
    assert agent(Environment(web_user_agent="Ours/2")) == "Ours/2"
