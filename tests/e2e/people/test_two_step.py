"""Two-step sign-in on the page: turning it on with an app, coming in by a code or a recovery code, and off again."""

import time
from collections.abc import Callable

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.files.test_sharing import picture
from tests.e2e.people.test_account import sign_in
from tests.e2e.person import Person


def code(secret: str, steps: int = 0) -> str:
    """Return what the app shows, so many steps from now."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + steps)


def turn_on(ada: Person, size: str) -> tuple[str, list[str]]:
    """Set it up on the account page; return the app's secret and the recovery codes."""
    ada.page.goto("/account")
    secret, codes = turn_on_here(ada, size)
    expect(ada.page.get_by_text("10 recovery codes left.")).to_be_visible()
    return secret, codes


def turn_on_here(ada: Person, size: str) -> tuple[str, list[str]]:
    """Set it up on the page that is open."""
    ada.page.get_by_role("button", name="Turn on").click()
    dialog = ada.page.get_by_role("dialog", name="Two-step sign-in")
    dialog.get_by_label("Password").fill("correct horse")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    secret = dialog.get_by_label("Key for the app").inner_text()
    assert complaints(ada.page) == []
    picture(ada.page, f"two-step-set-up-{size}")
    dialog.get_by_label("Code from the app").fill(code(secret))
    dialog.get_by_role("button", name="Turn on").click()
    kept = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(kept).to_have_count(10)
    codes = kept.all_inner_texts()
    assert complaints(ada.page) == []
    dialog.get_by_role("button", name="I've saved them").click()
    return secret, codes


def give(page: Page, said: str) -> None:
    page.get_by_label("Code").fill(said)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_takes_a_code_once_it_is_on_and_none_once_it_is_off(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], size: str, faults: list[str]
) -> None:
    ada = sign_up(size)
    secret, codes = turn_on(ada, size)
    elsewhere = watch(open_context(size).new_page(), faults)

    sign_in(elsewhere, ada.email)
    elsewhere.get_by_label("Code").wait_for()
    assert complaints(elsewhere) == []
    picture(elsewhere, f"two-step-{size}")
    give(elsewhere, codes[0] + "x")
    expect(elsewhere.get_by_text("This code is wrong, or it was already used.")).to_be_visible()
    give(elsewhere, code(secret, 1))
    box = elsewhere.get_by_role("textbox", name="Your message", exact=True)
    box.wait_for()

    by_recovery = watch(open_context(size).new_page(), faults)
    sign_in(by_recovery, ada.email)
    give(by_recovery, codes[0])
    by_recovery.get_by_role("textbox", name="Your message", exact=True).wait_for()

    ada.page.reload()
    expect(ada.page.get_by_text("9 recovery codes left.")).to_be_visible()
    ada.page.get_by_role("button", name="Turn off").click()
    dialog = ada.page.get_by_role("dialog", name="Turn off")
    dialog.get_by_label("Password").fill("not the one")
    dialog.get_by_role("button", name="Turn off").click()
    expect(dialog).to_contain_text("Incorrect password.")
    dialog.get_by_label("Password").fill("correct horse")
    dialog.get_by_role("button", name="Turn off").click()
    expect(ada.page.get_by_text("Two-step sign-in is off.")).to_be_visible()
    again = watch(open_context(size).new_page(), faults)
    sign_in(again, ada.email)
    again.get_by_role("textbox", name="Your message", exact=True).wait_for()
    assert all("status of 4" in fault for fault in faults)
    faults.clear()
