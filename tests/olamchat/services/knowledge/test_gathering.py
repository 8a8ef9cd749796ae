"""Which chunks are weighed: those with a question's rarest words, and never half of all documents."""

from typing import Any

from olamchat.services.knowledge.gathering import gathering, quoted
from olamchat.services.knowledge.languages import language


def rows(**parts: float | None) -> list[dict[str, Any]]:
    return [{"said": word, "word": word, "part": part} for word, part in parts.items()]


def test_the_rarest_words_are_looked_for_and_common_ones_are_weighed() -> None:
    found = gathering(rows(udeb=None, package=0.01, system=0.4), 100_000, 4_000)

    assert found.query == "'udeb' | 'package'"
    assert found.words == ["'udeb'", "'package'", "'system'"]


def test_of_few_chunks_every_word_is_looked_for() -> None:
    assert gathering(rows(udeb=None, system=0.4), 1_000, 4_000).query == "'udeb' | 'system'"


def test_common_words_alone_are_looked_for_together() -> None:
    assert gathering(rows(create=0.1, table=0.2, the=0.9), 1_000_000, 25_000).query == "'create' & 'table'"


def test_a_word_is_as_common_as_its_commonest_form() -> None:
    forms = [{"said": word, "word": form, "part": part} for word, form, part in [
        ("engine", "engine", None), ("heat", "heat", None), ("engine", "engin", 0.9),
    ]]  # fmt: skip

    assert gathering(forms, 100_000, 4_000).query == "'heat'"
    assert gathering([form for form in forms if form["said"] == "engine"], 100_000, 4_000).query == "('engine' | 'engin')"


def test_one_common_word_is_looked_for_by_itself() -> None:
    assert gathering(rows(table=0.5), 1_000_000, 4_000).query == "'table'"


def test_no_words_look_for_nothing() -> None:
    assert gathering([], 1_000, 4_000).query is None


def test_a_word_is_no_operator() -> None:
    assert quoted(r"o'clock\ | x") == r"'o''clock\\ | x'"


def test_a_piece_has_its_documents_language_unless_it_is_clearly_in_another() -> None:
    assert language("The cat is on the mat.", usual="german") == "german"
    assert language("This is the text that is in the other of the languages, and it is long for it.", usual="german") == "english"
    assert language("Der Hund ist nicht auf dem Sofa.") == "german"
