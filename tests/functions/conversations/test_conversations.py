"""Conversations: list, search, change, put away and take back out, export; and the news of it on the person's other devices."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from olamchat.db.pool import database
from olamchat.environment import environment
from olamchat.tokenlog import token_log, user_topic
from olamchat.tokenlog.events import Event, parse
from tests.functions.conftest import Person, finish


def titles(person: Person, query: str = "") -> list[str]:
    return [item["title"] for item in person.get(f"/api/conversations?{query}").get_json()["items"]]


def heard(person: Person) -> list[Event]:
    return [parse(entry.body) for entry in token_log().read(user_topic(person.id))]


def test_a_new_conversation_is_empty_and_its_own(ann: Person) -> None:
    made = ann.post(
        "/api/conversations", {"title": " A title ", "model": "llama", "settings": {"temperature": 1, "stop": ["END"]}}
    ).get_json()

    assert (made["title"], made["model"], made["settings"]) == ("A title", "llama", {"temperature": 1, "stop": ["END"]})
    assert (made["pinned"], made["archived"], made["answering"], made["active_leaf_id"]) == (False, False, False, None)
    assert ann.get(f"/api/conversations/{made['id']}").get_json() == made


def test_a_list_shows_what_reading_one_shows(ann: Person, offers: None) -> None:
    """Postgres writes the list, Python writes one."""
    said = {"title": 'A "quoted"\n title', "model": "llama", "settings": {"temperature": 0.5, "system_prompt": "é 😀 </script>"}}
    ann.patch(ann.conversation(**said), {"pinned": True})
    ann.ask(ann.conversation(model="llama"))
    database.execute_sql("UPDATE conversations SET created_at = '2026-01-01 00:00:00+00' WHERE title IS NOT NULL")
    database.close()

    items = ann.get("/api/conversations").get_json()["items"]

    assert items == [ann.get(f"/api/conversations/{one['id']}").get_json() for one in items]
    assert [list(one) for one in items] == [list(ann.get(f"/api/conversations/{one['id']}").get_json()) for one in items]
    assert [one["answering"] for one in items] == [True, False]


def test_what_has_not_changed_is_not_sent_again(ann: Person, offers: None) -> None:
    talk = ann.conversation(title="one")
    for path in ("/api/conversations", talk, f"{talk}/messages", "/api/models"):
        first = ann.get(path)
        again = ann.get(path, headers={"If-None-Match": first.headers["ETag"]})
        other = ann.get(path, headers={"If-None-Match": '"of another time"'})

        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert (other.status_code, other.data) == (200, first.data)
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"


def test_any_change_of_a_list_gives_it_another_name(ann: Person, offers: None) -> None:
    talk, names = ann.conversation(title="one"), list[str]()
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: ann.patch(talk, {"title": "two"}),
        lambda: ann.patch(talk, {"pinned": True}),
        ann.conversation,
        lambda: ann.ask(talk),
        lambda: ann.delete(talk),
    ]
    for change in changes:
        change()
        names.append(ann.get("/api/conversations").headers["ETag"])

    assert len(set(names)) == len(names)


def test_a_session_that_ended_lists_nothing_and_counts_for_nobody(ann: Person) -> None:
    etag = ann.get("/api/conversations").headers["ETag"]
    database.execute_sql("UPDATE sessions SET ended_at = now()")
    database.close()

    for headers in (dict[str, str](), {"If-None-Match": etag}):
        refused = ann.get("/api/conversations", headers=headers)
        assert (refused.status_code, "ETag" in refused.headers, "RateLimit-Remaining" in refused.headers) == (401, False, False)


def test_the_latest_used_comes_first(ann: Person, offers: None) -> None:
    first, second = ann.conversation(title="first"), ann.conversation(title="second")
    assert titles(ann) == ["second", "first"]

    ann.ask(first)

    assert titles(ann) == ["first", "second"]
    assert [item["answering"] for item in ann.get("/api/conversations").get_json()["items"]] == [True, False]
    assert second


def test_pages_follow_each_other_without_gap_or_double(ann: Person) -> None:
    for number in range(7):
        ann.conversation(title=str(number))
    database.execute_sql("UPDATE conversations SET updated_at = '2026-01-01' WHERE title IN ('2', '3', '4')")
    database.close()

    seen: list[str] = []
    lengths: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ann.get(f"/api/conversations?limit=3{cursor and f'&cursor={cursor}'}").get_json()
        seen += [item["title"] for item in page["items"]]
        lengths.append(len(page["items"]))
        cursor = page["next_cursor"]

    assert seen == ["6", "5", "1", "0", "4", "3", "2"]
    assert lengths == [3, 3, 1]


def test_a_search_looks_into_titles_and_messages(ann: Person, offers: None) -> None:
    ann.conversation(title="Red shoes")
    blue = ann.conversation(title="Other")
    finish(ann.ask(blue, "Why is the SKY 100% blue_ish?")["answer"]["id"])

    assert titles(ann, "q=red") == ["Red shoes"]
    assert titles(ann, "q=sky") == ["Other"]
    assert titles(ann, "q=100%25") == ["Other"]
    assert titles(ann, "q=rayleigh") == ["Other"]
    assert titles(ann, "q=%25") == ["Other"]
    assert titles(ann, "q=_") == ["Other"]
    assert titles(ann, "q=%5C") == []


def snippets(person: Person, words: str) -> list[str | None]:
    return [item["snippet"] for item in person.get("/api/conversations", query_string={"q": words}).get_json()["items"]]


def test_a_search_shows_where_the_words_stand_as_text_and_never_as_html(ann: Person, offers: None) -> None:
    ann.conversation(title="Red shoes")
    said = ann.ask(ann.conversation(title="Other"), "first " * 200 + "<b>the \x02needle\x03</b> & more\nof it " + "last " * 200)
    finish(said["answer"]["id"], "針は干し草の中にある。100% blue_ish")

    assert snippets(ann, "red") == [None]
    [found] = snippets(ann, "needl")
    assert found is not None
    assert "first the \x02needle\x03 & more of it last" in found, "tags are no words"
    assert found.count("\x02") == found.count("\x03") == 1
    assert len(found) < 400
    assert snippets(ann, "干し草") == ["針は\x02干し草\x03の中にある。100% blue_ish"]
    assert "\x02100\x03%" in str(snippets(ann, "100%")[0])
    assert snippets(ann, "%") == ["針は干し草の中にある。100\x02%\x03 blue_ish"]
    assert not {"snippet", "message_id"} & ann.get("/api/conversations").get_json()["items"][0].keys()


def hits(person: Person, words: str) -> list[str | None]:
    return [item["message_id"] for item in person.get("/api/conversations", query_string={"q": words}).get_json()["items"]]


def test_a_hit_names_the_newest_message_that_has_the_words_on_whatever_branch(ann: Person, offers: None) -> None:
    conversation = ann.conversation(title="Red shoes")
    first = ann.ask(conversation, "the heron stands", parent_id=None)
    finish(first["answer"]["id"], "so does the 鷺")
    edited = ann.ask(conversation, "the stork walks", parent_id=None)
    finish(edited["answer"]["id"], "it does")

    assert hits(ann, "heron") == [first["user_message"]["id"]], "the branch that is not shown"
    assert hits(ann, "鷺") == [first["answer"]["id"]]
    assert hits(ann, "the") == [edited["user_message"]["id"]]
    assert hits(ann, "shoes") == [None]


def test_an_archived_conversation_is_in_the_archive_only(ann: Person) -> None:
    conversation = ann.conversation(title="old")
    ann.conversation(title="new")

    assert ann.patch(conversation, {"archived": True}).get_json()["archived"] is True

    assert titles(ann) == ["new"]
    assert titles(ann, "archived=true") == ["old"]
    assert titles(ann, "archived=any") == ["new", "old"]
    assert titles(ann, "archived=any&q=old") == ["old"]
    assert titles(ann, "archived=any&limit=1") == ["new"]
    ann.patch(conversation, {"archived": False})
    assert len(titles(ann)) == 2


def test_only_what_is_said_is_changed(ann: Person) -> None:
    conversation = ann.conversation(title="before", model="llama", settings={"seed": 1})
    before = ann.get(conversation).get_json()

    renamed = ann.patch(conversation, {"title": "after"}).get_json()
    pinned = ann.patch(conversation, {"pinned": True}).get_json()
    same = ann.patch(conversation, {}).get_json()

    assert renamed == {**before, "title": "after"}
    assert pinned == same == {**renamed, "pinned": True}


def test_settings_are_replaced_as_a_whole(ann: Person) -> None:
    conversation = ann.conversation(settings={"seed": 1, "temperature": 0.5})

    assert ann.patch(conversation, {"settings": {"temperature": 0.7, "top_p": None}}).get_json()["settings"] == {"temperature": 0.7}


def test_another_branch_can_be_shown(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    asked = ann.ask(conversation)
    finish(asked["answer"]["id"])
    ann.post(f"{conversation}/messages/{asked['answer']['id']}/regenerate")

    assert ann.patch(conversation, {"active_leaf_id": asked["answer"]["id"]}).get_json()["active_leaf_id"] == asked["answer"]["id"]


def test_another_conversations_message_is_no_leaf(ann: Person, offers: None) -> None:
    foreign = ann.ask(ann.conversation())["answer"]["id"]

    assert ann.patch(ann.conversation(), {"active_leaf_id": foreign}).status_code == 422


def test_a_deleted_conversation_is_gone_and_can_be_restored(ann: Person, offers: None) -> None:
    conversation = ann.conversation(title="gone")
    asked = ann.ask(conversation)

    assert ann.delete(conversation).status_code == 204

    assert titles(ann) == []
    for path in (conversation, f"{conversation}/messages", f"{conversation}/messages/{asked['answer']['id']}", f"{conversation}/stream"):
        assert ann.get(path).status_code == 404, path
    assert ann.delete(conversation).status_code == 404
    assert ann.post(f"{conversation}/messages", {"content": "hi"}).status_code == 404
    assert ann.post(f"{conversation}/restore").get_json()["title"] == "gone"
    assert [message["status"] for message in ann.get(f"{conversation}/messages").get_json()["items"]] == ["done", "stopped"]


def test_every_change_is_told_to_the_persons_other_devices(ann: Person) -> None:
    conversation = ann.conversation()
    ann.patch(conversation, {"title": "named"})
    ann.delete(conversation)
    ann.post(f"{conversation}/restore")

    assert [event.name for event in heard(ann)] == ["conversation", "conversation", "conversation_deleted", "conversation"]


def _talk(ann: Person, title: str) -> str:
    conversation = ann.conversation(title=title)
    finish(ann.ask(conversation, "old branch")["answer"]["id"])
    finish(ann.ask(conversation, "Why?", parent_id=None)["answer"]["id"], "**Because.**")
    return conversation


def test_the_shown_branch_is_exported_as_markdown(ann: Person, offers: None) -> None:
    conversation = _talk(ann, "Sky & “blue”/ü\n# x")

    response = ann.get(f"{conversation}/export")

    assert response.mimetype == "text/markdown"
    assert response.text == "# Sky & “blue”/ü # x\n\n## You\n\nWhy?\n\n## Assistant (llama)\n\n**Because.**\n"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.isascii()
    assert disposition.endswith(".md")


def test_the_whole_tree_is_exported_as_json(ann: Person, offers: None) -> None:
    conversation = _talk(ann, "Sky")

    whole: dict[str, Any] = ann.get(f"{conversation}/export?format=json").get_json()

    assert whole["format"] == "olamchat/1"
    assert whole["conversation"] == ann.get(conversation).get_json()
    assert whole["messages"] == ann.get(f"{conversation}/messages").get_json()["items"]
    assert len(whole["messages"]) == 4


def test_a_title_of_none_lets_one_be_made_again(ann: Person) -> None:
    conversation = ann.conversation(title="mine")

    assert ann.patch(conversation, {"title": None}).get_json()["title"] is None
    assert database.execute_sql("SELECT title_by_user FROM conversations").fetchone() == (False,)
    database.close()


def test_deleted_conversations_are_shown_with_the_day_they_will_be_erased(ann: Person, bob: Person) -> None:
    talk, other, gone = ann.conversation(title="kept"), bob.conversation(title="bob's"), ann.conversation(title="gone")
    for path, person in ((gone, ann), (other, bob)):
        person.delete(path)

    told = ann.get("/api/conversations/deleted").get_json()

    [item] = told["items"]
    days = datetime.fromisoformat(item["erased_at"]) - datetime.fromisoformat(item["deleted_at"])
    assert (item["id"], item["title"], days) == (gone.rpartition("/")[2], "gone", timedelta(days=30))
    assert (told["conversation_days"], told["session_days"], told["audit_days"], told["more"]) == (30, 90, 365, False)
    assert ann.post(f"{gone}/restore", {}).status_code == 200
    assert ann.get("/api/conversations/deleted").get_json()["items"] == []
    assert ann.get(talk).status_code == 200


def test_what_is_kept_for_ever_has_no_such_day(ann: Person, variables: pytest.MonkeyPatch) -> None:
    variables.setenv("OLAMCHAT_KEEP_DELETED_DAYS", "0")
    environment.cache_clear()
    ann.delete(ann.conversation())
    told = ann.get("/api/conversations/deleted").get_json()
    assert (told["conversation_days"], told["items"][0]["erased_at"]) == (0, None)
