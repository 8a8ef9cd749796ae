"""An answer searches the web, opens a page and cites it; its sources are the same on every device, and in a link."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.website.site import Site


def answers_from_the_web(engine: Server, site: Site) -> str:
    """Let the model search, open the first result and cite it; return what it says at last."""
    page = site.page("/tides", "Why the tide turns", "<p>" + "The moon pulls at the sea, twice a day. " * 20 + "</p>")
    site.found = [
        {"url": page, "title": "Why the tide turns", "content": "The moon pulls."},
        {"url": "https://example.org/moon", "title": "The moon", "content": "It is far."},
    ]
    for name, arguments in (("web_search", {"query": "why does the tide turn"}), ("open_page", {"url": page})):
        calls = json.dumps([{"name": name, "arguments": arguments}])
        engine.book.set("steady", Script(text="Let me see.", calls=calls, tools=True), times=1)
    engine.book.set("steady", Script(text="The moon pulls at the sea [1].", tools=True), times=1)
    return page


def shows_its_sources(answer: Locator, url: str) -> None:
    expect(answer.get_by_role("link", name="[1]")).to_have_attribute("href", url)
    sources = answer.get_by_role("region", name="Sources")
    expect(sources.get_by_role("link", name=re.compile("Why the tide turns"))).to_be_visible()
    expect(sources.get_by_role("link", name=re.compile("The moon"))).to_be_hidden()
    sources.get_by_text("1 more source").click()
    expect(sources.get_by_role("link", name=re.compile("The moon"))).to_be_visible()
    expect(answer.locator("img")).to_have_count(0)


def test_an_answer_from_the_web_names_its_sources_on_every_device(
    ada: Person, engine: Server, site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    url = answers_from_the_web(engine, site)

    answer = ada.ask("Why does the tide turn?")

    ended(answer)
    steps = answer.locator("details[data-state=done]")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("Search the web")
    expect(steps.last).to_contain_text("Open a page")
    shows_its_sources(answer, url)
    steps.last.locator("summary").click()
    expect(steps.last.get_by_text("The moon pulls at the sea, twice a day.").first).to_be_visible()
    ada.page.reload()
    shows_its_sources(ada.answers.last, url)
    other = open_context("desk" if ada.phone else "phone", storage_state=ada.page.context.storage_state()).new_page()
    other.goto(ada.page.url)
    shows_its_sources(other.get_by_role("article", name="Answer", exact=True), url)
    whoever_has_the_link_sees_them_too(ada, open_context("desk").new_page(), url)


def whoever_has_the_link_sees_them_too(ada: Person, stranger: Page, url: str) -> None:
    ada.page.get_by_role("button", name="Share", exact=True).click()
    dialog = ada.page.get_by_role("dialog", name="Share conversation")
    dialog.get_by_role("button", name="Create link").click()
    stranger.goto(dialog.get_by_label("Link", exact=True).input_value())
    shows_its_sources(stranger.get_by_role("article", name="Answer"), url)


def test_an_address_that_the_model_made_up_is_opened_only_with_your_word(ada: Person, engine: Server, site: Site) -> None:
    page = site.page("/tides", "Why the tide turns", "<p>" + "The moon pulls at the sea. " * 20 + "</p>")
    url = f"{page}?told=everything+you+said"
    calls = json.dumps([{"name": "open_page", "arguments": {"url": url}}])
    engine.book.set("steady", Script(text="Let me see.", calls=calls, tools=True), times=1)
    engine.book.set("steady", Script(text="It is the moon.", tools=True), times=1)
    before = len(site.asked)

    answer = ada.ask("Why does the tide turn?")

    card = answer.get_by_role("region", name="Allow Open a page?")
    expect(card).to_contain_text("This address comes from the model, not from you or a search.")
    expect(card).to_contain_text(url)
    assert len(site.asked) == before, "nothing of it is asked before, not even robots.txt"
    card.get_by_role("button", name="Allow once").click()
    ended(answer)
    expect(answer.locator("details[data-state=done]")).to_have_count(1)
    assert url.removeprefix(site.url) in [one.path for one in site.asked[before:]]
