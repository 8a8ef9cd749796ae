"""What only some answers show: code, tables, formulas, diagrams; a model that loads, a worker that dies; presets and the context's meter."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from local.folder import Folder
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, ended, text_of
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server

CODE = "def add(one: int, other: int) -> int:\n    return one + other  # a sum"
SIGHTS = f"""## What it looks like

Text with **strong words**, `code` and [a link](https://example.org/there).

```python
{CODE}
```

| name | what it is | value |
| :--- | --- | ---: |
| alpha | the first letter of an alphabet that is older than this one | 1 |
| beta | the second | 22 |

The formula $a^2 + b^2 = c^2$ and

$$\\int_0^1 x^2\\,dx = \\frac{{1}}{{3}}$$

```mermaid
graph LR
  Question --> Queue --> Worker --> Answer
```

> A quotation, and a list:

1. one
2. two
   - [x] done
   - [ ] to do
"""
LANGUAGE = "([language]) => localStorage.setItem('olamchat.language', language)"


def picture(ada: Person, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    ada.page.screenshot(path=ARTIFACTS / f"sights-{name}-{'phone' if ada.phone else 'desk'}.png")


def status(person: Person) -> Locator:
    return person.page.get_by_test_id("answer-status")


def test_an_answer_shows_code_tables_formulas_and_diagrams(ada: Person, engine: Server) -> None:
    page = ada.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    engine.book.set("steady", Script(text=SIGHTS, rate=200.0), times=1)
    fetched: list[int] = []
    page.on("response", lambda response: fetched.append(1) if "/_next/static/" in response.url else None)

    answer = ada.ask_and_wait("Show me everything")

    code = answer.get_by_role("figure", name="Code, python")
    expect(code.locator("pre span").first).to_have_css("color", re.compile("rgb"))
    expect(code.locator("figcaption")).to_contain_text("python")
    code.get_by_role("button", name="Copy").click()
    expect(code.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CODE
    expect(answer.get_by_role("row")).to_have_count(3)
    expect(answer.locator(".katex")).to_have_count(2)
    expect(answer.get_by_role("checkbox")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = len(fetched)
    answer.get_by_role("button", name="Show diagram").click()
    expect(answer.locator(".diagram svg")).to_contain_text("Worker")
    assert len(fetched) > before
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert complaints(page) == []
        for at, name in ((code, "code"), (answer.locator(".diagram"), "diagram")):
            at.scroll_into_view_if_needed()
            picture(ada, f"{name}-{colours}")
    page.evaluate(LANGUAGE, ["ar"])
    page.reload()
    expect(page.locator(".katex")).to_have_count(2)
    page.locator("figure.code").first.scroll_into_view_if_needed()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    picture(ada, "code-arabic")


def test_long_code_is_folded_wrapped_and_saved_and_a_table_leaves_as_csv(ada: Person, engine: Server) -> None:
    page = ada.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = "\n".join(f"line_{number} = {number} * {'long_' * 40}" for number in range(1, 61))
    table = '| name | said |\n| --- | --- |\n| alpha | one, two |\n| beta | "so" |'
    engine.book.set("steady", Script(text=f"```python\n{code}\n```\n\n{table}\n", rate=1000.0), times=1)
    answer = ada.ask_and_wait("A long one")
    page.reload()

    block = answer.get_by_role("figure", name="Code, python")
    expect(block.locator("pre")).not_to_contain_text("line_60")
    block.get_by_role("button", name="Wrap lines").click()
    assert block.locator("pre").evaluate("node => node.scrollWidth <= node.clientWidth")
    picture(ada, "folded")
    block.get_by_role("button", name="Show all 60 lines").click()
    expect(block.locator("pre")).to_contain_text("line_60")
    with page.expect_download() as saving:
        block.get_by_role("button", name="Download").click()
    assert saving.value.suggested_filename == "code.py"
    assert Path(saving.value.path()).read_text() == code

    block.locator("pre").evaluate("node => node.scrollIntoView({ block: 'end' })")
    expect(block.get_by_role("button", name="Copy")).to_be_in_viewport()  # its header stays in sight

    answer.get_by_role("button", name="Copy as CSV").click()
    expect(answer.locator(".table").get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == 'name,said\r\nalpha,"one, two"\r\nbeta,"""so"""\r\n'
    picture(ada, "table-tools")
    assert complaints(page) == []


def test_a_model_that_is_loaded_first_says_so(ada: Person, engine: Server) -> None:
    engine.book.set("steady", Script(length=20, rate=50.0, loading_s=6.0), None)
    answer = ada.ask("Wake up")
    expect(status(ada)).to_contain_text("Loading steady…")
    expect(ada.page.get_by_test_id("waited")).to_have_text(re.compile(r"^\d+ sec$"))
    picture(ada, "loading")
    ended(answer)
    engine.book.set("steady", Script(length=20, rate=50.0), None)


def test_a_worker_that_dies_leaves_a_quiet_note_and_a_whole_answer(sign_up: Callable[..., Person], engine: Server, data: Path) -> None:
    ada = sign_up()
    script = Script(length=300, rate=30.0)
    engine.book.set("steady", script, times=2)
    answer = ada.ask("Go on for long")
    expect(answer).to_contain_text("w5 w6")
    lives = Folder(data).house()
    assert lives is not None

    os.kill(lives.pids["worker"], signal.SIGKILL)

    expect(status(ada)).to_contain_text("another worker took over", timeout=60_000)
    expect(answer.get_by_role("alert")).to_have_count(0)
    picture(ada, "taken-over")
    ended(answer)
    assert text_of(answer) == script.full_text().strip()
    answer.get_by_role("button", name="More", exact=True).click()
    ada.choose("Show details")
    expect(answer).to_contain_text("2 attempts")


def test_an_answer_that_ended_elsewhere_is_marked_and_what_was_deleted_elsewhere_is_left(
    sign_up: Callable[..., Person], engine: Server
) -> None:
    ada = sign_up()
    engine.book.set("steady", Script(length=60, rate=30.0), times=1)
    ada.ask("Take your time")
    there = ada.page.url
    row = ada.sidebar().get_by_role("listitem").first
    ada.page.get_by_role("button", name="New chat").first.click()
    expect(row.get_by_role("img", name="New answer")).to_be_visible()
    picture(ada, "unread")
    row.get_by_role("link").click()
    expect(row.get_by_role("img", name="New answer")).to_have_count(0)
    ended(ada.answers)

    cookies = {cookie["name"]: cookie["value"] for cookie in ada.page.context.cookies()}
    headers = {"X-CSRF-TOKEN": cookies["olamchat_csrf"]}
    deleted = ada.page.request.delete(f"/api/conversations/{there.rsplit('/', 1)[-1]}", headers=headers)

    assert deleted.ok, deleted.text()
    expect(ada.page.get_by_text("This conversation was deleted on another device.")).to_be_visible()
    expect(ada.page).not_to_have_url(there)
    expect(row).to_have_count(0)


def test_settings_are_kept_as_a_preset_and_all_of_them_obeyed(ada: Person, engine: Server) -> None:
    page = ada.page
    page.get_by_role("button", name="Chat settings").click()
    panel = page.get_by_role("dialog", name="Settings")
    panel.get_by_label("System prompt").fill("Answer as a pirate.")
    for name, value in (("Temperature", "0.25"), ("Top P", "0.75"), ("Seed", "7"), ("Stop sequences", "w9")):
        panel.get_by_label(name).fill(value)
    panel.get_by_role("button", name="Save these settings").click()
    panel.get_by_label("Name", exact=True).fill("Pirate")
    with page.expect_response(lambda response: response.url.endswith("/api/auth/me") and response.request.method == "PATCH"):
        panel.get_by_role("button", name="Save", exact=True).click()
    picture(ada, "presets")
    assert complaints(page) == []
    page.reload()
    page.get_by_role("button", name="Chat settings").click()
    expect(panel.get_by_label("System prompt")).to_have_value("")

    panel.get_by_role("button", name="Pirate", exact=True).click()

    expect(panel.get_by_label("System prompt")).to_have_value("Answer as a pirate.")
    panel.get_by_role("button", name="Close").click()
    engine.book.forget()
    ada.ask_and_wait("Who are you?")
    [asked] = [each for each in engine.book.asked() if each["messages"][-1]["content"] == "Who are you?"]
    assert asked["messages"][0] == {"role": "system", "content": "Answer as a pirate."}
    assert {name: asked["options"].get(name) for name in ("temperature", "top_p", "seed", "stop")} == {
        "temperature": 0.25,
        "top_p": 0.75,
        "seed": 7,
        "stop": ["w9"],
    }


def test_the_meter_says_when_the_beginning_will_no_longer_fit(sign_up: Callable[..., Person]) -> None:
    ada = sign_up("phone")
    meter = ada.page.get_by_role("meter")
    ada.ask_and_wait("word " * 3_000)
    expect(meter).to_have_count(0)
    ada.ask_and_wait("word " * 2_000)
    expect(meter).to_have_attribute("aria-label", "5k of 8k tokens of context used")
    ada.ask_and_wait("word " * 700)
    expect(meter).to_have_attribute("aria-label", re.compile("Its oldest messages may soon be left out"))
    ada.ask_and_wait("word " * 2_000)
    expect(meter).to_have_attribute("aria-label", re.compile("The oldest messages no longer fit"))
    picture(ada, "meter")
    assert complaints(ada.page) == []
