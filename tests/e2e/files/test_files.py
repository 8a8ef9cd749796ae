"""Images and files: attached by button, paste and drop, shown, refused in words, sent to a model that sees."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import samples
from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, ended
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving

PNG = samples.png(320, 200)
WIDE = samples.png(900, 300, b"\xe3\xb9\x64")
NOTES = b"# Notes\n\nRemember the milk.\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Server]:
    """Three models: one sees, one does not, one has to be loaded first."""
    models: dict[str, dict[str, Any]] = {
        "seer": {"vision": True, "text": "I see it."},
        "blind": {"text": "I read it."},
        "sleeper": {"text": "Hm?", "loading_s": 1},
    }
    with serving(Book({name: make(how) for name, how in models.items()})) as server:
        yield server


@pytest.fixture(scope="module")
def address(engine: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house of this module's own, whose files are small."""
    folder = tmp_path_factory.mktemp("house")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    given = {
        "OLLAMA_URL": engine.url,
        "VLLM_URL": "",
        "OPENAI_BASE_URL": "",
        "OLAMCHAT_FILE_BYTES": "200000",
        "OLAMCHAT_FILES_PER_MESSAGE": "3",
    }
    with house.up(folder / "data", free_port(), **given) as place:
        yield place


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def choose_model(ada: Person, name: str) -> None:
    ada.page.get_by_role("button", name="Model").first.click()
    ada.page.get_by_role("option", name=name).first.click()


def choose(ada: Person, *files: dict[str, object]) -> None:
    ada.page.get_by_test_id("files").set_input_files(list(files))  # type: ignore[arg-type]


def picture(ada: Person, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    ada.page.screenshot(path=ARTIFACTS / f"files-{name}-{'phone' if ada.phone else 'desk'}.png")


def hand_over(page: Page, event: str, name: str, content: bytes) -> None:
    """Paste or drop a file as the browser does."""
    page.evaluate(
        """([event, name, data]) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name, {type: "image/png"}));
            const box = document.querySelector("textarea");
            if (event === "paste") box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
            else for (const kind of event.split(" ")) box.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
        }""",
        [event, name, base64.b64encode(content).decode()],
    )


def test_an_image_and_a_text_are_sent_seen_and_shown_again(ada: Person, engine: Server) -> None:
    choose_model(ada, "seer")
    choose(ada, file("wide.png", WIDE), file("notes.md", NOTES), file("report.pdf", samples.pdf("Quarterly figures")))
    tray = ada.page.get_by_role("list", name="Attached files")
    expect(tray.get_by_role("listitem")).to_have_count(3)
    expect(tray.get_by_role("progressbar")).to_have_count(0)
    picture(ada, "tray")
    assert complaints(ada.page) == []
    engine.book.forget()

    answer = ada.ask_and_wait("What is it?")

    expect(answer).to_contain_text("I see it.")
    expect(tray).to_have_count(0)
    [sent] = [
        asked for asked in engine.book.asked() if "What is it?" in asked["messages"][-1]["content"] and asked["messages"][-1].get("images")
    ]
    assert [base64.b64decode(image) for image in sent["messages"][-1]["images"]] == [WIDE]
    assert "Remember the milk." in sent["messages"][-1]["content"]
    assert "Quarterly figures" in sent["messages"][-1]["content"]
    ada.page.reload()
    files = ada.questions.get_by_role("list", name="Attachments")
    expect(files.get_by_role("listitem")).to_have_count(3)
    shown = files.get_by_role("img", name="wide.png")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [900, 300]
    picture(ada, "message")
    assert complaints(ada.page) == []
    with ada.page.expect_download() as download:
        files.get_by_role("link", name="notes.md").click()
    assert Path(download.value.path()).read_bytes() == NOTES


def test_the_picker_tells_what_a_model_can_and_whether_it_is_loaded(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.page.get_by_role("button", name="Model").first.click()
    seer, sleeper = (ada.page.get_by_role("option", name=name) for name in ("seer", "sleeper"))
    expect(seer).to_contain_text(re.compile("8k context.*vision.*ready"))
    expect(sleeper).to_contain_text("on demand")
    picture(ada, "picker")
    sleeper.click()
    ada.ask_and_wait("Wake up")
    ada.page.get_by_role("button", name="Model").first.click()
    while "ready" not in sleeper.inner_text():
        ada.page.keyboard.press("Escape")
        ada.page.wait_for_timeout(500)
        ada.page.get_by_role("button", name="Model").first.click()


def test_an_image_is_looked_at_large_by_keyboard(ada: Person) -> None:
    choose_model(ada, "seer")
    choose(ada, file("one.png", PNG), file("two.png", WIDE))
    expect(ada.page.get_by_role("list", name="Attached files").get_by_role("progressbar")).to_have_count(0)
    ada.ask_and_wait("Look")
    first = ada.questions.get_by_role("button", name="Open one.png")
    first.focus()
    first.press("Enter")
    large = ada.page.get_by_role("dialog", name="one.png")
    expect(large).to_be_visible()
    picture(ada, "lightbox")
    assert complaints(ada.page) == []

    ada.page.keyboard.press("ArrowRight")

    expect(ada.page.get_by_role("dialog", name="two.png")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    expect(first).to_be_focused()


def test_files_come_by_paste_and_drop_too_and_can_be_removed(ada: Person) -> None:
    choose_model(ada, "seer")
    tray = ada.page.get_by_role("list", name="Attached files")

    hand_over(ada.page, "paste", "pasted.png", PNG)
    hand_over(ada.page, "dragover", "dropped.png", PNG)
    expect(ada.page.get_by_text("Drop to attach")).to_be_visible()
    picture(ada, "drop")
    hand_over(ada.page, "drop", "dropped.png", PNG)

    expect(ada.page.get_by_text("Drop to attach")).to_have_count(0)
    expect(tray.get_by_role("listitem")).to_have_count(2)
    with ada.page.expect_response(lambda response: response.request.method == "DELETE" and response.status == 204):
        tray.get_by_role("button", name="Remove pasted.png").click()
    expect(tray.get_by_role("listitem")).to_have_count(1)
    expect(tray).to_contain_text("dropped.png")


def test_what_is_refused_says_why_and_holds_the_message_back(ada: Person, faults: list[str]) -> None:
    tray = ada.page.get_by_role("list", name="Attached files")
    send = ada.page.get_by_role("button", name="Send", exact=True)
    ada.box.fill("Here")

    choose(ada, file("large.txt", b"a" * 200_001), file("page.zip", b"PK\x03\x04\x00"))

    expect(tray.get_by_role("alert").first).to_have_text("Larger than 200 kB")
    expect(tray.get_by_role("alert").last).to_have_text("This file type is not supported")
    expect(send).to_be_disabled()
    picture(ada, "refused")
    assert complaints(ada.page) == []
    for name in ("large.txt", "page.zip"):
        tray.get_by_role("button", name=f"Remove {name}").click()
    expect(send).to_be_enabled()
    faults[:] = [fault for fault in faults if "status of 41" not in fault]  # what the server refused the browser says, too


def test_a_model_that_can_not_see_is_named_before_anything_is_sent(ada: Person) -> None:
    choose_model(ada, "blind")
    choose(ada, file("one.png", PNG))
    ada.box.fill("What is it?")

    expect(ada.page.get_by_text("blind can't see images. Choose a model that can, or remove the images.")).to_be_visible()
    expect(ada.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    picture(ada, "blind")
    choose_model(ada, "seer")
    answer = ada.ask("What is it?")
    ended(answer)


def test_a_draft_keeps_its_files_over_a_reload(ada: Person) -> None:
    choose_model(ada, "seer")
    choose(ada, file("one.png", PNG))
    tray = ada.page.get_by_role("list", name="Attached files")
    expect(tray.get_by_role("listitem")).to_have_count(1)
    expect(ada.page.get_by_role("button", name="Send", exact=True)).to_be_enabled()  # what is still on its way does not outlive the page

    ada.page.reload()

    expect(tray).to_contain_text("one.png")
    choose_model(ada, "seer")
    ada.page.get_by_role("button", name="Send", exact=True).click()
    ended(ada.answers)
    expect(ada.questions.get_by_role("img", name="one.png")).to_be_visible()


def test_an_edited_message_keeps_its_files_or_lets_go_of_them(ada: Person) -> None:
    choose_model(ada, "seer")
    choose(ada, file("one.png", PNG), file("notes.md", NOTES))
    expect(ada.page.get_by_role("list", name="Attached files").get_by_role("progressbar")).to_have_count(0)
    ada.ask_and_wait("What is it?")
    ada.questions.hover()
    ada.page.get_by_role("button", name="Edit message").click()
    box = ada.page.get_by_role("textbox", name="Edit message")
    form = ada.page.locator("form").filter(has=box)
    picture(ada, "edit")
    form.get_by_role("button", name="Remove notes.md").click()
    box.fill("What is that?")
    form.get_by_role("button", name="Send").click()

    expect(ada.questions).to_contain_text("What is that?")
    files = ada.questions.get_by_role("list", name="Attachments")
    expect(files.get_by_role("listitem")).to_have_count(1)
    expect(files.get_by_role("img", name="one.png")).to_be_visible()
