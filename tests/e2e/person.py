"""What a person does on the page, in their words."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass
class Person:
    """Somebody with the page open."""

    page: Page
    email: str
    phone: bool = False

    @property
    def box(self) -> Locator:
        """Where they write."""
        return self.page.get_by_role("textbox", name="Your message", exact=True)

    @property
    def answers(self) -> Locator:
        return self.page.get_by_role("article", name="Answer", exact=True)

    @property
    def questions(self) -> Locator:
        return self.page.get_by_role("article", name="Your message", exact=True)

    def ask(self, question: str) -> Locator:
        """Send a question and return its answer, as soon as there is one."""
        before = self.answers.count()
        self.box.fill(question)
        self.page.get_by_role("button", name=re.compile("^Send")).click()
        answer = self.answers.nth(before)
        answer.wait_for()
        return answer

    def ask_and_wait(self, question: str) -> Locator:
        answer = self.ask(question)
        ended(answer)
        return answer

    def sidebar(self) -> Locator:
        """The list of conversations; on a phone its drawer is opened."""
        nav = self.page.get_by_role("navigation", name="Conversations")
        if self.phone and not nav.is_visible():
            self.page.get_by_role("button", name="Open sidebar").click()
        nav.wait_for()
        return nav

    def menu_of(self, title: str) -> None:
        row = self.sidebar().get_by_role("listitem").filter(has_text=title)
        row.hover()
        row.get_by_role("button", name="Conversation options").click()

    def choose(self, item: str) -> None:
        self.page.get_by_role("menuitem", name=item, exact=True).click()


def ended(answer: Locator, status: str = "done") -> None:
    expect(answer).to_have_attribute("data-status", status, timeout=30_000)


def text_of(answer: Locator) -> str:
    """The words of an answer that counts."""
    return " ".join(answer.locator(".markdown").last.inner_text().split())


def counted(to: int) -> str:
    return " ".join(str(number) for number in range(1, to + 1))
