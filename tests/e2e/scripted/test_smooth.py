"""Long conversations and long answers: only what is in sight is there, only what grows changes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.e2e import long_texts
from tests.e2e.person import Person, ended
from tests.e2e.smoothness import traced
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server

BELOW = "e => e.scrollHeight - e.scrollTop - e.clientHeight"


def test_a_thousand_messages_are_few_elements_and_all_can_be_reached(
    sign_up: Callable[..., Person], database_url: str, size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = sign_up(size)
    there = long_texts.conversation(database_url, ada.email, 1_000)
    scroller = ada.page.get_by_test_id("scroller")

    with traced(ada.page) as found:
        ada.page.goto(f"/c/{there}")
        expect(ada.answers.last).to_contain_text("Answer 1000")
        ada.page.wait_for_timeout(1_000)
        assert scroller.evaluate(BELOW) < 2
        assert ada.page.locator("[data-message]").count() < 60
        for _ in range(40):
            scroller.evaluate("e => e.scrollTo(0, 0)")
            ada.page.wait_for_timeout(200)
            if ada.page.get_by_text("Question 1", exact=True).count():
                break

    with capsys.disabled():
        print(f"\n{size}: 1,000 messages: {found}")
    expect(ada.page.get_by_text("Question 1", exact=True)).to_be_attached()
    assert ada.page.locator("[data-message]").count() < 60
    ada.page.get_by_role("button", name="Jump to latest").click()
    expect(ada.answers.last).to_contain_text("Answer 1000")


def test_a_message_that_is_edited_stays_while_one_looks_elsewhere(sign_up: Callable[..., Person], database_url: str) -> None:
    ada = sign_up()
    there = long_texts.conversation(database_url, ada.email, 100)
    ada.page.goto(f"/c/{there}")
    expect(ada.answers.last).to_contain_text("Answer 100")
    ada.box.press("ArrowUp")
    box = ada.page.get_by_role("textbox", name="Edit message")
    box.fill("Question 99, but better")

    ada.page.get_by_test_id("scroller").evaluate("e => e.scrollTo(0, 0)")

    expect(ada.page.get_by_text("Question 1", exact=True)).to_be_visible()
    expect(box).to_have_value("Question 99, but better")
    box.press("Enter")
    ada.page.get_by_role("button", name="Jump to latest").click()
    ended(ada.answers.last)
    expect(ada.page.get_by_role("group", name="Versions").last).to_contain_text("2/2")


_READ = """() => {
    const top = document.querySelector("[data-testid=scroller]").getBoundingClientRect().top;
    const read = [...document.querySelectorAll("[data-message]")].find(each => each.getBoundingClientRect().bottom > top + 50);
    return [read.dataset.message, Math.round(read.getBoundingClientRect().top)];
}"""


def test_what_is_read_stays_in_place_while_older_messages_come(sign_up: Callable[..., Person], database_url: str, size: str) -> None:
    ada = sign_up(size)
    there = long_texts.conversation(database_url, ada.email, 1_000)
    held: list[Route] = []
    ada.page.route("**/messages?*cursor=*", lambda route: held.append(route))
    ada.page.goto(f"/c/{there}")
    expect(ada.answers.last).to_contain_text("Answer 1000")
    scroller = ada.page.get_by_test_id("scroller")
    scroller.evaluate("e => e.scrollTo(0, 700)")
    while not held:
        ada.page.wait_for_timeout(100)
    ada.page.wait_for_timeout(1_000)
    message, top = ada.page.evaluate(_READ)
    height = scroller.evaluate("e => e.scrollHeight")

    held.pop().continue_()
    while scroller.evaluate("e => e.scrollHeight") < height + 2_000:
        ada.page.wait_for_timeout(100)
    ada.page.wait_for_timeout(1_000)

    assert ada.page.evaluate(_READ) == [message, pytest.approx(top, abs=2)]
    ada.page.unroute_all(behavior="ignoreErrors")


# Counts, by the browser's own word, what each change of a growing answer touched besides its last block and what came after it.
_WATCH = """() => {
    const top = (node) => {
        while (node && node.parentNode?.parentNode !== window.text) node = node.parentNode;
        return node;
    };
    const blocks = () => [...window.text.querySelectorAll(":scope > .row > *")];
    window.text = document.querySelector("article[aria-busy=true] .markdown");
    window.counted = { changes: 0, settled: 0, removed: 0 };
    let before = blocks();
    new MutationObserver((records) => {
        const settled = new Set(before.slice(0, -1).filter((block) => block.tagName !== "FIGURE"));
        window.counted.changes += 1;
        // A table's buttons are fetched with the first one, and may come when it has settled.
        const written = records.filter(({ addedNodes }) => ![...addedNodes].some((node) => node.className === "tools"));
        window.counted.settled += new Set(written.map(({ target }) => top(target)).filter((block) => settled.has(block))).size;
        window.counted.removed += records.flatMap(({ removedNodes }) => [...removedNodes]).filter((node) => settled.has(node)).length;
        before = blocks();
    }).observe(window.text, { childList: true, characterData: true, subtree: true });
}"""


def test_only_the_last_block_of_a_long_answer_changes(sign_up: Callable[..., Person], engine: Server) -> None:
    ada = sign_up()
    words = 3_000
    engine.book.set("steady", Script(text=long_texts.markdown(words), rate=600.0), times=1)
    answer = ada.ask("Tell me everything")
    expect(answer.locator(".markdown p").nth(3)).to_be_attached()
    ada.page.evaluate(_WATCH)

    ended(answer)

    counted = ada.page.evaluate("window.counted")
    assert counted["changes"] > 20
    assert (counted["settled"], counted["removed"]) == (0, 0)
    assert len((answer.text_content() or "").split()) > words * 0.7


# Counts which elements of a growing list or table were touched besides its last item or row and what came after it.
_WATCH_PARTS = """(kind) => {
    window.parts = () => [...document.querySelectorAll(`article[aria-busy=true] .markdown ${kind}`)];
    window.counted = { changes: 0, settled: 0 };
    let before = window.parts();
    new MutationObserver((records) => {
        const settled = new Set(before.slice(0, -1));
        window.counted.changes += 1;
        window.counted.settled += records.filter(({ target }) => settled.has((target.closest ? target : target.parentElement).closest(kind))).length;
        before = window.parts();
    }).observe(document.querySelector("article[aria-busy=true] .markdown"), { childList: true, characterData: true, subtree: true });
}"""
_PARTS = {
    "li": "".join(f"- item {number} with **bold** and a [link](https://example.org/{number})\n" for number in range(400)),
    "tr": "| a | b |\n| - | - |\n" + "".join(f"| row {number} | **bold** and `code` |\n" for number in range(400)),
}


@pytest.mark.parametrize("kind", _PARTS)
def test_only_the_last_part_of_a_long_list_or_table_changes(sign_up: Callable[..., Person], engine: Server, kind: str) -> None:
    ada = sign_up()
    engine.book.set("steady", Script(text=_PARTS[kind], rate=1_500.0), times=1)
    answer = ada.ask("List everything")
    expect(answer.locator(f".markdown {kind}").nth(3)).to_be_attached()
    ada.page.evaluate(_WATCH_PARTS, kind)

    ended(answer)

    counted = ada.page.evaluate("window.counted")
    assert counted["changes"] > 10
    assert counted["settled"] == 0
    assert answer.locator(f".markdown {kind}").count() == _PARTS[kind].count("\n") - (kind == "tr")


_ROWS = 3_000
_TABLE = "| number | name | words |\n| -: | - | - |\n" + "".join(
    f"| {n} | name of {n} | words that go on for a **while** |\n" for n in range(_ROWS)
)
# How many rows the browser lays out: those in sight and near it, and how far the cells of two rows stand apart.
_LAID_OUT = "rows => rows.filter(row => row.checkVisibility({ contentVisibilityAuto: true })).length"
_LEFT = "rows => new Set(rows.map(row => Math.round(row.children[1].getBoundingClientRect().left))).size"


def test_of_a_long_table_only_the_rows_in_sight_are_laid_out(
    sign_up: Callable[..., Person], engine: Server, size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = sign_up(size)
    engine.book.set("steady", Script(text=_TABLE, rate=3_000.0), times=1)

    with traced(ada.page) as found:
        answer = ada.ask("Count as a table")
        ended(answer)
        rows = answer.locator(".markdown tr")
        expect(rows).to_have_count(_ROWS + 1)

    with capsys.disabled():
        print(f"\n{size}: a table of {_ROWS} rows: {found}")
    assert 1 < rows.evaluate_all(_LAID_OUT) < _ROWS / 10
    shown = answer.get_by_role("row", name="2999 name of 2999")
    shown.scroll_into_view_if_needed()
    expect(shown.get_by_role("cell").first).to_be_visible()
    assert answer.locator(".markdown tbody").last.locator("tr").evaluate_all(_LEFT) == 1
