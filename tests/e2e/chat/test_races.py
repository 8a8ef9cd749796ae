"""What comes late, or twice, or when one looks elsewhere: nothing that was seen goes away, nothing waits for a reload."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.e2e.person import Person, counted, ended

CHUNKS = "**/_next/static/chunks/*.js"
MESSAGES = "**/api/conversations/*/messages?*"


@dataclass
class Held:
    """Answers to the page's reading of messages that are held back: what the server said at once, told later."""

    page: Page
    told: list[tuple[Route, APIResponse]] = field(default_factory=list)
    over: bool = False

    def hold(self, route: Route) -> None:
        if self.over:
            route.continue_()
        else:
            self.told.append((route, route.fetch()))

    def wait(self) -> None:
        while not self.told:
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.over = True  # not unroute(): it would let go of the requests themselves
        for route, response in self.told:
            with self.page.expect_event("requestfinished", lambda request, url=route.request.url: request.url == url):
                route.fulfill(response=response)


def test_a_page_of_messages_that_comes_late_takes_nothing_away(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 2")
    held, asks = Held(ada.page), "**/api/conversations/*/messages"
    ada.page.route(MESSAGES, held.hold)
    ada.page.reload()

    def ask_after_reading(route: Route) -> None:
        held.wait()
        route.continue_()

    ada.page.route(asks, ask_after_reading)
    answer = ada.ask("count to 3")
    ended(answer)
    [(_, response)] = held.told[:1]
    assert len(response.json()["items"]) == 2

    held.let_go()

    expect(ada.questions).to_have_count(2)
    expect(ada.answers).to_have_count(2)
    expect(ada.answers.nth(1)).to_contain_text(counted(3))


def test_a_conversation_that_is_left_and_opened_again_at_once_is_there(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 3")
    place = ada.page.url
    ada.page.goto("/")
    ada.box.wait_for()
    held = Held(ada.page)
    ada.page.route(MESSAGES, held.hold)
    row = ada.sidebar().get_by_role("listitem").first
    row.get_by_role("link").click()
    expect(ada.page).to_have_url(place)
    held.wait()
    ada.page.go_back()
    expect(ada.page).not_to_have_url(place)

    held.let_go()
    ada.page.go_forward()

    expect(ada.page).to_have_url(place)
    expect(ada.answers).to_contain_text(counted(3))


def test_a_file_that_is_gone_since_an_update_loads_the_page_anew_once(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    page = ada.page
    ada.box.fill("a draft")
    ada.box.blur()
    gone = [True]
    page.on("request", lambda request: gone.clear() if request.is_navigation_request() else None)
    page.route(CHUNKS, lambda route: route.fulfill(status=404) if gone else route.continue_())

    with page.expect_navigation():
        page.keyboard.press("?")

    expect(ada.box).to_have_value("a draft")
    ada.box.blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    gone.append(True)
    page.keyboard.press("Control+k")
    expect(page.get_by_text("Something went wrong. Try again.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(ada.box).to_have_value("a draft")
    faults.clear()
