"""Files of messages that are documents: read while the question waits and holds no engine, then given in whole or searched, as fits."""

import signal
from typing import Any
from uuid import UUID

from olamchat.db import files as rows
from olamchat.db.pool import connected
from olamchat.services.knowledge import attaching, documents, retrieval
from olamchat.services.turns import lifecycle
from tests.worker.conftest import Asked, until
from tests.worker.index import samples
from tests.worker.index.conftest import Library

LONG = "\n\n".join(f"Paragraph {number}: the kettle number {number} stands on shelf {number % 7}. " + "Tea " * 120 for number in range(600))
WORDS_ALONE = {"OLAMCHAT_EMBEDDINGS": ""}


def ask(library: Library, said: str, content: bytes | str, name: str, **given: Any) -> tuple[Asked, dict[str, Any]]:
    """Do what the functions do: upload, and attach to the question."""
    asked = library.house.ask(said, send=False, **given)
    kept = attaching.upload(user_id=asked.user, name=name, content=content.encode() if isinstance(content, str) else content)
    [(question,)] = library.house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    with connected():
        rows.attach(question, rows_told(asked.user, kept["id"]))
    return asked, kept


def rows_told(user: UUID, file: str) -> list[dict[str, Any]]:
    with connected():
        return [{**row, "id": str(row["id"]), "document_id": None} for row in rows.chosen([UUID(file)], user)]


def question(library: Library) -> str:
    [sent] = library.house.requests()
    said: str = sent["messages"][-1]["content"]
    return said


def test_a_question_waits_without_an_engine_until_its_document_is_read_whatever_dies(library: Library) -> None:
    library.house.script(length=2)
    asked, kept = ask(library, "Where does kettle number 417 stand?", LONG, "kettles.txt")
    library.house.start()
    asked.until("waiting")
    assert library.house.run("SELECT state, worker FROM turns WHERE id = %s", asked.id) == [("parked", None)]
    assert library.house.requests() == []

    first = library.start(**WORDS_ALONE, OLAMCHAT_CONCURRENCY="1")
    until(lambda: library.house.run("SELECT kept FROM documents WHERE kept > 0"), "the first batch")
    first.send(signal.SIGKILL)
    library.start(**WORDS_ALONE)

    ended = asked.until("done")
    assert (ended["timings"]["searched"], "whole" in ended["timings"]) == (["kettles.txt"], False)
    assert '<file name="kettles.txt">It is too long to be shown in whole.' in question(library)
    assert "the kettle number 417 stands on shelf 4" in question(library)
    cited = retrieval.cited(asked.id)
    assert cited[0]["path"] == "kettles.txt"
    assert "kettle number 417" in cited[0]["text"]
    assert str(cited[0]["document_id"]) == kept["document_id"]
    numbers = [number for (number,) in library.house.run("SELECT number FROM chunks ORDER BY number")]
    assert numbers == list(range(len(numbers)))


def test_what_fits_goes_in_whole_whatever_it_is_written_in(library: Library) -> None:
    library.house.script(length=2)
    library.start(**WORDS_ALONE)
    asked, kept = ask(library, "How hot?", samples.docx(), "brewing.docx")
    library.until_ended(UUID(kept["document_id"]))
    library.house.start()

    ended = asked.until("done")

    assert (kept["kind"], ended["timings"]["whole"], "searched" in ended["timings"]) == ("office", ["brewing.docx"], False)
    assert "The kettle boils at ninety-six degrees." in question(library)
    assert retrieval.cited(asked.id) == []


def test_a_document_that_can_not_be_read_holds_up_nothing(library: Library) -> None:
    library.house.script(length=2)
    asked, _ = ask(library, "What does it say?", samples.zipped({"word/document.xml": "<broken"}), "broken.docx")
    library.house.start()
    asked.until("waiting")
    library.start(**WORDS_ALONE)

    asked.until("done")

    assert "It can't be shown to you. This document is broken" in question(library)


def test_to_sum_a_long_document_up_its_beginning_is_given(library: Library) -> None:
    library.house.script(length=2)
    asked, _ = ask(library, "Sum up!", LONG, "kettles.txt")
    library.start(**WORDS_ALONE)
    library.house.start()

    asked.until("done")

    assert "Paragraph 0: the kettle number 0" in question(library)
    assert [row["number"] for row in retrieval.cited(asked.id)] == list(range(1, retrieval.MOST + 1))


def test_a_stop_ends_an_answer_that_waits_for_its_document(library: Library) -> None:
    asked, kept = ask(library, "Where?", LONG, "kettles.txt")
    library.house.start()
    asked.until("waiting")

    lifecycle.stop(asked.id)

    assert asked.row["status"] == "stopped"
    library.start(**WORDS_ALONE)
    library.until_ended(UUID(kept["document_id"]))
    assert (asked.row["status"], library.house.requests()) == ("stopped", [])


def test_an_attached_document_is_read_before_the_rest_of_an_import(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    imported = [library.bring(ann, tea, f"{number}.txt", f"Leaf {number}") for number in range(3)]
    _, kept = ask(library, "Where?", LONG, "kettles.txt", user=ann)
    library.start(**WORDS_ALONE, OLAMCHAT_CONCURRENCY="1")
    library.until_ended(*imported, UUID(kept["document_id"]))

    order = [str(id_) for (id_,) in library.house.run("SELECT id FROM documents ORDER BY started_at")]

    assert order[0] == kept["document_id"]


def test_what_is_forgotten_of_a_conversation_is_not_found_any_more(library: Library) -> None:
    asked, kept = ask(library, "Where?", LONG, "kettles.txt")
    library.start(**WORDS_ALONE)
    library.until_ended(UUID(kept["document_id"]))
    assert documents.get(user_id=asked.user, document_id=UUID(kept["document_id"]))["state"] == "ready"
    library.house.run("UPDATE conversations SET deleted_at = now() - interval '8 days'")
    library.house.run("UPDATE files SET created_at = now() - interval '9 days'")
    library.house.start()

    until(lambda: library.house.run("SELECT count(*) FROM chunks") == [(0,)], "the sweep")

    assert library.house.run("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM collections)") == [(0, 0)]
