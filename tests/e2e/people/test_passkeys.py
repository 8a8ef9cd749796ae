"""Passkeys in the browser, by an authenticator of Chromium's own: added, used to sign in and as the second step, renamed, removed."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.files.test_sharing import picture
from tests.e2e.people.test_account import sign_in
from tests.e2e.people.test_new_password import arrived
from tests.e2e.person import Person
from tests.mailbox import Mailbox, serving

INTERNAL = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def device(page: Page) -> tuple[CDPSession, str]:
    """Put an authenticator into the page's browser; return how to speak to it, and its name."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL})["authenticatorId"]


def passkeys_of(session: CDPSession, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = session.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]
    return found


def hand_over(source: tuple[CDPSession, str], target: tuple[CDPSession, str]) -> None:
    """Let another browser have the passkeys, as a phone that is carried to another desk."""
    for credential in passkeys_of(*source):
        target[0].send("WebAuthn.addCredential", {"authenticatorId": target[1], "credential": credential})


def localhost(address: str) -> str:
    """Browsers have no passkeys at an IP address."""
    return address.replace("127.0.0.1", "localhost")


def add(page: Page, name: str, size: str) -> list[str]:
    """Add the first passkey on the account page; return the recovery codes."""
    page.goto("/account")
    page.get_by_role("button", name="Add passkey").click()
    dialog = page.get_by_role("dialog", name="Add passkey")
    expect(dialog.get_by_label("Name")).to_have_value(re.compile("Chrome"))
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Password").fill("correct horse")
    assert complaints(page) == []
    picture(page, f"passkey-add-{size}")
    dialog.get_by_role("button", name="Continue").click()
    kept = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(kept).to_have_count(10)
    codes = kept.all_inner_texts()
    dialog.get_by_role("button", name="I've saved them").click()
    expect(page.get_by_role("list", name="Passkeys").get_by_role("listitem")).to_contain_text(name)
    return codes


def box(page: Page) -> None:
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()


def test_a_passkey_signs_in_is_the_second_step_and_can_be_taken_back(
    sign_up: Callable[..., Person],
    open_context: Callable[..., BrowserContext],
    address: str,
    size: str,
    mail_port: int,
    faults: list[str],
) -> None:
    ada = sign_up(size, base_url=localhost(address))
    phone, told = device(ada.page), Mailbox()
    with serving(told, mail_port):
        codes = add(ada.page, "Ada's phone", size)
        arrived(told)
    assert "Ada's phone" in str(told.mails[0])
    assert complaints(ada.page) == []
    picture(ada.page, f"passkeys-{size}")

    alone = watch(open_context(size, base_url=localhost(address)).new_page(), faults)
    alone.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")  # a browser that offers none by itself
    elsewhere = device(alone)
    hand_over(phone, elsewhere)
    alone.goto("/login")
    alone.get_by_role("button", name="Use a passkey").wait_for()
    assert complaints(alone) == []
    picture(alone, f"passkey-sign-in-{size}")
    alone.get_by_role("button", name="Use a passkey").click()
    box(alone)

    second = watch(open_context(size, base_url=localhost(address)).new_page(), faults)
    sign_in(second, ada.email)
    second.get_by_role("button", name="Use a passkey").wait_for()
    assert complaints(second) == []
    picture(second, f"passkey-second-step-{size}")
    second.get_by_label("Recovery code").fill(codes[0])
    second.get_by_role("button", name="Sign in").click()
    box(second)

    third = watch(open_context(size, base_url=localhost(address)).new_page(), faults)
    sign_in(third, ada.email)
    third.get_by_label("Recovery code").wait_for()
    hand_over(elsewhere, device(third))
    third.get_by_role("button", name="Use a passkey").click()
    box(third)

    ada.page.reload()
    row = ada.page.get_by_role("list", name="Passkeys").get_by_role("listitem")
    expect(row).to_contain_text("last used")
    ada.page.get_by_role("button", name="Rename Ada's phone").click()
    ada.page.get_by_role("dialog").get_by_label("Name").fill("Old phone")
    ada.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    ada.page.get_by_role("button", name="Remove Old phone").click()
    removing = ada.page.get_by_role("dialog", name="Remove Old phone")
    removing.get_by_label("Password").fill("correct horse")
    removing.get_by_role("button", name="Remove").click()
    expect(ada.page.get_by_text("You don't have any yet.")).to_be_visible()

    gone = watch(open_context(size, base_url=localhost(address)).new_page(), faults)
    hand_over(elsewhere, device(gone))
    gone.goto("/login")
    expect(gone.get_by_text("This passkey wasn't accepted.")).to_be_visible()
    by_password = watch(open_context(size, base_url=localhost(address)).new_page(), faults)
    sign_in(by_password, ada.email)
    box(by_password)
    assert all("status of 4" in fault for fault in faults)
    faults.clear()


def test_the_browser_offers_passkeys_where_the_email_is_typed(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], address: str, faults: list[str]
) -> None:
    ada = sign_up(base_url=localhost(address))
    phone = device(ada.page)
    add(ada.page, "Phone", "desk")

    page = watch(open_context(base_url=localhost(address)).new_page(), faults)
    hand_over(phone, device(page))
    page.goto("/login")

    box(page)
    assert faults == []
