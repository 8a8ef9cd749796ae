"""A conversation that is never stored."""

from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Dialog, expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person, ended, text_of
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server


@pytest.fixture
def temporary(ada: Person) -> Person:
    ada.page.get_by_role("button", name="Temporary chat").click()
    expect(ada.page.get_by_text("nothing is saved")).to_be_visible()
    return ada


def rows_with(database_url: str, word: str) -> list[str]:
    """Return the tables that have the word anywhere."""
    found = []
    with psycopg.connect(database_url) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for name in names:
            counted = connection.execute(f"SELECT count(*) FROM {name} t WHERE t::text LIKE %s", [f"%{word}%"]).fetchone()
            assert counted
            found += [name] * counted[0]
    return found


def test_nothing_of_it_is_left_anywhere(temporary: Person, engine: Server, database_url: str) -> None:
    asked, said = (f"{word}{uuid4().hex}" for word in ("question", "answer"))
    engine.book.set("steady", Script(text=f"The word is {said}."), times=1)

    answer = temporary.ask_and_wait(f"Say {asked}")
    assert text_of(answer) == f"The word is {said}."
    temporary.box.fill(f"a draft of {asked}")
    temporary.page.wait_for_timeout(400)

    assert rows_with(database_url, asked) == rows_with(database_url, said) == []
    kept = temporary.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert asked not in kept
    expect(temporary.sidebar().get_by_role("listitem")).to_have_count(0)
    if temporary.phone:
        temporary.page.keyboard.press("Escape")
    temporary.page.on("dialog", lambda dialog: dialog.accept())
    temporary.page.reload()
    expect(temporary.page.get_by_text("nothing is saved")).to_be_visible()
    expect(temporary.questions).to_have_count(0)
    expect(temporary.box).to_have_value("")


def test_the_model_reads_all_of_it(temporary: Person, engine: Server) -> None:
    engine.book.set("steady", Script(text="Hello, *Ada*."), times=1)
    temporary.ask_and_wait("I am Ada")
    engine.book.forget()
    temporary.ask_and_wait("Who am I?")

    told = [message["content"] for message in engine.book.asked()[-1]["messages"]]
    assert told == ["I am Ada", "Hello, *Ada*.", "Who am I?"]


def test_it_streams_and_stops_and_is_answered_again(temporary: Person, engine: Server) -> None:
    engine.book.set("steady", Script(length=2_000, rate=40.0), times=1)
    answer = temporary.ask("Go on for long")
    expect(answer).to_contain_text("w5 w6")
    expect(answer).to_have_attribute("data-status", "running")
    temporary.box.fill("and this next")
    temporary.page.get_by_role("button", name="Send after this answer").click()
    temporary.page.get_by_role("button", name="Stop and send").click()
    ended(answer, "stopped")
    ended(temporary.answers.nth(1))

    temporary.answers.nth(1).get_by_role("button", name="Regenerate").click()
    temporary.page.get_by_role("menuitem", name="Regenerate").first.click()
    expect(temporary.answers.nth(1).get_by_role("group", name="Versions")).to_contain_text("2/2")
    ended(temporary.answers.nth(1))
    expect(temporary.answers.nth(1).get_by_role("button", name="Good answer")).to_have_count(0)
    assert engine.book.asked()[-1]["how"] == "done"


def test_leaving_it_is_asked_about(temporary: Person) -> None:
    temporary.ask_and_wait("Say something")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    temporary.page.on("dialog", stay)
    temporary.page.close(run_before_unload=True)
    temporary.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(temporary.answers).to_have_count(1)


def test_an_engine_that_fails_is_told(temporary: Person, engine: Server) -> None:
    engine.book.set("steady", Script(status=400), times=8)
    answer = temporary.ask("Will this work?")
    ended(answer, "failed")
    expect(answer.get_by_role("alert")).to_be_visible()
    engine.book.set("steady", Script(length=20, rate=50.0), None)
    answer.get_by_role("button", name="Try again").click()
    ended(temporary.answers)


def test_another_tab_knows_nothing_of_it(temporary: Person, faults: list[str]) -> None:
    temporary.ask_and_wait("Say something")
    other = Person(watch(temporary.page.context.new_page(), faults), temporary.email, temporary.phone)
    other.page.goto("/temporary")
    other.box.wait_for()
    expect(other.questions).to_have_count(0)


_GIVE = """([kind, target]) => {
    const files = new DataTransfer();
    files.items.add(new File(["never to be stored"], "secret.txt", { type: "text/plain" }));
    const how = { bubbles: true, cancelable: true, clipboardData: files, dataTransfer: files };
    const event = kind === "paste" ? new ClipboardEvent(kind, how) : new DragEvent(kind, how);
    return document.querySelector(target).dispatchEvent(event);
}"""


@pytest.mark.parametrize("given", [["paste", "form textarea"], ["drop", "body"]], ids=["paste", "drop"])
def test_it_takes_no_files(temporary: Person, database_url: str, given: list[str]) -> None:
    sent: list[str] = []
    temporary.page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    expect(temporary.page.get_by_role("button", name="Attach images or files")).to_have_count(0)

    opened_by_browser = temporary.page.evaluate(_GIVE, given)

    assert not opened_by_browser
    expect(temporary.page.get_by_text("Files can't be added to a temporary chat")).to_be_visible()
    temporary.page.wait_for_timeout(300)
    assert sent == []
    assert rows_with(database_url, "secret.txt") == []
