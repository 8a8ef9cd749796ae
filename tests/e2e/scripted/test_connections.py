"""A person connects to a server that wants to know them: from the settings, and from an answer that waits for it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.e2e import house
from tests.e2e.person import Person, ended
from tests.leash import LEASH
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.security.oidc import providing


@pytest.fixture
def guarded(ada: Person, database_url: str, tmp_path: Path) -> Iterator[Person]:
    """Somebody whose house has a server of tools that an OpenID provider guards."""
    with providing("http://127.0.0.1") as provider, _serving(provider["OLAMCHAT_OIDC_ISSUER"], tmp_path) as url:
        with psycopg.connect(database_url) as connection:
            sql = "INSERT INTO tool_servers (id, created_at, name, kind, url, auth) VALUES (gen_random_uuid(), now(), 'guarded', 'http', %s, 'oauth')"
            connection.execute(sql, [url])
        yield ada
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM tool_servers WHERE name = 'guarded'")


@contextmanager
def _serving(issuer: str, folder: Path) -> Iterator[str]:
    command = [*LEASH, sys.executable, "-W", "ignore", "-m", "tests.tool_server", "--issuer", issuer, "--book", str(folder / "calls.jsonl")]
    process = subprocess.Popen(command, cwd=house.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.communicate()


def _allow(page: Page) -> None:
    """Sign in at the provider, as far as it still asks for it, and consent."""
    page.wait_for_url("**/interaction/**")
    if page.locator("input[name=login]").count():
        page.locator("input[name=login]").fill("ada")
        page.locator("input[name=password]").fill("any")
        page.get_by_role("button").click()
        page.wait_for_url("**/interaction/**")
    page.get_by_role("button", name="Continue").click()


def test_a_person_connects_disconnects_and_connects_again_for_an_answer(guarded: Person, engine: Server) -> None:
    page = guarded.page
    page.route(
        "https://fonts.googleapis.com/**", lambda route: route.fulfill(content_type="text/css", body="")
    )  # the provider's pages ask for it
    page.goto("/account/connections")
    page.get_by_role("button", name="Connect to guarded").click()
    _allow(page)
    expect(page.get_by_text("may: tools")).to_be_visible()
    expect(page).to_have_url(f"{page.url.split('/account')[0]}/account/connections")
    page.get_by_role("button", name="Disconnect from guarded").click()
    expect(page.get_by_role("button", name="Connect to guarded")).to_be_visible()

    calls = [{"name": "guarded__look", "arguments": {"about": "the sea"}}]
    engine.book.set("steady", Script(text="Let me see.", calls=json.dumps(calls), tools=True), times=1)
    engine.book.set("steady", Script(text="And so it is.", tools=True), times=1)
    page.goto("/")
    answer = guarded.ask("What of the sea?")
    card = answer.get_by_role("region", name="Connect to guarded?")
    expect(card).to_be_visible()
    conversation = page.url
    card.get_by_role("button", name="Connect", exact=True).focus()
    page.keyboard.press("Enter")
    _allow(page)
    expect(page.get_by_text("may: tools")).to_be_visible()

    page.goto(conversation)
    answer = guarded.answers.last
    ended(answer)
    expect(answer).to_contain_text("And so it is.")
    expect(answer.locator("details[data-state]")).to_have_attribute("data-state", "done")
