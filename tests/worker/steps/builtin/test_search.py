"""Search engines are asked as their documents say, and what they answer is taken with care. The engines here are this test's own."""

import asyncio
import json
from typing import Any

import pytest

from olamchat.environment import BadSetting, Environment
from tests.conftest import free_port
from tests.website.site import Reply, Site
from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.search import check, choice
from worker.steps.builtin.search.by_ddgs import Ddgs
from worker.steps.builtin.search.results import MOST, Found

RESULT = {"url": "https://tides.example/", "title": "All about <b>tides</b> &amp; moons", "content": "Twice\n a day."}
FOUND = Found(url="https://tides.example/", title="All about tides & moons", text="Twice a day.")


def search(site: Site, name: str = "searxng", query: str = "tides", **given: Any) -> list[Found]:
    engine = choice.engine(Environment(search=name, search_url=site.url, search_key="secret", **given))
    assert engine is not None
    return asyncio.run(engine.search(query))


def answers(told: object) -> Reply:
    return Reply(json.dumps(told).encode(), headers={"Content-Type": "application/json"})


def test_searxng_is_asked_for_json(site: Site) -> None:
    site.found = [RESULT]
    assert search(site, query="what & when") == [FOUND]
    assert [one.path for one in site.asked] == ["/search?q=what+%26+when&format=json"]


def test_brave_is_asked_with_its_key(site: Site) -> None:
    site.pages["/res/v1/web/search"] = answers({"web": {"results": [{**RESULT, "description": RESULT["content"]}]}})
    assert search(site, "brave") == [FOUND]
    assert site.asked[0].headers["X-Subscription-Token"] == "secret"
    assert "q=tides" in site.asked[0].path


def test_tavily_is_asked_with_its_key(site: Site) -> None:
    site.pages["/search"] = answers({"results": [RESULT]})
    assert search(site, "tavily") == [FOUND]
    assert (site.asked[0].method, site.asked[0].headers["Authorization"]) == ("POST", "Bearer secret")
    assert json.loads(site.asked[0].body)["query"] == "tides"


def test_only_so_many_places_count_each_of_them_once_and_none_that_is_no_page(site: Site) -> None:
    many = [{"url": f"https://example.org/{number}", "title": "", "content": "x" * 5_000} for number in range(30)]
    site.found = [{"url": "javascript:alert(1)", "title": "x", "content": ""}, {"title": "none"}, *many[:1], *many]
    found = search(site)
    assert [one.url for one in found] == [f"https://example.org/{number}" for number in range(MOST)]
    assert found[0].title == "https://example.org/0"
    assert len(found[0].text) == 1_000


@pytest.mark.parametrize("told", [[], {}, {"results": None}, {"results": {}}, {"results": [1, None, []]}, {"results": [{"url": 3}]}])
def test_an_answer_without_places_has_none(site: Site, told: object) -> None:
    site.pages["/search"] = answers(told)
    if isinstance(told, list):
        with pytest.raises(NotDone):
            search(site)
    else:
        assert search(site) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(status=403), "search.formats"),
        (Reply(status=401), "OLAMCHAT_SEARCH_KEY"),
        (Reply(status=429), "too often"),
        (Reply(status=500), "500"),
        (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), "302"),
        (Reply(b"<html>"), "can't be read"),
        (Reply(b"xx", headers={"Content-Encoding": "gzip"}), "unpacked"),
    ],
)
def test_an_engine_that_fails_is_said_to(site: Site, reply: Reply, says: str) -> None:
    site.pages["/search"] = reply
    with pytest.raises(NotDone, match=says):
        search(site)


def test_an_engine_that_is_not_there_is_said_to() -> None:
    with pytest.raises(NotDone) as failed:
        search(Site(url="http://127.0.0.1:1"))
    assert failed.value.code == "search_failed"
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(
    "given",
    [
        {"search": "altavista"}, {"search": "searxng"}, {"search": "brave"}, {"search": "tavily"},
        {"search": "searxng", "search_url": "ftp://x"}, {"search": "ddgs", "pod": "steps-1"},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_say_so(given: dict[str, Any]) -> None:
    with pytest.raises(BadSetting, match="OLAMCHAT_SEARCH"):
        choice.engine(Environment(**given))


def test_without_a_setting_nothing_is_searched() -> None:
    assert choice.engine(Environment()) is None
    assert isinstance(choice.engine(Environment(search="ddgs")), Ddgs)


def test_the_house_says_how_its_search_engine_does(site: Site) -> None:
    site.found = [{"url": "https://example.org/moon", "title": "Moon", "content": "It pulls."}]
    assert "names no engine" in check.said(Environment())
    assert "answers, with 1 place" in check.said(Environment(search="searxng", search_url=site.url))
    with pytest.raises(NotDone):
        check.said(Environment(search="searxng", search_url=f"http://127.0.0.1:{free_port()}"))
