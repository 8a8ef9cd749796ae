"""A whole Open WebUI moves in: people keep their passwords, conversations their branches and files, and nothing comes twice."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from local.__main__ import main
from olamchat.db.people import groups as statements
from olamchat.errors import WrongLogin
from olamchat.services import conversations, files
from olamchat.services.copies import importing
from olamchat.services.knowledge import collections, documents
from olamchat.services.people import accounts
from olamchat.services.people.groups import groups, members
from olamchat.services.prompts import prompts
from tests.local.moving.conftest import Move
from tests.local.moving.open_webui import ANN, CARL, NOTES, PASSWORDS, PIXEL, ROOT, write_sqlite


def person(email: str, id_: str) -> accounts.SignedIn:
    come = accounts.log_in(email=email, password=PASSWORDS[id_])
    assert isinstance(come, accounts.SignedIn)
    return come


def listed(user_id: UUID, *, archived: bool = False) -> list[dict[str, Any]]:
    """Return a person's conversations as their sidebar has them."""
    page, *_ = conversations.page(user_id=user_id, archived=archived)
    assert page
    items: list[dict[str, Any]] = json.loads(page)["items"]
    return items


def tree(database_url: str, title: str) -> list[tuple[Any, ...]]:
    """Return a conversation's messages as (content of the parent, role, content, thoughts, model)."""
    with psycopg.connect(database_url) as connection:
        return connection.execute(
            "SELECT parent.content, m.role, m.content, m.reasoning, m.model FROM messages m JOIN conversations c ON c.id = m.conversation_id"
            " LEFT JOIN messages parent ON parent.id = m.parent_id WHERE c.title = %s ORDER BY m.created_at, m.id", [title],
        ).fetchall()  # fmt: skip


def lines(report: Any, kind: str) -> list[str]:
    return [f"{line['name']}: {line['why']}" for line in report.left if line["kind"] == kind]


def test_people_sign_in_with_the_password_they_had(move: Move) -> None:
    move()

    ann, root = person("ann@example.org", ANN), person("root@example.org", ROOT)
    assert (ann.user["name"], ann.user["role"], root.user["role"]) == ("Änn 安", "user", "admin")
    assert person("ann@example.org", ANN).user_id == ann.user_id  # by a hash of our own from now on
    with pytest.raises(WrongLogin):
        accounts.log_in(email="ann@example.org", password="another one")
    with pytest.raises(WrongLogin):
        person("carl@example.org", CARL)  # he was waiting for approval


def test_branches_thoughts_and_what_was_shown_come_along(move: Move, database_url: str) -> None:
    move()

    assert tree(database_url, "Branches 安") == [
        (None, "user", "Zähle", "", None),
        ("Zähle", "assistant", "one two", "", "llama3"),
        ("Zähle", "assistant", "eins zwei", "I think\ntwice", "qwen3"),
        ("eins zwei", "user", "again", "", None),
        ("again", "assistant", "drei\n\nvier", "", "qwen3"),
    ]
    ann = person("ann@example.org", ANN)
    [archived] = listed(ann.user_id, archived=True)
    assert archived["settings"] == {"system_prompt": "Be brief."}
    assert archived["created_at"].startswith("2025-10-09")


def test_files_come_along_with_their_bytes(move: Move, database_url: str) -> None:
    report = move()

    ann = person("ann@example.org", ANN)
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT f.id, f.name FROM files f JOIN attachments a ON a.file_id = f.id ORDER BY a.place").fetchall()
    assert [name for _, name in found] == ["notes.txt", "dot.png", "image.png"]
    assert [files.get(user_id=ann.user_id, file_id=id_).read() for id_, _ in found] == [NOTES, PIXEL, PIXEL]
    assert report.counts["files"] == 3


def test_what_stays_behind_is_named_with_its_reason(move: Move) -> None:
    report = move()

    assert sorted(lines(report, "accounts")) == [
        "carl@example.org: it was waiting for approval: disabled, until an administrator enables it",
        "no mail: This is not an e-mail address.",
    ]
    assert sorted(lines(report, "conversations")) == [
        "Empty: has no messages",
        "Orphan: its owner has no account",
        "With files: without a reference to Handbook",
        "With files: without the steps of tools",
    ]
    assert lines(report, "files") == ["gone.pdf: its bytes are not there; --uploads names their folder"]
    assert lines(report, "groups") == [
        "Research: without a member who has no account",
        "Research: without what it permits: models, tools and collections are given to it here",
    ]
    for kind, name in (("folders", "Work"), ("tools", "Clock")):
        assert lines(report, kind) == [f"{name}: it is not moved yet"]


def test_groups_come_along_with_their_members(move: Move) -> None:
    report = move()

    assert report.counts["groups made"] == 3
    found = {group["name"]: statements.members(UUID(group["id"])) for group in groups.listed()}
    assert {name: [(row["email"], row["manager"]) for row in rows] for name, rows in found.items()} == {
        "Choir": [("carl@example.org", False)],
        "Research": [("ann@example.org", False), ("root@example.org", True)],
        "research (2)": [("carl@example.org", False)],
    }, "of two that are called the same each keeps its members"

    ann = person("ann@example.org", ANN).user_id
    members.remove(user_id=ann, group_id=next(UUID(group["id"]) for group in groups.listed() if group["name"] == "Research"), member_id=ann)
    again = move()
    assert (again.counts["groups that were there"], again.counts["groups made"]) == (3, 0)
    assert members.mine(user_id=ann) == [], "who has left stays away"


def test_knowledge_becomes_collections_of_its_owners(move: Move) -> None:
    report = move()
    again = move()

    root = person("root@example.org", ROOT).user_id
    found = {
        each["name"]: [
            one["path"] for one in documents.listed(user_id=root, collection_id=UUID(each["id"]), cursor=None, state=None, limit=9)["items"]
        ]
        for each in collections.listed(user_id=root)
    }
    assert found == {"Handbook": ["Office/Rules/notes.txt"], "Handbook (2)": ["notes.txt"]}
    assert lines(report, "documents") == ["gone.pdf: its bytes are not there; --uploads names their folder"]
    assert sorted(lines(report, "knowledge")) == [
        "Handbook (2): only its owner can read it until they share it here",
        "Handbook: only its owner can read it until they share it here",
        "Lost: its owner has no account",
    ]
    assert lines(again, "knowledge") == ["Lost: its owner has no account"]
    assert [
        (one.counts["collections made"], one.counts["collections that were there"], one.counts["documents"]) for one in (report, again)
    ] == [
        (2, 0, 2),
        (0, 2, 0),
    ]


def test_each_kind_of_what_was_moved_is_told(move: Move, capsys: pytest.CaptureFixture[str]) -> None:
    report = move()
    capsys.readouterr()

    report.tell(None, dry=False)

    said = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("   ")]
    for what in ("accounts made", "groups made", "conversations made", "prompts made", "collections made", "files", "documents"):
        assert [str(report.counts[what]), what] in said


def test_prompts_come_along_with_names_of_their_own(move: Move) -> None:
    report = move()
    again = move()

    found = {who: prompts.listed(user_id=person(f"{who}@example.org", id_).user_id) for who, id_ in (("root", ROOT), ("ann", ANN))}
    assert {who: [(each["handle"], each["name"], each["text"]) for each in each_s] for who, each_s in found.items()} == {
        "root": [("hello", "Hello", "Say hello to {{name}}")],
        "ann": [("hello", "Grüße", "Sag hallo"), ("hello-2", "Moin", "Sag Moin")],
    }
    assert (report.counts["prompts made"], again.counts["prompts that were there"], again.counts["prompts made"]) == (3, 3, 0)
    assert "Empty: it has no text" in lines(report, "prompts")


def test_twice_is_once(move: Move, database_url: str) -> None:
    first = move()
    with psycopg.connect(database_url) as connection:
        before = connection.execute(
            "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM messages), (SELECT count(*) FROM files)"
        ).fetchone()

    again = move()

    with psycopg.connect(database_url) as connection:
        after = connection.execute(
            "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM messages), (SELECT count(*) FROM files)"
        ).fetchone()
    assert before == after == (3, 9, 5)
    assert (first.counts["conversations made"], again.counts["conversations that were there"]) == (3, 3)
    assert (first.counts["accounts made"], again.counts["accounts that were there"]) == (3, 3)
    assert again.counts["files"] == 0


def test_an_import_that_was_broken_off_goes_on(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = importing.take
    taken: list[str] = []

    def take(*, user_id: UUID, conversation: importing.IncomingConversation) -> dict[str, Any]:
        if len(taken) == 1:
            raise KeyboardInterrupt
        taken.append(conversation.source_id)
        return kept(user_id=user_id, conversation=conversation)

    monkeypatch.setattr(importing, "take", take)
    with pytest.raises(KeyboardInterrupt):
        move()
    monkeypatch.setattr(importing, "take", kept)

    again = move()

    assert (again.counts["conversations that were there"], again.counts["conversations made"]) == (1, 2)


def test_a_dry_run_changes_nothing_and_says_the_same(move: Move, database_url: str) -> None:
    dry = move(dry=True)

    with psycopg.connect(database_url) as connection:
        assert connection.execute(
            "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM conversations) + (SELECT count(*) FROM files)"
        ).fetchone() == (0,)
    wet = move()
    assert dry.counts == wet.counts
    assert dry.left == wet.left


def test_an_account_that_is_there_already_keeps_its_password(move: Move) -> None:
    accounts.sign_up(email="ann@example.org", password="her newer password")

    report = move()

    assert report.counts["accounts that were there"] == 1
    ann = accounts.log_in(email="ann@example.org", password="her newer password")
    assert len(listed(ann.user_id)) == 1
    with pytest.raises(WrongLogin):
        person("ann@example.org", ANN)


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 100])
def test_another_file_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    (tmp_path / "other.db").write_bytes(content)

    assert main(["import", "open-webui", str(tmp_path / "other.db"), "--data", str(tmp_path)]) == 1
    assert "other.db" in capsys.readouterr().err
    assert main(["import", "open-webui", str(tmp_path / "nothing.db"), "--data", str(tmp_path)]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_without_a_house_nothing_is_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    write_sqlite(tmp_path / "webui.db", tmp_path / "uploads")

    assert main(["import", "open-webui", str(tmp_path), "--data", str(tmp_path / "data")]) == 1
    assert "The import ended. Nothing runs in" in capsys.readouterr().err
