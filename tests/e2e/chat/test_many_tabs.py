"""A browser gives a host six connections over HTTP/1.1, for all tabs together: however many are open, each of them is live."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person, counted, ended, text_of

TABS = 10


def another(ada: Person, context: BrowserContext, faults: list[str], *, phone: bool = False) -> Person:
    person = Person(watch(context.new_page(), faults), ada.email, phone)
    person.page.goto("/")
    person.box.wait_for()
    return person


def copied(ada: Person, open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """The same person on a phone."""
    return open_context("phone", shared_worker=True, storage_state=ada.page.context.storage_state())


def test_ten_tabs_and_a_phone_are_live_at_once(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    ada = sign_up(shared_worker=True)
    tabs = [ada, *(another(ada, ada.page.context, faults) for _ in range(TABS - 1))]
    tabs.append(another(ada, copied(ada, open_context), faults, phone=True))

    answers = [tab.ask(f"count to {300 + number}") for number, tab in enumerate(tabs)]

    for number, answer in enumerate(answers):
        ended(answer)
        assert text_of(answer) == counted(300 + number)
    titles = ada.sidebar().get_by_role("listitem")
    expect(titles).to_have_count(len(tabs))


def test_every_tab_shows_what_is_written_in_one_of_them(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up(shared_worker=True)
    ada.ask_and_wait("count to 3")
    others = [watch(ada.page.context.new_page(), faults) for _ in range(7)]
    for page in others:
        page.goto(ada.page.url)
        expect(page.get_by_role("article", name="Answer", exact=True)).to_contain_text("1 2 3")

    ada.ask("count to 200")

    for page in (ada.page, *others):
        answer = page.get_by_role("article", name="Answer", exact=True).nth(1)
        ended(answer)
        assert text_of(answer) == counted(200)


def test_a_tab_that_is_closed_takes_nothing_from_the_others(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up(shared_worker=True)
    second = another(ada, ada.page.context, faults)
    answer = second.ask("count to 300")
    ada.page.close()

    ended(answer)
    assert text_of(answer) == counted(300)
    followed: Page = second.page
    followed.reload()
    assert text_of(second.answers) == counted(300)
