"""One question, answered: what everybody does first."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person, counted, ended, text_of


def test_a_newcomer_signs_up_asks_and_sees_the_tokens_come_one_after_another(
    open_context: Callable[..., BrowserContext], faults: list[str], size: str
) -> None:
    page = watch(open_context(size).new_page(), faults)
    page.goto("/")
    page.get_by_role("link", name="Create account").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Email").fill(f"{uuid4().hex}@example.org")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Create account").click()
    person = Person(page, "")
    expect(page.get_by_role("heading", name="What's on your mind, Ada?")).to_be_visible()

    person.box.fill("count to 60")
    page.evaluate(SEE_LENGTHS)
    page.get_by_role("button", name="Send").click()
    ended(person.answers)

    assert text_of(person.answers) == counted(60)
    lengths = page.evaluate("lengths")
    assert lengths == sorted(lengths)
    assert len(set(lengths)) >= 10


SEE_LENGTHS = """() => {
  window.lengths = [];
  new MutationObserver(() => {
    const text = document.querySelector("[aria-busy=true] .markdown");
    if (text) lengths.push(text.textContent.length);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_a_chat_begins_by_one_request_that_tells_all_there_is_to_show(ada: Person) -> None:
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(f"{request.method} {urlsplit(request.url).path}"))

    answer = ada.ask_and_wait("count to 5")

    assert text_of(answer) == counted(5)
    of_conversations = [each for each in asked if "/api/conversations" in each and not each.endswith("/stream")]
    assert of_conversations == ["POST /api/conversations"]


def test_an_answer_goes_on_after_a_reload_in_its_middle(ada: Person) -> None:
    answer = ada.ask("count to 400")
    expect(answer).to_contain_text("20 21 22")

    ada.page.reload()

    expect(ada.answers).to_have_attribute("data-status", "running")
    ended(ada.answers)
    assert text_of(ada.answers) == counted(400)


def test_a_stopped_answer_stays_as_it_was_seen_and_can_be_continued(ada: Person) -> None:
    answer = ada.ask("count to 400")
    expect(answer).to_contain_text("10 11 12")

    ada.page.get_by_role("button", name="Stop answering").click()

    ended(answer, "stopped")
    seen = text_of(answer)
    assert counted(400).startswith(seen)
    assert seen != counted(400)
    ada.page.reload()
    assert text_of(ada.answers) == seen
    ada.page.get_by_role("button", name="Continue").click()
    ended(ada.answers)
    assert text_of(ada.answers) == counted(400)
    expect(ada.answers.locator(".markdown > .row > p")).to_have_count(1)


def test_escape_stops_an_answer(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    answer = ada.ask("count to 300")
    expect(answer).to_contain_text("5 6 7")
    ada.page.keyboard.press("Escape")
    ended(answer, "stopped")


def test_a_second_tab_sees_the_same_live(ada: Person, faults: list[str]) -> None:
    answer = ada.ask("count to 300")
    expect(answer).to_contain_text("8 9 10")

    other = Person(watch(ada.page.context.new_page(), faults), ada.email, ada.phone)
    other.page.goto(ada.page.url)

    expect(other.answers).to_have_attribute("data-status", "running")
    writes = other.sidebar().get_by_role("listitem").first.get_by_role("img", name="Answering")
    expect(writes).to_be_visible()
    expect(writes).to_have_count(0, timeout=30_000)
    if other.phone:
        other.page.keyboard.press("Escape")
    ended(other.answers)
    ended(answer)
    assert text_of(other.answers) == text_of(answer) == counted(300)

    ada.ask("count to 3")
    expect(other.questions).to_have_count(2)
    expect(other.answers.nth(1)).to_contain_text("1 2 3")


def test_what_is_typed_while_an_answer_runs_goes_out_next_after_a_reload_too(ada: Person) -> None:
    first = ada.ask("count to 300")
    ada.box.fill("count to 5")
    ada.page.get_by_role("button", name="Send after this answer").click()
    waits = ada.page.get_by_text("Will be sent after this answer")
    expect(waits).to_be_visible()
    ada.page.reload()
    expect(waits).to_be_visible()

    ended(first)

    second = ada.answers.nth(1)
    ended(second)
    assert text_of(second) == counted(5)
    expect(ada.questions).to_have_count(2)


def test_stop_and_send(ada: Person) -> None:
    first = ada.ask("count to 2000")
    ada.box.fill("count to 4")
    ada.page.get_by_role("button", name="Send after this answer").click()
    ada.page.get_by_role("button", name="Stop and send").click()
    ended(first, "stopped")
    ended(ada.answers.nth(1))
    assert text_of(ada.answers.nth(1)) == counted(4)


def test_the_title_and_the_sidebar_follow(ada: Person) -> None:
    ada.ask_and_wait("count to 3")
    expect(ada.page).to_have_title(re.compile(r"count to 3", re.IGNORECASE))
    expect(ada.sidebar().get_by_role("link", name=re.compile("count to 3", re.IGNORECASE))).to_be_visible()


def test_raw_html_and_wicked_links_stay_text(ada: Person) -> None:
    answer = ada.ask_and_wait("<img src=x onerror=alert(1)> [x](javascript:alert(2))")
    expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
    assert answer.locator("img").count() == 0
    assert answer.locator("a[href^=javascript]").count() == 0
