"""What is done by links in mails: choosing a new password, and changing the e-mail."""

import time
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import BrowserContext, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import PATIENCE_MS, watch
from tests.e2e.files.test_sharing import picture
from tests.e2e.people.test_account import sign_in
from tests.e2e.person import Person
from tests.mailbox import Mailbox, serving


def arrived(box: Mailbox) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1_000
    while not box.mails:
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.05)


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], size: str, mail_port: int, faults: list[str]
) -> None:
    ada, box = sign_up(size), Mailbox()
    page = watch(open_context(size).new_page(), faults)
    page.goto("/login")
    page.get_by_role("link", name="Forgot password?").click()
    page.get_by_label("Email").fill(ada.email)
    assert complaints(page) == []
    picture(page, f"forgot-{size}")
    with serving(box, mail_port):
        page.get_by_role("button", name="Send link").click()
        expect(page.get_by_role("status")).to_contain_text("a link is on its way")
        arrived(box)

    page.goto(box.link())
    page.get_by_label("New password").fill("battery staple")
    assert complaints(page) == []
    picture(page, f"choose-{size}")
    page.get_by_role("button", name="Choose a new password").click()
    expect(page.get_by_role("status")).to_contain_text("Your new password is set")
    page.get_by_role("link", name="Back to sign-in").click()
    sign_in(page, ada.email, "battery staple")
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()

    again = watch(open_context(size).new_page(), faults)
    again.goto(box.link())
    again.get_by_label("New password").fill("a third one then")
    again.get_by_role("button", name="Choose a new password").click()
    expect(again.get_by_role("main").get_by_role("alert")).to_contain_text("This link is invalid, was already used, or has expired.")
    expect(ada.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert all("status of 4" in fault for fault in faults)
    faults.clear()


def test_another_email_counts_once_its_link_is_opened(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], size: str, mail_port: int, faults: list[str]
) -> None:
    ada, box, new = sign_up(size), Mailbox(), f"{uuid4().hex}@new.example.org"
    ada.page.goto("/account")
    form = ada.page.get_by_role("form", name="Change email")
    form.get_by_label("New email").fill(new)
    form.get_by_label("Password").fill("correct horse")
    assert complaints(ada.page) == []
    with serving(box, mail_port):
        form.get_by_role("button", name="Change email").click()
        expect(ada.page.get_by_text("Open the link that we've sent to the new address.")).to_be_visible()
        arrived(box)

    page = watch(open_context(size).new_page(), faults)
    page.goto(box.link("email"))
    assert complaints(page) == []
    page.get_by_role("button", name="Confirm your new email").click()
    expect(page.get_by_role("status")).to_contain_text("Your email is changed")
    page.get_by_role("link", name="Back to sign-in").click()
    sign_in(page, new)
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()
    ada.page.reload()
    expect(ada.page.get_by_text(new)).to_be_visible()
    assert all("status of 4" in fault for fault in faults)
    faults.clear()
