"""Signing in by a real OpenID provider, which is another site to the browser: localhost, while the page is at 127.0.0.1."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.conftest import ARTIFACTS, PATIENCE_MS, SIZES, watch
from tests.security.oidc import providing

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house that has a provider, and its administrator."""
    port, folder = free_port(), tmp_path_factory.mktemp("house")
    for parent in (folder, *folder.parents[:2]):  # Postgres runs as nobody where the tests run as root
        parent.chmod(0o755)
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": ""}
    with providing(f"http://127.0.0.1:{port}") as provider, house.up(folder / "data", port, **no_engines, **provider) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, place: str, faults: list[str], size: str) -> Iterator[Callable[..., Page]]:
    """Open the page in a browser of its own."""
    contexts = []

    def go(path: str, look: str = "light") -> Page:
        phone = size == "phone"
        context = browser.new_context(
            base_url=place, viewport=SIZES[size], has_touch=phone, is_mobile=phone, reduced_motion="reduce", locale="en", color_scheme=look  # type: ignore[arg-type]
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        # The provider's own page asks for letters from elsewhere.
        context.route("https://fonts.googleapis.com/**", lambda route: route.fulfill(body="", content_type="text/css"))
        page = watch(context.new_page(), faults)
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


def at_the_provider(page: Page, who: str) -> None:
    """Sign in there and consent."""
    page.get_by_placeholder("Enter any login").fill(who)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def picture(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def test_a_person_comes_by_the_provider_and_back_to_where_they_were(visit: Callable[..., Page], size: str) -> None:
    name = f"ada{uuid4().hex[:6]}"
    page = visit("/account")

    page.get_by_role("link", name="Sign in with Example ID").click()
    at_the_provider(page, name)

    expect(page).to_have_url(re.compile("/account$"))
    expect(page.get_by_text("You currently sign in only through the provider.")).to_be_visible()
    picture(page, f"sign-on-account-{size}")
    page.goto("/")
    expect(page.get_by_role("heading", name=f"What's on your mind, {name}?")).to_be_visible()


def test_a_first_password_is_chosen_without_another(visit: Callable[..., Page]) -> None:
    name = f"bob{uuid4().hex[:6]}"
    page = visit("/account")
    page.get_by_role("link", name="Sign in with Example ID").click()
    at_the_provider(page, name)

    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()

    expect(page.get_by_label("Current password")).to_be_visible()
    answer = page.request.post("/api/auth/login", data={"email": f"{name}@example.org", "password": PASSWORD})
    assert answer.status == 200


def test_a_refusal_is_told_on_the_page_itself(visit: Callable[..., Page], size: str) -> None:
    for look in ("light", "dark"):
        page = visit("/login", look)
        page.get_by_role("link", name="Sign in with Example ID").click()
        at_the_provider(page, f"eve{uuid4().hex[:6]}+unverified")

        expect(page.get_by_role("alert").filter(has_text="hasn't verified this email")).to_be_visible()
        picture(page, f"sign-on-refused-{size}-{look}")


def test_leaving_the_provider_signs_nobody_in(visit: Callable[..., Page]) -> None:
    page = visit("/login")
    page.get_by_role("link", name="Sign in with Example ID").click()

    page.get_by_role("link", name="Cancel").click()

    expect(page.get_by_role("alert").filter(has_text="The provider did not sign you in.")).to_be_visible()
