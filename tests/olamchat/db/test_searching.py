"""Searches find the same by both of their ways, whatever Postgres knows of the tables, and cost what they may."""

import random
from collections.abc import Callable
from json import loads
from typing import Any
from uuid import UUID

import psycopg
import pytest

from bench.systems import stored
from olamchat.clock import uuid7
from olamchat.db import searching
from olamchat.db.pool import database
from olamchat.services import conversations
from olamchat.services.people import accounts
from tests.olamchat.db.test_queries import statements

WORDS = ["river", "riverbed", "mountain", "Python", "blue_ish", "天气很好", "公园散步", "天", "100%", "?!"]
ASKED = [
    "river",
    "RIVER",
    "riv pyth",
    "python",
    "mountain river blue",
    "ish",
    "no 1",
    "nobody",
    *["天气", "天", "园散", "很天", "100%", "%", "?!"],
]


@pytest.fixture
def ann(stores: pytest.MonkeyPatch) -> UUID:
    return accounts.sign_up(email="ann@example.org", password="correct horse").user_id


@pytest.fixture(params=["the newest are enough", "the index is asked at once"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "index" in request.param:
        for kind in (searching._FOR_WORDS, searching._FOR_LETTERS):
            monkeypatch.setitem(kind, "near", "20")


def write(user_id: UUID, database_url: str, number: int) -> dict[str, list[str]]:
    """Store conversations, the newest first, and return the texts of each, its title first."""
    by_chance, kept = random.Random(7), {}
    with psycopg.connect(database_url, autocommit=True) as connection:
        for n in range(number):
            conversation = uuid7()
            title = f"no {n} {by_chance.choice(WORDS)}"
            said = [" ".join(by_chance.choices(WORDS, k=2)) for _ in range(by_chance.randrange(4))]
            connection.execute(
                "INSERT INTO conversations (id, created_at, user_id, title, updated_at) VALUES (%s, now(), %s, %s, now() - %s * interval '1 hour')",
                [conversation, user_id, title, n],
            )
            for text in said:
                connection.execute(
                    "INSERT INTO messages (id, created_at, conversation_id, role, content, status) VALUES (%s, clock_timestamp(), %s, 'user', %s, 'done')",
                    [uuid7(), conversation, text],
                )
            called = [" ".join(by_chance.choices(WORDS, k=2)) for _ in range(by_chance.randrange(2))]
            call(connection, user_id, conversation, called)
            kept[str(conversation)] = [title, *said, *called]
    return kept


def call(connection: "psycopg.Connection[Any]", user_id: UUID, conversation: UUID, results: list[str]) -> None:
    """Store an answer that has called tools, which answered this."""
    [[answer]] = connection.execute(
        "INSERT INTO messages (id, created_at, conversation_id, role, content, status) VALUES (%s, now(), %s, 'assistant', '', 'done') RETURNING id",
        [uuid7(), conversation],
    ).fetchall()
    for number, result in enumerate(results, 1):
        connection.execute(STEP, [answer, number, user_id])
        connection.execute(
            "INSERT INTO step_words VALUES (%s, %s, %s, now(), %s, to_tsvector('simple', %s))", [answer, number, user_id, result, result]
        )


STEP = """INSERT INTO steps (message_id, number, user_id, round, call_id, name, arguments, effect, state, at, reasoning_at, idempotency_key, created_at, finished_at)
          VALUES (%s, %s, %s, 1, 'call', 'look', '{}', 'read', 'done', 0, 0, gen_random_uuid(), now(), now())"""


def has(texts: list[str], asked: str) -> bool:
    title, *said = [text.lower() for text in texts]
    words = [] if searching._UNSPACED.search(asked) else searching._WORD.findall(asked.lower())
    if not words:
        return any(asked.lower() in text for text in (title, *said))
    return asked.lower() in title or any(
        all(any(part.startswith(word) for part in searching._WORD.findall(text)) for word in words) for text in said
    )


def found(user_id: UUID, asked: str) -> list[str]:
    """Return the ids on all pages."""
    ids: list[str] = []
    after = None
    while True:
        page = loads(conversations.page(user_id=user_id, words=asked, limit=7, after=after).body or b"")
        ids += [item["id"] for item in page["items"]]
        if (after := page["next_cursor"]) is None:
            return ids


@pytest.mark.usefixtures("way")
def test_a_search_finds_all_that_has_the_words_the_latest_used_first(ann: UUID, database_url: str) -> None:
    kept = write(ann, database_url, 40)
    other = accounts.sign_up(email="bob@example.org", password="correct horse").user_id
    write(other, database_url, 10)

    for asked in ASKED:
        assert found(ann, asked) == [each for each, texts in kept.items() if has(texts, asked)], asked


def test_letters_are_the_same_to_the_search_and_the_index(ann: UUID, database_url: str) -> None:
    every = [chr(number) for number in range(0x80, 0x10000) if not 0xD800 <= number < 0xE000]
    conversation = conversations.create(user_id=ann)["id"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        [indexed] = connection.execute(
            "INSERT INTO messages (id, created_at, conversation_id, role, content, status) VALUES (%s, now(), %s, 'user', %s, 'done') RETURNING letters",
            [uuid7(), conversation, "".join(every)],
        ).fetchone() or [[]]

    assert indexed == [letter for letter in every if searching._UNSPACED.match(letter)]
    assert searching._letters("ab天气 好c氣天") == sorted("天气好氣")


def test_letters_are_noted_once_an_answer_has_ended(ann: UUID, database_url: str) -> None:
    conversation = conversations.create(user_id=ann)["id"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        begun = connection.execute(
            "INSERT INTO messages (id, created_at, conversation_id, role, content, status) VALUES (%s, now(), %s, 'assistant', '天', 'running') RETURNING letters",
            [uuid7(), conversation],
        ).fetchone()
        ended = connection.execute("UPDATE messages SET content = '天', status = 'done' RETURNING letters").fetchone()
        spaced = connection.execute("UPDATE messages SET content = 'sky' RETURNING letters").fetchone()

    assert (begun, ended, spaced) == ((None,), (["天"],), (None,))


LOOKS = {
    "a word in most messages": "river",
    "a rare word": "zanzibar",
    "both": "river zanzibar",
    "a word that nobody wrote": "xylophone",
    "letters": "没有",
}


@pytest.mark.parametrize("statistics", [False, True])
def test_a_search_reads_a_bounded_part_of_what_is_stored(ann: UUID, database_url: str, statistics: bool) -> None:
    """Counted in pages of Postgres, without statistics as after a great import, and with them."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE messages SET (autovacuum_enabled = off)")
        connection.execute(stored.FILL, {"user": ann, "count": 300, "each": 40, "words": stored.WORDS.split()})
        if statistics:
            connection.execute("VACUUM ANALYZE")

    read = {what: pages(lambda: conversations.page(user_id=ann, words=words)) for what, words in LOOKS.items()}  # noqa: B023

    assert max(read.values()) < 6_000, read
    assert read["a word in most messages"] < 1_000, read


def pages(act: Callable[[], Any]) -> int:
    """Return how many pages of Postgres the statement of the act looks at, again and again ones counted as often."""
    with statements() as seen:
        act()
    [[told]] = database.execute_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {seen[-1][0]}", seen[-1][1]).fetchone()
    database.manual_close()
    return int(told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"])
