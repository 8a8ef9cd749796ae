"""An address that the model made up is told from one that a person, a search or a page brought."""

import json
from typing import Any

import pytest

from olamchat.services.steps import origins, proposal
from olamchat.services.steps.proposal import Terms
from olamchat.services.steps.toolbox import Tool

SAID = "See https://example.org/tides?day=1 and [this](http://Example.COM:80/a_(b)), or www.sea.example/tide."


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:80/A?B=c#part", "http://example.org/A?B=c"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
        ("https://b\u00fccher.example/x", "https://b\u00fccher.example/x"),
    ],
)
def test_what_makes_no_difference_is_dropped(url: str, plain: str) -> None:
    assert origins.plain(url) == plain


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "https:example.org", "https://example.org:0/",
        "https://example.org:99999/", "https://example.org@evil.example/", "https://secret@example.org/", "https://example.org\\@evil.example/",
        "https://ex%61mple.org/", "https://example.org/a b", "https://example.org/\t", "https://example.org/\u202egro",
        "https://example.org/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_hides_where_it_leads_to_is_known_to_nobody(url: str) -> None:
    assert origins.plain(url) is None
    assert not origins.stands(url, [url], bare=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/tides?day=1", "https://EXAMPLE.org:443/tides?day=1#top", "http://example.com/a_(b)", "https://www.sea.example/tide",
        "http://www.sea.example/tide",
    ],
)  # fmt: skip
def test_what_a_person_wrote_stands_there(url: str) -> None:
    assert origins.stands(url, ["Hello.", SAID], bare=True)


def test_a_sentence_in_a_script_without_spaces_ends_an_address() -> None:
    assert origins.stands("https://example.org/a", ["\u8bf7\u770bhttps://example.org/a\u3002\u8c22\u8c22"])


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/tides", "https://example.org/tides?day=1&secret=1", "https://example.org/tides?day=2", "https://example.org/Tides?day=1",
        "http://example.org/tides?day=1", "https://example.org:8443/tides?day=1", "https://example.org./tides?day=1",
        "https://example.org/%74ides?day=1", "https://example.org.evil.example/tides?day=1", "https://sea.example/tide",
        "https://evil.example/?u=https://example.org/tides?day=1", "https://xn--exmple-cua.org/tides?day=1", "https://ex\u0430mple.org/tides?day=1",
    ],
)  # fmt: skip
def test_what_differs_in_anything_else_does_not(url: str) -> None:
    assert not origins.stands(url, [SAID], bare=True)


def test_a_page_or_a_mail_address_names_no_address_without_a_scheme() -> None:
    assert not origins.stands("https://www.sea.example/tide", [SAID])
    assert not origins.stands("https://sea.example", ["Write to ann@sea.example"], bare=True)


def test_a_page_opened_by_the_model_gives_no_links_and_another_host_none() -> None:
    def page(url: str, content: str, final: str = "") -> dict[str, Any]:
        return {"url": url, "final_url": final or url, "content": content}

    own, chained = page("https://a.example/", "https://a.example/1"), page("https://a.example/1", "https://a.example/2")
    made_up, moved = page("https://a.example/3", "no"), page("https://a.example/", "no", "https://b.example/")

    known = origins._of_known_pages([own, chained, made_up, moved], "a.example", ["Read https://a.example/"], set())

    assert known == [own["content"], chained["content"]]


OPEN: dict[str, Any] = {
    "server": "web",
    "name": "open_page",
    "alias": "open_page",
    "title": "",
    "description": "",
    "outside": True,
    "effect": "read",
}


@pytest.mark.parametrize(
    ("rule", "granted", "known", "state"),
    [
        ("writes", set(), False, "proposed"),
        ("writes", set(), True, "granted"),
        ("writes", {("web", "open_page a.example")}, False, "granted"),
        ("writes", {("web", "open_page b.example")}, False, "proposed"),
        ("writes", {("web", "open_page")}, False, "proposed"),
        ("never", set(), False, "granted"),
        ("always", set(), True, "proposed"),
        ("always", {("web", "open_page")}, False, "granted"),
    ],
)
def test_the_rule_stands_behind_the_administrators(rule: Any, granted: set[tuple[str, str]], known: bool, state: str) -> None:
    tool = Tool(**OPEN, approval=rule, parameters={"required": ["url"], "properties": {"url": {"type": "string"}}})
    call = {"id": "1", "name": "open_page", "arguments": json.dumps({"url": "https://A.example/?q=secret"})}

    [row] = proposal.propose([call], {"open_page": tool}, [], Terms(granted=granted, outside=True, is_known=lambda _: known))

    assert row["state"] == state
    made_up = {"code": "made_up_address", "message": "", "host": "a.example"}
    assert row["error"] == (made_up if state == "proposed" and rule == "writes" else None)
