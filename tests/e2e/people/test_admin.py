"""What administrators see and do on the page; at a desk and on a phone."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS, watch
from tests.e2e.files.test_sharing import picture
from tests.e2e.keyboard import closes_and_returns, focus_name, focus_stays_inside, tab_to
from tests.e2e.people.test_two_step import turn_on_here
from tests.e2e.person import Person

SECTIONS = ("users", "groups", "invitations", "models", "pools", "usage", "audit")
CHIEF = {"email": "chief@example.org", "password": "correct horse"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A house of this file's own, whose first account, the administrator's, is the chief's."""
    folder = tmp_path_factory.mktemp("administered")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": "", "OLAMCHAT_DEMO_TOKENS_PER_S": "0"}
    no_limits = {"OLAMCHAT_LIMIT_SIGN_IN": "-", "OLAMCHAT_LIMIT_ADDRESS": "-", "OLAMCHAT_SECOND_FACTOR_GRACE_DAYS": "0"}
    with house.up(folder / "data", free_port(), **no_engines, **no_limits) as place:
        context = browser.new_context(base_url=place)
        assert context.request.post("/api/auth/signup", data={**CHIEF, "name": "Chief"}).status == 201
        context.close()
        yield place


@pytest.fixture
def chief(open_context: Callable[..., BrowserContext], faults: list[str], size: str) -> Page:
    """The administrator's page."""
    return _signed_in(open_context(size), faults)


def _signed_in(context: BrowserContext, faults: list[str]) -> Page:
    assert context.request.post("/api/auth/login", data=CHIEF).status == 200
    page = watch(context.new_page(), faults)
    page.goto("/")
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()
    return page


def call(page: Page, method: str, path: str, **body: Any) -> Any:
    """Do something by the API as whose page it is."""
    csrf = next(cookie["value"] for cookie in page.context.cookies() if cookie.get("name", "").endswith("olamchat_csrf"))
    answer = page.context.request.fetch(path, method=method, data=body or None, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return answer.json() if answer.status != 204 else None


def id_of(chief: Page, email: str) -> str:
    return str(call(chief, "GET", f"/api/admin/users?q={email}")["items"][0]["id"])


def go(page: Page, section: str) -> Locator:
    """Open a section of the administration and return it."""
    page.goto(f"/admin/{section}")
    page.get_by_role("heading", name="Administration").wait_for()
    region = page.get_by_role("main").locator("section")
    region.first.wait_for()
    expect(region.get_by_role("status", name="Loading")).to_have_count(0)
    return region


def of(chief: Page, email: str, item: str) -> None:
    """Choose what is to be done with a person."""
    go(chief, "users")
    chief.get_by_label("Search by email or name").fill(email)
    expect(chief.get_by_role("main").get_by_role("listitem").filter(has_text="@")).to_have_count(1)
    chief.get_by_role("button", name=f"Actions for {email}").click()
    chief.get_by_role("menuitem", name=item, exact=True).click()


def test_the_way_there_is_for_administrators_alone(chief: Page, sign_up: Callable[..., Person], size: str, faults: list[str]) -> None:
    if size == "phone":
        chief.get_by_role("button", name="Open sidebar").click()
    chief.get_by_role("button", name="Chief").last.click()
    chief.get_by_role("menuitem", name="Administration").click()
    expect(chief.get_by_role("heading", name="Administration")).to_be_visible()

    ada = sign_up(size)
    ada.page.goto("/admin/users")

    expect(ada.page.get_by_role("heading", name="Administrators only")).to_be_visible()
    assert ada.page.context.request.get("/api/admin/users").status == 403


def test_a_disabled_person_is_out_and_undo_lets_them_in(chief: Page, sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()

    of(chief, ada.email, "Disable")

    expect(ada.page).to_have_url(re.compile("/login$"))
    expect(chief.get_by_text("Disabled", exact=True)).to_be_visible()
    chief.get_by_role("button", name="Undo").click()
    expect(chief.get_by_text("Disabled", exact=True)).to_have_count(0)
    again = ada.page.context.request.post("/api/auth/login", data={"email": ada.email, "password": "correct horse"})
    assert again.status == 200
    faults.clear()


def test_a_demoted_administrators_open_page_is_out(chief: Page, sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    of(chief, ada.email, "Make administrator")
    expect(chief.get_by_text(f"{ada.email} was updated.")).to_be_visible()
    go(ada.page, "users")
    expect(ada.page.get_by_text(ada.email).first).to_be_visible()

    of(chief, ada.email, "Remove administrator role")

    expect(ada.page).to_have_url(re.compile("/login$"))
    faults.clear()


def test_a_new_password_is_shown_once_and_good(chief: Page, sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    of(chief, ada.email, "Reset password")

    chief.get_by_role("button", name="Generate a new password").click()
    password = chief.get_by_role("dialog").locator("code").inner_text()

    assert ada.page.context.request.post("/api/auth/login", data={"email": ada.email, "password": password}).status == 200
    chief.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(chief.get_by_text(password)).to_have_count(0)
    faults.clear()


def test_a_persons_own_quota_is_set_told_and_holds(chief: Page, sign_up: Callable[..., Person], size: str, faults: list[str]) -> None:
    ada = sign_up(size)
    ada.ask_and_wait("count to 3")
    of(chief, ada.email, "Token quota")
    chief.get_by_label("Custom quota").check()
    chief.get_by_label("Tokens per day").fill("1")
    chief.get_by_role("button", name="Save").click()
    expect(chief.get_by_text("of 1 tokens today")).to_be_visible()

    ada.box.fill("count to 4")
    ada.page.get_by_role("button", name=re.compile("^Send")).click()

    expect(ada.page.get_by_text("You've used up your tokens.").first).to_be_visible()
    ada.page.goto("/account")
    expect(ada.page.get_by_role("meter", name="Today")).to_be_visible()
    assert all("429" in fault for fault in faults)
    faults.clear()


def test_who_is_invited_joins_by_the_link_in_the_role_it_names(
    chief: Page, open_context: Callable[..., BrowserContext], faults: list[str], size: str
) -> None:
    go(chief, "invitations")
    chief.get_by_role("button", name="Invite someone").click()
    chief.get_by_label("Role").select_option("admin")
    chief.get_by_role("button", name="Create link").click()
    link = chief.get_by_role("dialog").locator("code").inner_text()
    chief.keyboard.press("Escape")

    page = watch(open_context(size).new_page(), faults)
    page.goto(link)
    expect(page.get_by_text("You've been invited.")).to_be_visible()
    page.get_by_label("Email").fill(f"invited-{size}@example.org")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("textbox", name="Your message", exact=True).wait_for()

    assert call(page, "GET", "/api/auth/me")["user"]["role"] == "admin"
    go(chief, "invitations")
    expect(chief.get_by_text("Used", exact=True).first).to_be_visible()


def test_an_invitation_is_taken_back(chief: Page) -> None:
    made = call(chief, "POST", "/api/admin/invitations", email="late@example.org")
    row = go(chief, "invitations").get_by_role("listitem").filter(has_text="late@example.org").first
    row.get_by_role("button", name="Revoke").click()
    expect(chief.get_by_text("Invitation revoked.")).to_be_visible()
    assert made["id"] not in {each["id"] for each in call(chief, "GET", "/api/admin/invitations")["items"]}


def test_a_model_gets_another_name_and_its_people(chief: Page, sign_up: Callable[..., Person]) -> None:
    ada, eve = sign_up(), sign_up()
    go(chief, "models")
    chief.get_by_role("button", name="Edit demo").click()
    chief.get_by_label("Display name").fill("Our model")
    chief.get_by_label("Who can use it").select_option("chosen")
    chief.get_by_label("Add by email or name").fill(ada.email)
    chief.get_by_role("button", name=f"Select {ada.email}").click()
    chief.get_by_label("Temperature").fill("0.5")
    chief.get_by_role("button", name="Save").click()
    expect(chief.get_by_text("Selected people or groups (1)")).to_be_visible()

    assert [model["display_name"] for model in call(ada.page, "GET", "/api/models")["items"]] == ["Our model"]
    assert call(eve.page, "GET", "/api/models")["items"] == []

    call(chief, "POST", "/api/admin/models/forget", name="demo")
    assert len(call(eve.page, "GET", "/api/models")["items"]) == 1


def test_a_group_is_made_filled_by_its_manager_and_given_things(
    chief: Page, sign_up: Callable[..., Person], size: str, faults: list[str]
) -> None:
    ada, eve = sign_up(size), sign_up(size)
    name = f"Legal {ada.email}"
    go(chief, "groups")
    chief.get_by_role("button", name="New group").click()
    chief.get_by_label("Name").fill(name)
    chief.get_by_label("Tokens per day").fill("1000")
    assert complaints(chief) == []
    chief.get_by_role("button", name="Save").click()
    expect(chief.get_by_role("listitem").filter(has_text=name)).to_contain_text("0 members · 1,000 tokens a day")
    chief.get_by_role("button", name=f"Members of {name}").click()
    _add(chief, ada.email)
    chief.get_by_role("button", name=f"Make {ada.email} a manager").click()
    expect(chief.get_by_role("dialog").get_by_text("Manager", exact=True)).to_be_visible()
    chief.screenshot(path=ARTIFACTS / f"group-{size}.png")

    ada.page.goto("/account")
    ada.page.get_by_role("button", name=f"Members of {name}").click()
    _add(ada.page, "nobody@example.org", there=False)
    expect(ada.page.get_by_text("No account has this email address.")).to_be_visible()
    _add(ada.page, eve.email)
    assert complaints(ada.page) == []
    collection = call(ada.page, "POST", "/api/knowledge/collections", name=f"Contracts {name}")
    ada.page.goto(f"/knowledge/{collection['id']}")
    ada.page.get_by_role("button", name=f"Share Contracts {name}").click()
    ada.page.get_by_label("Who can use it").select_option("Groups")
    ada.page.get_by_role("checkbox", name=name).check()
    assert complaints(ada.page) == []
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_text("· Groups")).to_be_visible()

    eve.page.goto(f"/knowledge/{collection['id']}")
    expect(eve.page.get_by_role("heading", name=f"Contracts {name}")).to_be_visible()
    eve.page.goto("/account")
    eve.page.get_by_role("button", name=f"Members of {name}").click()
    eve.page.get_by_role("button", name="Leave").click()
    expect(eve.page.get_by_role("button", name=f"Members of {name}")).to_have_count(0)
    assert collection["id"] not in {each["id"] for each in call(eve.page, "GET", "/api/knowledge/collections")["items"]}
    faults.clear()


def _add(page: Page, email: str, *, there: bool = True) -> None:
    """Add somebody to the group whose members are shown."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill(email)
    dialog.get_by_role("button", name="Add", exact=True).click()
    if there:
        expect(dialog.get_by_role("listitem").filter(has_text=email)).to_be_visible()


def test_the_models_are_put_in_another_order(chief: Page, sign_up: Callable[..., Person]) -> None:
    call(chief, "PUT", "/api/admin/models", name="zz-other")
    rows = go(chief, "models").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("demo")

    rows.nth(1).get_by_role("button", name="Move zz-other up").click()

    expect(rows.first).to_contain_text("zz-other")
    chief.reload()
    expect(rows.first).to_contain_text("zz-other")
    assert [model["name"] for model in call(chief, "GET", "/api/admin/models")["items"]] == ["zz-other", "demo"]
    for name in ("zz-other", "demo"):
        call(chief, "POST", "/api/admin/models/forget", name=name)


def test_the_pools_show_who_works(chief: Page) -> None:
    go(chief, "pools")
    pool = chief.get_by_role("article", name="demo")
    expect(pool.get_by_text("Responding", exact=True).first).to_be_visible()
    expect(pool.get_by_role("table", name="Workers").get_by_role("row")).to_have_count(2)


def test_usage_is_shown_by_person_and_model_over_time(chief: Page, sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 3")
    go(chief, "usage")
    share = chief.get_by_role("button", name=re.compile(f"^{ada.email}"))
    share.click()
    expect(share).to_have_attribute("aria-pressed", "true")
    expect(chief.get_by_role("img", name="Tokens per day")).to_be_visible()
    chief.get_by_role("button", name="7 days").click()
    chief.get_by_text("Show as a table").click()
    expect(chief.get_by_role("table").get_by_role("row")).to_have_count(8)
    chief.get_by_role("button", name="By model").first.click()
    expect(chief.get_by_role("button", name=re.compile("^demo"))).to_be_visible()


def test_the_audit_log_is_filtered_and_exported(chief: Page, sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    go(chief, "audit")
    chief.get_by_label("Email, address or subject").fill(ada.email)
    chief.get_by_label("Event", exact=True).select_option("account")
    rows = chief.get_by_role("main").locator("section ol > li")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("account.made")

    with chief.expect_download() as saved:
        chief.get_by_role("button", name="Export").click()

    lines = Path(saved.value.path()).read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["account.made"]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_section_is_fit_for_everybody(
    open_context: Callable[..., BrowserContext], faults: list[str], size: str, colours: str
) -> None:
    page = _signed_in(open_context(size, color_scheme=colours), faults)
    ARTIFACTS.mkdir(exist_ok=True)
    for section in SECTIONS:
        go(page, section)
        page.screenshot(path=ARTIFACTS / f"admin-{section}-{size}-{colours}.png")
        assert complaints(page) == [], section
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{section} is wider than the screen"


def test_the_sections_are_reached_by_keyboard_and_from_right_to_left(
    open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    page = _signed_in(open_context("phone"), faults)
    page.evaluate("localStorage.setItem('olamchat.language', 'ar')")
    page.goto("/admin/users")
    tab = page.get_by_role("navigation", name="الإدارة").get_by_role("link", name="الاستخدام")
    tab.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/usage$"))
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.screenshot(path=ARTIFACTS / "admin-usage-rtl.png")


@pytest.mark.parametrize(
    ("section", "button", "dialog"),
    [("invitations", "Invite someone", "Invite someone"), ("models", "^Edit", "demo")],
)
def test_a_dialog_of_the_administration_is_used_by_the_keyboard(
    open_context: Callable[..., BrowserContext], faults: list[str], section: str, button: str, dialog: str
) -> None:
    chief = _signed_in(open_context("desk"), faults)
    go(chief, section)
    tab_to(chief, button)
    opener = re.escape(focus_name(chief))
    chief.keyboard.press("Enter")
    shown = chief.get_by_role("dialog", name=dialog)
    expect(shown).to_be_visible()

    chief.keyboard.type("a word")

    assert "a word" in chief.evaluate("() => document.activeElement.value")
    focus_stays_inside(shown)
    closes_and_returns(shown, opener)


def test_a_strict_groups_member_sets_up_two_step_sign_in_before_anything_else(
    chief: Page, sign_up: Callable[..., Person], size: str, faults: list[str]
) -> None:
    ada = sign_up(size)
    go(chief, "groups")
    chief.get_by_role("button", name="New group").click()
    dialog = chief.get_by_role("dialog", name="New group")
    dialog.get_by_label("Name").fill(f"Strict on a {size}")
    dialog.get_by_label("Members need two-step sign-in").check()
    dialog.get_by_role("button", name="Save").click()
    expect(chief.get_by_role("listitem").filter(has_text=f"Strict on a {size}")).to_contain_text("Two-step sign-in required")
    group = next(each for each in call(chief, "GET", "/api/admin/groups")["items"] if each["name"] == f"Strict on a {size}")
    call(chief, "POST", f"/api/groups/{group['id']}/members", email=ada.email)

    assert ada.page.context.request.post("/api/auth/login", data={"email": ada.email, "password": "correct horse"}).status == 200
    ada.page.goto("/")
    ada.page.get_by_role("heading", name="Set up two-step sign-in").wait_for()
    expect(ada.page.get_by_role("button", name="Later")).to_have_count(0)
    expect(ada.page.get_by_role("button", name="Turn on")).to_be_visible()
    assert complaints(ada.page) == []
    picture(ada.page, f"must-set-up-{size}")
    turn_on_here(ada, size)
    ada.box.wait_for()
    assert all("status of 4" in fault for fault in faults)
    faults.clear()
