"""The page's event stream over a bad wire: silence, a closed lid, a frozen page, a gap. What is shown is the whole answer in the end."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from olamchat.tokenlog.events import Delta, Started, StrandChanged, frame
from tests.conftest import free_port
from tests.e2e.house import ROOT
from tests.e2e.person import Person, counted, ended, text_of
from tests.leash import LEASH

RECONNECTING = "Reconnecting"


class Wire:
    """What lies between the page and the house; frozen it carries nothing and says nothing."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.url, self._process = f"http://127.0.0.1:{port}", process

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def wire(address: str) -> Iterator[Wire]:
    port, target = free_port(), urlsplit(address).port
    process = subprocess.Popen([*LEASH, sys.executable, "-m", "tests.faults.network.wire", str(port), str(target)], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not _listens(port):
        assert time.monotonic() < deadline, "the wire does not listen"
        time.sleep(0.05)
    yield Wire(port, process)
    process.kill()
    process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.fixture
def far(sign_up: Callable[..., Person], wire: Wire) -> Person:
    """Somebody whose page is behind the wire."""
    return sign_up(base_url=wire.url)


def streams(page: Page) -> list[str]:
    """Note the address of every stream that is opened from now on."""
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if "/api/events?" in request.url else None)
    return opened


def resumes(url: str) -> bool:
    """Tell whether a stream is opened from a position of a conversation's log on, and not from a snapshot."""
    return any(strand.count(".") == 2 for strand in parse_qs(urlsplit(url).query).get("strand", []))


def answer_id(page: Page) -> str:
    """Return the id of the newest message of the conversation that is open."""
    conversation_id = page.url.rpartition("/")[2]
    rows = page.context.request.get(f"/api/conversations/{conversation_id}/messages").json()["items"]
    return str(rows[-1]["id"])


def test_a_wire_that_falls_silent_is_noticed_and_the_answer_goes_on_from_its_last_event(far: Person, wire: Wire, faults: list[str]) -> None:
    far.page.clock.install()
    opened = streams(far.page)
    answer = far.ask("count to 900")
    expect(answer).to_contain_text("10 11 12")

    wire.freeze()
    expect(answer.get_by_text(RECONNECTING)).to_have_count(0)
    far.page.clock.fast_forward("00:21")
    expect(answer.get_by_text(RECONNECTING)).to_be_visible()
    wire.thaw()

    ended(answer)
    assert text_of(answer) == counted(900)
    assert any(resumes(url) for url in opened)
    faults.clear()


def test_a_lid_that_was_closed_for_hours_opens_on_the_whole_answer(far: Person, wire: Wire, faults: list[str]) -> None:
    far.page.clock.install()
    answer = far.ask("count to 400")
    expect(answer).to_contain_text("10 11 12")
    wire.freeze()
    far.page.clock.fast_forward("03:00:00")
    wire.thaw()
    ended(answer)
    assert text_of(answer) == counted(400)
    faults.clear()


def test_a_frozen_page_shows_the_whole_answer_when_it_is_looked_at_again(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up()
    answer = ada.ask("count to 200")
    expect(answer).to_contain_text("10 11 12")
    browser = ada.page.context.new_cdp_session(ada.page)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    other = ada.page.context.new_page()
    other.goto(ada.page.url)
    ended(other.get_by_role("article", name="Answer", exact=True))
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    ended(answer)
    assert text_of(answer) == counted(200)
    faults.clear()


def test_text_that_does_not_fit_where_it_should_begin_is_never_shown_and_asked_for_anew(
    sign_up: Callable[..., Person], faults: list[str]
) -> None:
    ada = sign_up()
    opened = streams(ada.page)
    answer = ada.ask("count to 300")
    expect(answer).to_contain_text("10 11 12")
    identity = answer_id(ada.page)

    def with_a_gap(route: Route) -> None:
        [strand] = parse_qs(urlsplit(route.request.url).query)["strand"]
        told = [
            StrandChanged(strand=strand.partition(".")[0]),
            Started(message_id=identity, attempt=1, model="demo", at=3),
            Delta(message_id=identity, attempt=1, at=9_999, text="WRONG"),
        ]
        route.fulfill(content_type="text/event-stream", body=b"".join(frame(event) for event in told))

    steered: list[str] = []
    ada.page.on("request", lambda request: steered.append(request.post_data or "") if "/api/events/" in request.url else None)
    ada.page.route("**/api/events?*strand=*", with_a_gap, times=1)
    ada.page.context.set_offline(True)
    ada.page.context.set_offline(False)

    ended(answer)
    assert text_of(answer) == counted(300)
    with_position = next(number for number, url in enumerate(opened) if resumes(url))
    anew = [url for url in opened[with_position:] if not resumes(url)] or [one for one in steered if '"after":null' in one]
    assert anew
    faults.clear()
