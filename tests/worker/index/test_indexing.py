"""Documents are read, kept batch by batch, found and cited; and no worker's death costs more than a batch."""

import signal
import time
from itertools import count
from uuid import UUID

import pytest

from olamchat.db.knowledge import indexing as statements
from olamchat.db.pool import DatabaseLost
from olamchat.services.copies import exports, sharing
from olamchat.services.knowledge import collections, documents, indexing, retrieval
from tests.scripted_engine.embeddings import vector
from tests.worker.conftest import until
from tests.worker.index import samples
from tests.worker.index.conftest import Library

LONG = "\n\n".join(f"Paragraph {number}: the kettle number {number} stands on shelf {number % 7}. " + "Tea " * 120 for number in range(300))


def test_documents_are_read_and_found_by_words_and_by_meaning(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    ids = [
        library.bring(ann, tea, "guide/brewing.docx", samples.docx()),
        library.bring(ann, tea, "cars.md", "# Driving\n\nMy car is red and very old.\n\n# Nothing\n\nNothing at all of that."),
        library.bring(ann, tea, "zh.txt", "绿茶的水温应该是八十度。\n\n红茶可以用沸水冲泡。"),
        library.bring(ann, tea, "broken.pdf", b"%PDF-1.4 broken"),
    ]
    library.start()
    library.until_ended(*ids)

    shown = [library.document(ann, id_) for id_ in ids]
    assert [row["state"] for row in shown] == ["ready", "ready", "ready", "failed"], shown
    assert shown[3]["error"] == {"code": "broken", "message": "This document is broken: it can't be read as what it says it is."}
    assert all(row["chunks"] == row["kept"] == row["embedded"] > 0 for row in shown[:3])
    assert "ninety-six" in library.find(ann, tea, "How hot does the kettle boil?")[0]
    assert "红茶" in library.find(ann, tea, "红茶用什么水？")[0]
    space = library.house.run("SELECT id FROM embedding_spaces")[0][0]
    assert library.find(ann, tea, "automobile") == []
    assert "car is red" in library.find(ann, tea, "automobile", embedding=vector("automobile"), space=space)[0]


def test_who_may_not_read_a_collection_finds_nothing_in_it(library: Library) -> None:
    ann, bob = library.house.user(), library.house.user()
    tea = library.collection(ann)
    id_ = library.bring(ann, tea, "secret.txt", "The secret is oolong.")
    library.start(OLAMCHAT_EMBEDDINGS="")
    library.until_ended(id_)

    assert library.find(ann, tea, "secret")
    assert library.find(bob, tea, "secret") == []
    library.house.run("UPDATE collections SET audience = 'everyone'")
    assert library.find(bob, tea, "secret")
    documents.delete(user_id=ann, document_id=id_)
    assert library.find(bob, tea, "secret") == []
    documents.restore(user_id=ann, document_id=id_)
    assert library.find(bob, tea, "secret")
    collections.delete(user_id=ann, collection_id=tea)
    assert library.find(ann, tea, "secret") == library.find(bob, tea, "secret") == []


@pytest.mark.timeout(300)
def test_no_kill_costs_a_chunk_or_makes_one_twice(library: Library) -> None:
    """Index workers are killed again and again while documents are brought in."""
    ann = library.house.user()
    tea = library.collection(ann)
    ids = [library.bring(ann, tea, f"long-{number}.txt", f"Document {number}.\n\n{LONG}") for number in range(3)]
    ids += [library.bring(ann, tea, f"short-{number}.md", f"# Title {number}\n\nBody {number}.") for number in range(30)]

    def ended() -> bool:
        return library.house.run("SELECT count(*) FROM documents WHERE state <> 'ready'") == [(0,)]

    kills = 0
    for _ in count():
        worker = library.start()
        kept = library.house.run("SELECT count(*) FROM chunks")[0][0]
        until(lambda kept=kept: ended() or library.house.run("SELECT count(*) FROM chunks")[0][0] > kept, "progress", 90)  # type: ignore[misc]
        if kills == 4 or ended():
            break
        time.sleep(0.2)
        worker.send(signal.SIGKILL)
        kills += 1
    library.until_ended(*ids, timeout_s=150)

    assert kills >= 2
    assert library.house.run("SELECT count(*) FROM documents WHERE state = 'ready'") == [(33,)]
    wrong = """SELECT d.path, d.chunks, count(k.number), max(k.number) FROM documents d LEFT JOIN chunks k ON k.document_id = d.id GROUP BY d.id
               HAVING d.chunks IS DISTINCT FROM count(k.number) OR d.chunks <> count(DISTINCT k.number) OR max(k.number) <> d.chunks - 1
                   OR bool_or(k.embedding IS NULL)"""
    assert library.house.run(wrong) == []
    texts = [text for (text,) in library.house.run("SELECT text FROM chunks WHERE document_id = %s ORDER BY number", ids[0])]
    assert "".join("".join(texts).split()) == "".join(f"Document 0.{LONG}".split())


def test_an_attempt_that_is_not_the_newest_changes_nothing(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    library.bring(ann, tea, "a.txt", "Body.")
    old = indexing.take(worker="one")
    assert old is not None
    indexing.give_back(old.id, old.attempt, died=True)
    new = indexing.take(worker="two")
    assert new is not None
    chunk = indexing.Chunk(number=0, page=1, start=0, end=5, heading="", text="Body.")

    assert not indexing.keep(old, [chunk], usual="english")
    assert not indexing.failed(old, code="broken", message="It is broken.")
    assert indexing.begin(old, 2) is None
    assert indexing.keep(new, [chunk], usual="english")
    assert library.house.run("SELECT attempt, kept FROM documents") == [(2, 1)]


def test_a_batch_that_is_written_again_is_there_once(library: Library) -> None:
    """A worker that was not told that its batch is in writes it again."""
    ann = library.house.user()
    library.bring(ann, library.collection(ann), "a.txt", "Body.")
    taken = indexing.take(worker="one")
    assert taken is not None
    chunk = indexing.Chunk(number=0, page=1, start=0, end=5, heading="", text="Body.")
    space = indexing.space("small", 2)

    assert [indexing.keep(taken, [chunk], usual="english") for _ in range(2)] == [True, True]
    [(id_,)] = library.house.run("SELECT id FROM chunks")
    assert [indexing.embed(taken, space=space, ids=[id_], embeddings=[[1.0, 0.0]]) for _ in range(2)] == [True, True]

    assert library.house.run("SELECT kept, embedded FROM documents") == [(1, 1)]


def test_what_is_in_is_in_though_nobody_can_be_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = library.house.user()
    id_ = library.bring(ann, library.collection(ann), "a.txt", "Body.")

    def lost(_: UUID) -> None:
        raise DatabaseLost("no connection was free")

    monkeypatch.setattr(statements, "shown", lost)
    taken = indexing.take(worker="one")
    assert taken is not None
    assert indexing.done(taken, space=None)

    assert library.house.run("SELECT state FROM documents WHERE id = %s", id_) == [("ready",)]


def test_a_document_is_given_up_only_when_many_workers_have_died_over_it_and_waits_longer_between(library: Library) -> None:
    ann = library.house.user()
    id_ = library.bring(ann, library.collection(ann), "a.txt", "Body.")
    for _ in range(indexing.MOST_DEATHS - 1):
        library.house.run("UPDATE documents SET not_before = now()")
        taken = indexing.take(worker="one")
        assert taken is not None
        indexing.give_back(taken.id, taken.attempt, died=True)
    assert indexing.take(worker="two") is None, "it waits a minute by now"

    library.house.run("UPDATE documents SET not_before = now()")
    library.start(OLAMCHAT_EMBEDDINGS="")
    library.until_ended(id_)

    assert library.document(ann, id_)["state"] == "ready"


def test_one_document_of_another_person_does_not_wait_for_a_thousand(library: Library) -> None:
    ann, bob = library.house.user(), library.house.user()
    teas = {person: library.collection(person) for person in (ann, bob)}
    for number in range(6):
        library.bring(ann, teas[ann], f"{number}.txt", f"Body {number}.")
    bobs = library.bring(bob, teas[bob], "mine.txt", "Body.")

    taken: list[UUID] = []
    for _ in range(3):
        document = indexing.take(worker="one")
        assert document is not None
        taken.append(document.id)
        indexing.done(document, space=None)

    assert bobs in taken[:2]


def test_the_same_bytes_are_the_same_document_and_others_replace_it_once_they_are_read(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    first = library.bring(ann, tea, "a.txt", "The first says green.")
    library.start(OLAMCHAT_EMBEDDINGS="")
    library.until_ended(first)
    assert library.bring(ann, tea, "a.txt", "The first says green.") == first

    second = library.bring(ann, tea, "a.txt", "The second says black.")
    library.until_ended(second)

    assert library.find(ann, tea, "green black says") == ["The second says black."]
    assert [row["id"] for row in documents.listed(user_id=ann, collection_id=tea, cursor=None, state=None, limit=9)["items"]] == [
        str(second)
    ]


def test_documents_that_were_read_without_a_model_are_embedded_by_one_that_comes(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    id_ = library.bring(ann, tea, "a.txt", "My car is red.")
    worker = library.start(OLAMCHAT_EMBEDDINGS="")
    library.until_ended(id_)
    assert library.document(ann, id_)["embedded"] == 0
    worker.send(signal.SIGTERM)
    assert worker.wait() == 0

    library.start(OLAMCHAT_EMBEDDINGS="ollama/another")

    until(lambda: library.document(ann, id_)["embedded"] == 1, "its embedding")
    assert library.house.run("SELECT model FROM embedding_spaces") == [("another/256",)]


def test_answers_of_the_same_pool_go_before_an_imports_next_batch(library: Library) -> None:
    ann = library.house.user()
    asked = library.house.ask("Who goes first?", send=False)  # no worker takes it
    id_ = library.bring(ann, library.collection(ann), "a.txt", "Body.")
    library.start()

    until(lambda: library.document(ann, id_)["searchable"], "the reading")
    time.sleep(1.0)
    assert (library.document(ann, id_)["state"], library.document(ann, id_)["embedded"]) == ("running", 0)
    library.house.run("UPDATE turns SET not_before = now() + interval '1 hour' WHERE id = %s", asked.id)
    library.until_ended(id_)
    assert (library.document(ann, id_)["state"], library.document(ann, id_)["embedded"]) == ("ready", 1)


def test_a_change_of_the_model_leaves_no_moment_in_which_nothing_is_found(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    id_ = library.bring(ann, tea, "long.txt", LONG)
    worker = library.start(OLAMCHAT_EMBEDDINGS="ollama/one")
    library.until_ended(id_)
    worker.send(signal.SIGTERM)
    assert worker.wait() == 0
    assert library.house.run("SELECT count(DISTINCT space) FROM chunks") == [(1,)]

    library.start(OLAMCHAT_EMBEDDINGS="ollama/other")

    misses = 0
    deadline = time.monotonic() + 60
    while library.house.run("SELECT DISTINCT e.model FROM chunks k JOIN embedding_spaces e ON e.id = k.space") != [("other/256",)]:
        misses += not library.find(ann, tea, "Where does kettle number 17 stand?")
        assert time.monotonic() < deadline, "it was not embedded again"
    assert misses == 0


def test_passages_keep_their_numbers_and_their_words(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    id_ = library.bring(
        ann, tea, "a.md", "# One\n\nThe first kettle is red.\n\n" + "filler " * 200 + "\n\n# Two\n\nThe second kettle is blue."
    )
    library.start(OLAMCHAT_EMBEDDINGS="")
    library.until_ended(id_)
    asked = library.house.ask(user=ann, send=False)
    red = retrieval.search(user_id=ann, collections=[tea], question="red kettle")[:1]
    blue = retrieval.search(user_id=ann, collections=[tea], question="blue kettle")[:1]

    retrieval.cite(asked.id, red)
    cited = retrieval.cite(asked.id, [*blue, *red])

    assert [(row["number"], "red" in row["text"], "blue" in row["text"]) for row in cited] == [(1, True, False), (2, False, True)]
    library.house.run("DELETE FROM files")
    assert [row["text"] for row in retrieval.cited(asked.id)] == [row["text"] for row in cited]


def test_an_answer_is_given_passages_before_its_question_and_tells_what_it_cites(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    id_ = library.bring(ann, tea, "guide.md", "# Water\n\nOolong wants ninety-six degrees.")
    library.start()
    library.until_ended(id_)
    library.house.start(OLAMCHAT_EMBEDDINGS="ollama/scripted-embedder")
    library.house.script(text="It wants 96 degrees [1].")

    asked = library.house.ask("How hot for oolong?", user=ann, options={"collections": [str(tea)]})
    asked.until_told()

    sent = library.house.requests()[-1]["messages"][-1]["content"]
    assert "ninety-six degrees" in sent
    assert sent.endswith("How hot for oolong?")
    [end] = asked.ends
    assert [(told["number"], told["path"], told["heading"]) for told in end.message["citations"]] == [(1, "guide.md", "Water")]
    assert end.message["timings"]["looked_in"] == ["Tea"]
    library.house.run("UPDATE conversations SET active_leaf_id = %s WHERE id = %s", asked.id, asked.conversation)
    assert "Nothing" not in exports.as_markdown(user_id=ann, conversation_id=asked.conversation)


def test_who_chose_documents_that_say_nothing_is_not_told_inventions(library: Library) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    library.house.start()

    asked = library.house.ask("How hot for oolong?", user=ann, options={"collections": [str(tea)]})
    asked.until_told()

    assert "nothing in them was found" in library.house.requests()[0]["messages"][-1]["content"]
    [end] = asked.ends
    assert (end.message["timings"]["looked_in"], end.message["citations"]) == (["Tea"], [])
    library.house.run("UPDATE conversations SET active_leaf_id = %s WHERE id = %s", asked.id, asked.conversation)
    assert "Nothing found in: Tea" in exports.as_markdown(user_id=ann, conversation_id=asked.conversation)
    link = sharing.share(user_id=ann, conversation_id=asked.conversation, named=False)["token"]
    assert [message["looked_in_documents"] for message in sharing.seen(token=link)["messages"]] == [False, True]
