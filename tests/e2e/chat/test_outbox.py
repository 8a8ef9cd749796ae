"""What is sent without a network is kept and sent once: after the tab was closed, in an old and in a new conversation, in two tabs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.chat.test_offline import has_read, ready
from tests.e2e.conftest import watch
from tests.e2e.person import Person, ended


def send_offline(person: Person, words: str) -> None:
    person.box.fill(words)
    person.page.get_by_role("button", name="Send").click()
    expect(person.page.get_by_text("Can't reach the server.")).to_be_visible()
    person.page.wait_for_timeout(300)  # the browser writes it down


def questions(page: Page) -> list[str]:
    """All questions of all conversations that the server has."""
    items = page.request.get("/api/conversations").json()["items"]
    pages = [page.request.get(f"/api/conversations/{item['id']}/messages").json()["items"] for item in items]
    return sorted(row["content"] for rows in pages for row in rows if row["role"] == "user")


@pytest.mark.parametrize("new", [False, True], ids=["old", "new"])
def test_what_was_sent_offline_goes_out_once_after_the_tab_was_closed(sign_up: Callable[..., Person], faults: list[str], new: bool) -> None:
    ada = sign_up(service_workers="allow")
    ready(ada.page)
    ada.ask_and_wait("count to 2")
    ada.page.reload()
    expect(ada.answers).to_contain_text("1 2")
    has_read(ada.page)
    context = ada.page.context
    if new:
        ada.page.get_by_role("button", name="New chat").first.click()
    context.set_offline(True)
    send_offline(ada, "count to 3")
    ada.page.close()
    context.set_offline(False)

    back = Person(watch(context.new_page(), faults), ada.email)
    other = Person(watch(context.new_page(), faults), ada.email)
    back.page.goto("/")
    other.page.goto("/")

    expect(back.sidebar().get_by_role("link").first).to_be_visible()
    for _ in range(40):
        if "count to 3" in questions(back.page):
            break
        back.page.wait_for_timeout(250)
    back.page.reload()
    back.box.wait_for()
    back.page.wait_for_timeout(1_000)
    assert questions(back.page) == ["count to 2", "count to 3"]
    faults.clear()


def test_what_was_sent_offline_in_a_new_chat_goes_out_when_the_network_is_back(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    ada.page.context.set_offline(True)
    send_offline(ada, "count to 3")
    ada.page.context.set_offline(False)

    ended(ada.answers.first)

    assert questions(ada.page) == ["count to 3"]
    faults.clear()
