"""What a person writes: shown as Markdown with its lines, dated, pasted as a file where it is long, and asked about what was answered."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, counted

TYPED = "What does `x` do?\nAnd **this**:\n\n```python\nprint(1)\n```\n\n1. one\n2. two"


def picture(ada: Person, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    ada.page.screenshot(path=ARTIFACTS / f"writing-{name}-{'phone' if ada.phone else 'desk'}.png")


def test_what_one_wrote_is_read_as_markdown_and_keeps_its_lines(ada: Person) -> None:
    ada.ask_and_wait(TYPED)

    said = ada.questions.locator(".markdown")
    expect(said.locator("code").first).to_have_text("x")
    expect(said.locator("strong")).to_have_text("this")
    expect(said.locator("pre")).to_contain_text("print(1)")
    expect(said.locator("ol > li")).to_have_text(["one", "two"])
    assert said.locator("p").first.inner_text() == "What does x do?\nAnd this:"
    picture(ada, "markdown")


def test_tags_that_one_wrote_are_words(ada: Person) -> None:
    ada.ask_and_wait("Is <img src=x onerror=alert(1)> harmful?")
    expect(ada.questions.locator(".markdown")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(ada.questions.locator("img")).to_have_count(0)


def paste(page: Page, text: str) -> None:
    """Paste a text as the browser does; it inserts what nobody takes."""
    page.evaluate(
        """(text) => {
            const carried = new DataTransfer();
            carried.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
            if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )


def test_a_long_text_that_is_pasted_becomes_a_file_and_a_text_again(ada: Person) -> None:
    long = "All work and no play. " * 500
    ada.box.focus()
    paste(ada.page, "short")
    expect(ada.box).to_have_value("short")

    paste(ada.page, long)

    expect(ada.box).to_have_value("short")
    attached = ada.page.get_by_role("button", name="Remove Pasted text.txt")
    expect(attached).to_be_visible()
    picture(ada, "pasted")
    ada.page.get_by_role("button", name="Insert as text").click()
    expect(attached).to_have_count(0)
    expect(ada.box).to_have_value("short" + long)


def test_what_is_selected_in_an_answer_is_quoted_in_the_next_question(ada: Person) -> None:
    ada.ask_and_wait("count to 5")
    ada.box.fill("Before.")
    words = ada.answers.locator(".markdown p").first
    box = words.bounding_box()
    assert box
    words.dblclick(position={"x": 2, "y": box["height"] / 2})
    button = ada.page.get_by_role("button", name="Ask about this")
    expect(button).to_be_in_viewport(ratio=1)
    picture(ada, "quote")

    button.click()

    expect(ada.box).to_have_value("Before.\n\n> 1\n\n")
    expect(ada.box).to_be_focused()
    expect(button).to_have_count(0)
    ada.questions.locator("p").dblclick(position={"x": 4, "y": 8})
    expect(button).to_have_count(0)


def chat_of(*times: datetime) -> list[dict[str, Any]]:
    """A conversation as ChatGPT exports it, with a question at each of these times."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": ["m0"]}}
    for number, time in enumerate(times):
        mapping[f"m{number}"] = {
            "id": f"m{number}",
            "parent": f"m{number - 1}" if number else "root",
            "children": [f"m{number + 1}"] if number + 1 < len(times) else [],
            "message": {
                "id": f"m{number}",
                "author": {"role": "assistant" if number % 2 else "user"},
                "create_time": time.timestamp(),
                "content": {"content_type": "text", "parts": [f"message {number}"]},
            },
        }
    start = times[0].timestamp()
    return [{"title": "Over days", "create_time": start, "mapping": mapping, "current_node": f"m{len(times) - 1}"}]


def test_each_day_of_a_conversation_is_named(ada: Person, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(chat_of(*(now - timedelta(days=days) for days in (400, 400, 1, 1)))))
    ada.page.goto("/account")
    ada.page.get_by_label("File to import").set_input_files(file)
    expect(ada.page.get_by_text("1 conversation imported")).to_be_visible()
    ada.page.goto("/")
    ada.sidebar().get_by_role("link", name="Over days").click()

    expect(ada.page.locator(".message-row > p > time")).to_have_count(2)
    expect(ada.page.locator(".message-row > p > time").nth(1)).to_have_text("Yesterday")
    expect(ada.page.locator(".message-row > p > time").first).to_contain_text(str((now - timedelta(days=400)).year))
    picture(ada, "days")
    ada.ask_and_wait("count to 3")
    expect(ada.page.locator(".message-row > p > time").last).to_have_text("Today")
    expect(ada.answers.last).to_contain_text(counted(3))


def test_a_text_that_comes_with_the_address_is_a_draft_and_no_question(ada: Person) -> None:
    ada.page.goto("/?q=Why+is+the+sky+blue%3F")
    expect(ada.box).to_have_value("Why is the sky blue?")
    expect(ada.page).to_have_url(re.compile(r"/$"))
    expect(ada.questions).to_have_count(0)

    ada.page.goto("/?title=Tides&text=High+at+six&url=https%3A%2F%2Fexample.org")
    expect(ada.box).to_have_value("Why is the sky blue?\n\nTides\n\nHigh at six\n\nhttps://example.org")
    ada.page.reload()
    expect(ada.box).to_have_value("Why is the sky blue?\n\nTides\n\nHigh at six\n\nhttps://example.org")


def test_a_text_that_comes_before_one_has_signed_in_waits_for_it(ada: Person) -> None:
    ada.page.context.clear_cookies()
    ada.page.goto("/?q=Why")
    ada.page.get_by_label("Email").fill(ada.email)
    ada.page.get_by_label("Password").fill("correct horse")
    ada.page.keyboard.press("Enter")
    expect(ada.box).to_have_value("Why")
