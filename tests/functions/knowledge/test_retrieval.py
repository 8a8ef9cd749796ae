"""Questions of every kind, asked of documents of which most say the same."""

from uuid import UUID

import pytest

from olamchat.db.knowledge.passages import WEIGHED
from olamchat.db.pool import connected
from olamchat.db.rows import run
from olamchat.services.knowledge import retrieval
from tests.functions.conftest import Person
from tests.functions.knowledge.test_knowledge import brought, made

ALIKE = WEIGHED + 100
PARTY = r"A party 🎉 at nine o'clock: a\b, foo:bar, x|y & z!"


@pytest.fixture
def manual(ann: Person) -> UUID:
    """Return a collection whose one document says the same on most of its pages, and has been read and weighed."""
    collection = made(ann)
    document = brought(ann, collection)
    texts = [PARTY, *(f"The engine temperature is {number}." for number in range(ALIKE))]
    with connected():
        run(
            "UPDATE documents SET searchable = true, chunks = %s, kept = %s, language = 'english' WHERE id = %s",
            [ALIKE, ALIKE, document["id"]],
        )
        run(
            """INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words)
               SELECT d.id, d.collection_id, t.number, 1, 0, 1, '', t.text, to_tsvector('english', t.text)
               FROM documents d, unnest(%s::text[]) WITH ORDINALITY t (text, number) WHERE d.id = %s""",
            [texts, document["id"]],
        )
        run("ANALYZE chunks")
    return UUID(collection.rsplit("/", 1)[1])


def find(person: Person, collection: UUID, question: str) -> list[str]:
    return [row["text"] for row in retrieval.search(user_id=UUID(person.id), collections=[collection], question=question)]


def test_questions_of_every_kind_find_what_they_can(ann: Person, manual: UUID) -> None:
    for question in ("engine temperature", "What is the temperature of the engine?", "tempertaure of the engine", "xyzzy engine"):
        assert len(find(ann, manual, question)) == retrieval.MOST, question
    for question in ("o'clock", "a\\b", "foo:bar", "foo:*", "x|y", "party \ud83d", "party\x00", "'party' | \\", "party " * 3_000):
        assert find(ann, manual, question) == [PARTY], question
    for question in ("", "the of and", "🎉", "\\", "''", "&&&", "!", "\ud83d", "w" * 8_000):
        assert find(ann, manual, question) == [], question


def test_a_document_that_is_cut_again_breaks_no_search(ann: Person, manual: UUID) -> None:
    with connected():
        run("UPDATE documents SET chunks = NULL, kept = 0")  # as indexing.begin leaves it, where readers have changed

    assert find(ann, manual, "party") == [PARTY]
