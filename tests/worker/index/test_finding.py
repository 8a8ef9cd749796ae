"""What is found first: what has a question's rare words, in its own language, by every piece compared and by the index alike."""

import pytest

from olamchat.db.knowledge import passages
from olamchat.services.knowledge import retrieval
from tests.scripted_engine.embeddings import vector
from tests.worker.index.conftest import Library

ENGLISH = "The {0} of the {0}s is to be found in the other {0}, and it is what the {0} is for. This is it."
GERMAN = "Das {0} ist nicht in der Kiste, und es ist auch nicht auf dem Tisch. Wo ist das {0}?"
NAMES = ("kettle", "teapot", "samovar", "thermos", "strainer", "caddy")


def test_rare_words_count_more_than_common_ones_and_stop_words_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    library.start()
    ids = [library.bring(ann, tea, f"{name}.txt", ENGLISH.format(name)) for name in NAMES]
    ids.append(library.bring(ann, tea, "mixed.txt", f"{ENGLISH.format('whisk')}\n\n{' '.join(GERMAN.format('Sieb') for _ in range(30))}"))
    ids.append(library.bring(ann, tea, "was.txt", "Was ist das? Das ist ein Ding. Ein Ding ist ein Ding."))
    library.until_ended(*ids)
    space = library.house.run("SELECT id FROM embedding_spaces")[0][0]

    assert "samovar" in library.find(ann, tea, "What is the other samovar for?")[0]
    assert "Sieb" in library.find(ann, tea, "Wo ist das Sieb?")[0]
    assert library.find(ann, tea, "Was ist das?") == []

    near = {"embedding": vector("What is the teapot for?"), "space": space}
    compared = library.find(ann, tea, "", **near)
    monkeypatch.setattr(passages, "COMPARED", 0)
    assert library.find(ann, tea, "", **near) == compared
    assert "teapot" in compared[0]
    [(plan,)] = library.house.run("SELECT string_agg(indexdef, ';') FROM pg_indexes WHERE indexname = %s", f"chunks_meaning_{space}")
    assert "hnsw" in plan


def test_a_mistyped_word_leaves_the_others_their_part_beside_meaning(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    # Each piece has the question's other word, so that it is common.
    text = "\n\n".join(f"The kettle stands on shelf {number}. {'It is as every pot is. ' * 40}" for number in range(120))
    document = library.bring(ann, tea, "kettles.txt", text)
    library.start()
    library.until_ended(document)
    library.house.run("ANALYZE chunks")
    monkeypatch.setattr(passages, "WEIGHED", 50)
    space = library.house.run("SELECT id FROM embedding_spaces")[0][0]
    near = {"embedding": vector("nothing of it"), "space": space}

    found = [
        retrieval.search(user_id=ann, collections=[tea], question=asked, **near) for asked in ("kettle", "qzxvw kettle", "qzxvw")
    ]  # fmt: skip

    assert [any(row["by_words"] for row in rows) for rows in found] == [True, True, False]
