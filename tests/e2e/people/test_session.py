"""Coming, going, and being cut off."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import ARTIFACTS, watch
from tests.e2e.person import Person, counted, ended, text_of


def test_a_session_is_renewed_without_a_word(ada: Person, faults: list[str]) -> None:
    ada.page.context.clear_cookies(name="olamchat_access")
    ada.ask_and_wait("count to 3")
    assert all("401" in fault for fault in faults)
    faults.clear()


def test_an_ended_session_asks_to_sign_in_and_comes_back_to_the_same_place(ada: Person, faults: list[str]) -> None:
    ada.ask_and_wait("count to 3")
    place = ada.page.url
    ada.page.context.clear_cookies()
    ada.box.fill("is anybody there")
    ada.page.get_by_role("button", name="Send").click()
    expect(ada.page.get_by_text("Your session has expired.")).to_be_visible()
    faults.clear()

    ada.page.get_by_label("Email").fill(ada.email)
    ada.page.get_by_label("Password").fill("correct horse")
    ada.page.get_by_role("button", name="Sign in").click()

    expect(ada.page).to_have_url(place)
    expect(ada.answers.first).to_contain_text(counted(3))
    expect(ada.questions.last).to_contain_text("is anybody there")  # it waited for the session, and went out with it
    ended(ada.answers.last)


def test_a_wrong_password_is_told(open_context: Callable[..., BrowserContext], faults: list[str], size: str) -> None:
    page = watch(open_context(size).new_page(), faults)
    page.goto("/c/some-place")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("form").get_by_role("alert")).to_contain_text("Incorrect email or password.")
    assert len(faults) == 1
    faults.clear()


def test_signing_out_in_one_tab_signs_out_the_other(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    other = Person(watch(ada.page.context.new_page(), faults), ada.email)
    other.page.goto("/")
    other.box.wait_for()
    ada.page.get_by_role("button", name="Ada", exact=False).last.click()
    ada.choose("Sign out")
    expect(ada.page).to_have_url(re.compile("/login$"))
    expect(other.page).to_have_url(re.compile("/login$"))
    faults.clear()


def test_offline_is_said_and_what_was_sent_goes_out_afterwards(ada: Person, faults: list[str]) -> None:
    ada.ask_and_wait("count to 2")
    ada.page.context.set_offline(True)
    expect(ada.page.get_by_text("You're offline.")).to_be_visible()
    ada.box.fill("count to 6")
    ada.page.get_by_role("button", name="Send").click()
    expect(ada.page.get_by_text("Can't reach the server.")).to_be_visible()
    faults.clear()

    ada.page.context.set_offline(False)

    ended(ada.answers.nth(1))
    assert text_of(ada.answers.nth(1)) == counted(6)
    faults.clear()


def test_an_answer_goes_on_where_the_connection_came_back(ada: Person, faults: list[str]) -> None:
    answer = ada.ask("count to 200")
    expect(answer).to_contain_text("10 11 12")
    ada.page.context.set_offline(True)
    ada.page.context.set_offline(False)
    ended(answer)
    assert text_of(answer) == counted(200)
    faults.clear()


def test_somebody_elses_conversation_is_not_there(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 2")
    bob = sign_up()
    bob.page.goto(ada.page.url)
    expect(bob.page.get_by_role("heading", name="Conversation not found")).to_be_visible()
    assert all("404" in fault for fault in faults)
    faults.clear()


def test_name_theme_and_defaults_are_kept(ada: Person) -> None:
    page = ada.page
    page.goto("/account")
    page.get_by_label("Name").fill("Countess")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("Theme").select_option("dark")
    with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        page.get_by_label("Maximum length").fill("4")
    page.goto("/")
    expect(page.get_by_role("heading", name="What's on your mind, Countess?")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert text_of(ada.ask_and_wait("count to 50")) == counted(4)


def test_the_page_speaks_four_languages_and_writes_arabic_from_the_right(ada: Person, size: str) -> None:
    ada.page.goto("/account")
    here = ada.page.locator("html")
    languages = ada.page.get_by_role("combobox").filter(has_text="Deutsch")
    for tag, title in (("de", "Konto"), ("zh", "账户"), ("en", "Account"), ("ar", "الحساب")):
        languages.select_option(tag)
        expect(ada.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(here).to_have_attribute("dir", "rtl" if tag == "ar" else "ltr")
    ada.page.goto("/")
    expect(here).to_have_attribute("lang", "ar")
    expect(here).to_have_attribute("dir", "rtl")
    if ada.phone:
        ada.page.get_by_role("button", name="فتح الشريط الجانبي").click()
    nav = ada.page.get_by_role("navigation", name="المحادثات")
    expect(nav.get_by_role("button").first).to_be_visible()
    assert nav.evaluate("e => Math.round(innerWidth - e.getBoundingClientRect().right)") <= 1
    assert ada.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ARTIFACTS.mkdir(exist_ok=True)
    ada.page.screenshot(path=ARTIFACTS / f"arabic-{size}.png")
