"""What was said a while ago: the list by days; a hit of the search leads to its message, however far back, on whatever branch."""

from collections.abc import Callable

import psycopg
from playwright.sync_api import Locator, Page, expect

from tests.e2e import long_texts
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person

# Beside the message that many from the beginning: another version of it, on a branch that is not shown.
_BESIDE = """
INSERT INTO messages (id, created_at, conversation_id, parent_id, role, content, status)
SELECT uuidv7(), created_at + interval '1 second', conversation_id, parent_id, role, %(text)s, 'done' FROM messages
WHERE conversation_id = %(conversation)s ORDER BY created_at, id OFFSET %(after)s LIMIT 1 RETURNING id
"""


def message_with(page: Page, text: str) -> Locator:
    return page.locator("[data-message]").filter(has_text=text)


def find(ada: Person, words: str) -> None:
    """Search by the keyboard alone and take the first hit."""
    ada.page.keyboard.press("Control+k")
    box = ada.page.get_by_role("combobox")
    box.fill(words)
    expect(ada.page.get_by_role("option").first.locator("mark").first).to_be_visible()
    box.press("Enter")


def arrived(found: Locator) -> None:
    expect(found).to_be_in_viewport(timeout=60_000)
    expect(found).to_be_focused()


def test_a_hit_leads_to_its_message_in_a_long_conversation(sign_up: Callable[..., Person], database_url: str, faults: list[str]) -> None:
    ada = sign_up()
    long = long_texts.conversation(database_url, ada.email, 1_000)
    beside = {"conversation": long, "text": "The heron stands in the reeds. " + "It waits. " * 300, "after": 300}
    with psycopg.connect(database_url, autocommit=True) as connection:
        [(heron,)] = connection.execute(_BESIDE, beside).fetchall()
        connection.execute("UPDATE conversations SET archived_at = now() WHERE id = %s", [long])

    ada.page.keyboard.press("Control+k")
    ada.page.get_by_role("combobox").fill("heron")
    hit = ada.page.get_by_role("option").first
    expect(hit).to_contain_text("Archived")
    expect(hit.locator("mark")).to_have_text("heron")
    ada.page.screenshot(path=picture("finding-palette"))
    ada.page.keyboard.press("Enter")

    shown = message_with(ada.page, "The heron stands")
    arrived(shown)
    expect(shown).not_to_contain_text("Show all")
    expect(shown.get_by_role("group", name="Versions")).to_contain_text("2/2")
    ada.page.screenshot(path=picture("finding-message"))
    assert ada.page.url.endswith(f"/c/{long}#m-{heron}")

    ada.page.reload()
    arrived(message_with(ada.page, "The heron stands"))

    find(ada, "Question 41")
    arrived(message_with(ada.page, "Question 419"))
    ada.page.go_back()
    arrived(message_with(ada.page, "The heron stands"))

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM messages WHERE id = %s", [heron])
    ada.page.reload()
    expect(ada.page.get_by_text("That message no longer exists.")).to_be_visible()
    expect(ada.page).to_have_url(ada.page.url.partition("#")[0])
    # Where one was is written down as well: that message is gone by then.
    assert all("404" in fault or "422" in fault for fault in faults)
    faults.clear()


_AGES = """
INSERT INTO conversations (id, created_at, user_id, title, pinned_at, updated_at)
SELECT uuidv7(), now(), u.id, a.title, a.pinned_at, now() - a.age FROM users u, (VALUES
    ('Just now', interval '0', NULL::timestamptz), ('The day before', interval '1 day', NULL), ('Some days ago', interval '4 days', NULL),
    ('Some weeks ago', interval '20 days', NULL), ('Long ago', interval '90 days', NULL), ('Kept', interval '50 days', now())
) AS a (title, age, pinned_at) WHERE u.email = %s
"""


def test_the_list_is_divided_by_days_with_what_is_pinned_above(ada: Person, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_AGES, [ada.email])

    ada.page.reload()

    nav = ada.sidebar()
    groups = {"Pinned": "Kept", "Today": "Just now", "Yesterday": "The day before", "Last 7 days": "Some days ago"}
    groups |= {"Last 30 days": "Some weeks ago", "Older": "Long ago"}
    expect(nav.get_by_role("heading", level=2)).to_have_text(list(groups))
    for heading, title in groups.items():
        expect(nav.get_by_role("region", name=heading).get_by_role("link")).to_have_text([title])


def picture(name: str) -> str:
    ARTIFACTS.mkdir(exist_ok=True)
    return str(ARTIFACTS / f"{name}.png")
