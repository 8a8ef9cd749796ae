"""The account page: where one is signed in, everything out, conversations in, and leaving for good."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.files.test_sharing import picture
from tests.e2e.person import Person, counted


def sign_in(page: Page, email: str, password: str = "correct horse") -> None:
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def elsewhere(ada: Person, open_context: Callable[..., BrowserContext], faults: list[str], **given: object) -> Page:
    page = watch(open_context(**given).new_page(), faults)
    sign_in(page, ada.email)
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()
    return page


def test_other_devices_are_signed_out_one_by_one_and_all_at_once(
    ada: Person, open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    firefox = elsewhere(ada, open_context, faults, user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    others = [elsewhere(ada, open_context, faults) for _ in range(2)]
    ada.page.goto("/account")
    rows = ada.page.get_by_role("list", name="Where you are signed in").get_by_role("listitem")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="This device")).to_have_count(1)

    ada.page.get_by_role("button", name="Sign out Firefox · Linux").click()
    expect(firefox).to_have_url(re.compile("/login$"))
    expect(rows).to_have_count(3)
    ada.page.get_by_role("button", name="Sign out everywhere else").click()
    expect(rows).to_have_count(1)
    for other in others:
        expect(other).to_have_url(re.compile("/login$"))
    ada.page.reload()
    expect(ada.page.get_by_label("Theme")).to_be_visible()
    assert all("401" in fault for fault in faults)
    faults.clear()


def test_a_deleted_conversation_says_when_it_will_be_erased_and_comes_back(sign_up: Callable[..., Person], size: str) -> None:
    ada = sign_up(size)
    ada.ask_and_wait("count to 2")
    ada.menu_of("count to 2")
    ada.choose("Delete")
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_have_count(0)
    ada.page.goto("/account")
    row = ada.page.get_by_role("list", name="Deleted conversations").get_by_role("listitem")
    expect(row).to_contain_text("Will be erased after")
    expect(ada.page.get_by_text("erased for good after 30 days")).to_be_visible()
    assert complaints(ada.page) == []

    row.get_by_role("button", name="Restore “count to 2”").click()

    expect(row).to_have_count(0)
    expect(ada.page.get_by_text("There are none at the moment.")).to_be_visible()
    ada.page.goto("/")
    ada.sidebar().get_by_role("link", name="count to 2").click()
    expect(ada.answers).to_have_text(re.compile("1 2"))


def test_who_leaves_is_gone(sign_up: Callable[..., Person], size: str, faults: list[str]) -> None:
    ada = sign_up(size)
    ada.ask_and_wait("count to 2")
    ada.page.goto("/account")
    ada.page.get_by_role("button", name="Delete account…").click()
    dialog = ada.page.get_by_role("dialog", name="Delete account")
    assert complaints(ada.page) == []
    dialog.get_by_label("Password").fill("not the one")
    dialog.get_by_role("button", name="Delete everything permanently").click()
    expect(dialog).to_contain_text("Incorrect password.")
    faults.clear()
    dialog.get_by_label("Password").fill("correct horse")
    dialog.get_by_role("button", name="Delete everything permanently").click()
    expect(ada.page).to_have_url(re.compile("/login$"))
    sign_in(ada.page, ada.email)
    expect(ada.page.locator("form").get_by_role("alert")).to_contain_text("Incorrect email or password.")
    assert all("401" in fault for fault in faults)
    faults.clear()


def test_who_is_alone_is_warned_before_the_last_account_goes(sign_up: Callable[..., Person], size: str, faults: list[str]) -> None:
    """The house has many people, so its first word is put into its mouth; the second is its own."""
    ada = sign_up(size)
    refusal = {"code": "last_account", "title": "Yours is the only account."}
    ada.page.route("**/api/auth/me/delete", lambda route: route.fulfill(status=409, json=refusal), times=1)
    ada.page.goto("/account")
    ada.page.get_by_role("button", name="Delete account…").click()
    dialog = ada.page.get_by_role("dialog", name="Delete account")
    dialog.get_by_label("Password").fill("correct horse")
    dialog.get_by_role("button", name="Delete everything permanently").click()
    expect(dialog.get_by_role("alert")).to_contain_text("the next person to sign up becomes the administrator")
    assert complaints(ada.page) == []
    with ada.page.expect_request("**/api/auth/me/delete") as asked:
        dialog.get_by_role("button", name="Delete everything, even as the last person").click()
    assert (asked.value.post_data_json or {}).get("last") is True
    expect(ada.page).to_have_url(re.compile("/login$"))
    assert all("409" in fault or "401" in fault for fault in faults)
    faults.clear()


def choose(page: Page, file: Path) -> None:
    page.get_by_label("File to import").set_input_files(file)


def exported(ada: Person, tmp_path: Path) -> Path:
    ada.page.goto("/account")
    with ada.page.expect_download() as waiting:
        ada.page.get_by_role("button", name="Export everything").click()
    file = tmp_path / "everything.zip"
    waiting.value.save_as(file)
    return file


def test_everything_goes_out_as_a_zip_and_comes_into_another_account(ada: Person, sign_up: Callable[..., Person], tmp_path: Path) -> None:
    ada.ask_and_wait("count to 5")
    ada.page.get_by_role("button", name="Regenerate").click()
    ada.page.get_by_role("menuitem", name="Regenerate").click()
    expect(ada.page.get_by_role("group", name="Versions")).to_contain_text("2/2")
    expect(ada.answers).to_have_attribute("data-status", "done")
    file = exported(ada, tmp_path)
    names = zipfile.ZipFile(io.BytesIO(file.read_bytes())).namelist()
    assert [name.rpartition(".")[2] for name in names] == ["json", "json", "md"]

    choose(ada.page, file)
    expect(ada.page.get_by_text("1 already here")).to_be_visible()

    bob = sign_up("phone" if ada.phone else "desk")
    bob.page.goto("/account")
    choose(bob.page, file)
    expect(bob.page.get_by_text("1 conversation imported")).to_be_visible()
    bob.page.goto("/")
    bob.sidebar().get_by_role("link", name="count to 5").click()
    expect(bob.answers).to_contain_text(counted(5))
    expect(bob.page.get_by_role("group", name="Versions")).to_contain_text("2/2")
    bob.ask_and_wait("count to 3")


def chatgpt(number: int) -> list[dict[str, Any]]:
    def said(role: str, text: str) -> dict[str, Any]:
        return {
            "author": {"role": role},
            "content": {"content_type": "text", "parts": [text]},
            "create_time": 1_709_287_201,
            "recipient": "all",
        }

    def one(n: int) -> dict[str, Any]:
        mapping = {
            "r": {"id": "r", "message": None, "parent": None, "children": ["q"]},
            "q": {"id": "q", "message": said("user", f"question {n}"), "parent": "r", "children": ["a"]},
            "a": {"id": "a", "message": said("assistant", f"**answer** {n}"), "parent": "q", "children": []},
        }
        return {
            "conversation_id": f"c{n}",
            "title": f"From afar {n}",
            "create_time": 1_709_287_200,
            "current_node": "a",
            "mapping": mapping,
        }

    return [*(one(n) for n in range(number)), {"title": "An empty one", "mapping": {}}]


def test_chatgpts_export_comes_in_with_a_report(ada: Person, tmp_path: Path) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(chatgpt(40)))
    ada.page.goto("/account")
    choose(ada.page, file)
    expect(ada.page.get_by_role("progressbar")).to_be_visible()
    expect(ada.page.get_by_text("40 conversations imported")).to_be_visible(timeout=60_000)
    expect(ada.page.get_by_text("1 item skipped")).to_be_visible()
    expect(ada.page.get_by_text("An empty one")).to_be_visible()
    expect(ada.page.get_by_text("It has no messages.")).to_be_visible()
    assert complaints(ada.page) == []
    choose(ada.page, file)
    expect(ada.page.get_by_text("40 already here")).to_be_visible(timeout=60_000)
    ada.page.goto("/")
    ada.sidebar().get_by_role("link", name="From afar 39").click()
    expect(ada.answers).to_contain_text("answer 39")


def test_who_changes_the_password_stays_here_alone_and_comes_in_with_the_new_one(
    ada: Person, open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    other = elsewhere(ada, open_context, faults)
    ada.page.goto("/account")
    change = ada.page.get_by_role("button", name="Change password")
    ada.page.get_by_label("New password").fill("battery staple")
    ada.page.get_by_label("Current password").fill("not the one")
    change.click()
    expect(ada.page.locator("form").get_by_role("alert")).to_be_visible()
    ada.page.get_by_label("Current password").fill("correct horse")
    change.click()
    expect(ada.page.get_by_text("Password changed.")).to_be_visible()
    expect(other).to_have_url(re.compile("/login$"))

    other.goto("/login")
    sign_in(other, ada.email, "battery staple")
    other.get_by_role("textbox", name="Your message", exact=True).wait_for()
    ada.page.reload()
    expect(change).to_be_visible()
    assert all("status of 4" in fault for fault in faults)
    faults.clear()


def openwebui() -> list[dict[str, Any]]:
    """Two answers to one question, the second of which is shown."""
    said = {"q": ("user", None, "How long?"), "a": ("assistant", "q", "An hour."), "b": ("assistant", "q", "A day.")}
    messages = {
        name: {"id": name, "parentId": parent, "role": role, "content": content, "model": "llama"}
        for name, (role, parent, content) in said.items()
    }
    history = {"currentId": "b", "messages": messages}
    return [{"id": "0b7f", "title": "Sourdough", "created_at": 1_709_287_200, "chat": {"title": "Sourdough", "history": history}}]


def test_open_webuis_export_comes_in_with_its_branches(ada: Person, tmp_path: Path) -> None:
    file = tmp_path / "chat-export.json"
    file.write_text(json.dumps(openwebui()))
    ada.page.goto("/account")
    choose(ada.page, file)
    expect(ada.page.get_by_text("1 conversation imported")).to_be_visible()
    ada.page.goto("/")
    ada.sidebar().get_by_role("link", name="Sourdough").click()
    expect(ada.answers).to_contain_text("A day.")
    ada.answers.get_by_role("button", name="Previous version").click()
    expect(ada.answers).to_contain_text("An hour.")


def test_a_file_of_another_kind_is_refused_in_words(ada: Person, tmp_path: Path) -> None:
    file = tmp_path / "holiday.json"
    file.write_text('{"sun": true}')
    ada.page.goto("/account")
    choose(ada.page, file)
    expect(ada.page.get_by_role("main").get_by_role("alert")).to_contain_text("olamchat can't read this export")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_how_the_account_page_looks(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], size: str, colours: str, faults: list[str], tmp_path: Path
) -> None:
    ada = sign_up(size, color_scheme=colours)
    elsewhere(
        ada, open_context, faults, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/1 Safari/604.1"
    )
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(chatgpt(3)))
    ada.page.goto("/account")
    choose(ada.page, file)
    ada.page.get_by_text("3 conversations imported").scroll_into_view_if_needed()
    assert complaints(ada.page) == []
    picture(ada.page, f"account-data-{size}-{colours}")
    ada.page.get_by_role("heading", name="Where you are signed in").scroll_into_view_if_needed()
    picture(ada.page, f"account-sessions-{size}-{colours}")
    ada.page.get_by_role("button", name="Delete account…").click()
    ada.page.get_by_role("dialog", name="Delete account").wait_for()
    picture(ada.page, f"account-leave-{size}-{colours}")
