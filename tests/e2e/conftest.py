"""A house, a browser, and people who are signed in; every page is watched for errors, and a failed test tells what it showed."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import free_port
from tests.e2e import house, unpacked
from tests.e2e.person import Person
from tests.e2e.witness import Witness

WEB = house.ROOT / "web"
ARTIFACTS = Path(__file__).parent / "artifacts"
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def mail_port() -> int:
    """Where the house looks for its mail server; a test that wants one starts it there."""
    return free_port()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, mail_port: int) -> Iterator[str]:
    """Where the page is."""
    if not (WEB / "out" / "index.html").exists():
        pytest.fail("web/out is not there: run `make web/out/.built`")
    folder = tmp_path_factory.mktemp("house")
    for parent in (folder, *folder.parents[:2]):  # Postgres runs as nobody where the tests run as root
        parent.chmod(0o755)
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": "", "OLAMCHAT_DEMO_TOKENS_PER_S": "60"}
    port = free_port()
    post = {
        "OLAMCHAT_SMTP_HOST": "127.0.0.1", "OLAMCHAT_SMTP_PORT": str(mail_port), "OLAMCHAT_SMTP_TLS": "none",
        "OLAMCHAT_MAIL_FROM": "chat@example.org", "OLAMCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OLAMCHAT_PASSKEY_ORIGINS": f"http://localhost:{port}",
    }  # fmt: skip
    with house.up(folder / "data", port, **no_engines, **post) as place:
        yield place


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; its driver runs an event loop on this thread until the end, so no other test may run a loop meanwhile."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=unpacked.chromium(), args=["--headless=shell", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium for this folder's tests."""
    with chromium() as launched:
        yield launched


@pytest.fixture(params=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    """The tests that ask for it run at both widths."""
    return str(request.param)


@pytest.fixture
def witness() -> Witness:
    """Hears the pages of the test."""
    return Witness()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a failed test tell what its pages showed."""
    report = yield
    witness = getattr(item, "funcargs", {}).get("witness")
    if call.when == "call" and report.failed and witness is not None:
        report.sections.append(("What the pages showed", witness.tell(_file_name(item), ARTIFACTS)))
    return report


def _file_name(item: pytest.Item) -> str:
    return item.name.replace("/", "_").replace("[", "-").replace("]", "")


@pytest.fixture
def open_context(browser: Browser, address: str, witness: Witness) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser of somebody; closed after the test."""

    def make(size: str = "desk", *, shared_worker: bool = False, **given: object) -> BrowserContext:
        context = browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            has_touch=size == "phone",
            is_mobile=size == "phone",
            reduced_motion="reduce",
            # What a service worker or a shared one fetches can't be intercepted by a test; those about them allow it.
            **{"base_url": address, "locale": "en", "service_workers": "block", **given},  # type: ignore[arg-type]
        )
        if not shared_worker:
            context.add_init_script("delete window.SharedWorker")
        context.set_default_timeout(PATIENCE_MS)
        witness.watch(context)
        return context

    yield make
    for context in witness.contexts:
        context.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the pages of a test complain about; a test that provokes a complaint clears it."""
    complaints: list[str] = []
    yield complaints
    assert not complaints


def watch(page: Page, faults: list[str]) -> Page:
    """Note every error that the page or its console reports."""

    def hear(message: ConsoleMessage) -> None:
        blocked = "Service Worker registration blocked" in message.text  # by open_context
        if message.type in {"error", "warning"} and not blocked:
            faults.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    page.on("console", hear)
    page.on("pageerror", lambda error: faults.append(f"page: {error}"))
    return page


@pytest.fixture
def sign_up(open_context: Callable[..., BrowserContext], faults: list[str]) -> Callable[..., Person]:
    """Make an account by the API and open the page as that person."""

    def make(size: str = "desk", **given: object) -> Person:
        context = open_context(size, **given)
        email = f"{uuid4().hex}@example.org"
        answer = context.request.post("/api/auth/signup", data={"email": email, "password": "correct horse", "name": "Ada"})
        assert answer.status == 201, answer.text()
        person = Person(watch(context.new_page(), faults), email, phone=size == "phone")
        person.page.goto("/")
        person.box.wait_for()
        return person

    return make


@pytest.fixture
def ada(sign_up: Callable[..., Person], size: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody at a desk, and again on a phone; the last picture is kept."""
    person = sign_up(size)
    yield person
    ARTIFACTS.mkdir(exist_ok=True)
    person.page.screenshot(path=ARTIFACTS / f"{_file_name(request.node)}.png")
