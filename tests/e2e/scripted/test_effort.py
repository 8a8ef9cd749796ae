"""How much a model is to think: chosen in the composer where the model can be told, kept by the conversation, and told to the engine."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server


def choose_model(ada: Person, name: str) -> None:
    def offered() -> bool:
        items = ada.page.request.get("/api/models").json()["items"]
        return any(item["name"] == name for item in items)

    while not offered():  # workers look for new models every few seconds
        ada.page.wait_for_timeout(250)
    ada.page.reload()
    ada.box.wait_for()
    ada.page.get_by_role("button", name=re.compile("^Model")).click()
    ada.page.get_by_role("option", name=re.compile(name)).click()


def told(engine: Server, model: str, question: str) -> object:
    [asked] = [each for each in engine.book.asked() if (each["model"], each["messages"][-1]["content"]) == (model, question)]
    return asked["options"].get("chat_template_kwargs")


def choose(button: Locator, effort: str) -> None:
    button.click()
    button.page.get_by_role("menuitemradio", name=effort, exact=True).click()


def test_a_model_thinks_as_much_as_its_person_says(ada: Person, engine: Server) -> None:
    page = ada.page
    button = page.get_by_role("button", name=re.compile("^Thinking: "))
    expect(page.get_by_role("button", name=re.compile("^Model"))).to_be_visible()
    expect(button).to_have_count(0)  # the usual model can't be told
    model = f"thinker-qwen3-{'phone' if ada.phone else 'desk'}"  # behind the usual one in the list
    engine.book.set(model, Script(length=5, owned_by="vllm"), None)
    try:
        choose_model(ada, model)
        expect(button).to_have_accessible_name("Thinking: Automatic")
        ada.ask_and_wait("As usual?")
        choose(button, "Off")
        expect(button).to_have_accessible_name("Thinking: Off")
        ARTIFACTS.mkdir(exist_ok=True)
        button.click()
        page.screenshot(path=ARTIFACTS / f"effort-{'phone' if ada.phone else 'desk'}.png")
        page.keyboard.press("Escape")
        ada.ask_and_wait("At once?")
        page.get_by_role("button", name="Chat settings").click()
        panel = page.get_by_role("dialog", name="Settings")
        with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
            panel.get_by_label("Temperature").fill("0.25")
            panel.get_by_role("button", name="Close").click()
        page.reload()
        expect(button).to_have_accessible_name("Thinking: Off")
        choose(button, "Automatic")
        ada.ask_and_wait("As usual again?")
    finally:
        engine.book.remove(model)

    off = {"enable_thinking": False, "thinking": False}
    assert [told(engine, model, said) for said in ("As usual?", "At once?", "As usual again?")] == [None, off, None]
    assert complaints(page) == []
