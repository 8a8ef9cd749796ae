"""Scans and what else another reader reads: through it where the settings name one, with the reason where not."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from olamchat.environment import environment
from tests import samples as pictures
from tests.worker.conftest import until
from tests.worker.index import samples
from tests.worker.index.conftest import Library
from tests.worker.index.test_attached import WORDS_ALONE, ask, question
from tests.worker.index.tika_server import Reader, reading

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def reader() -> Iterator[Reader]:
    with reading(Reader(pages=["The kettle stands on the shelf.", "Rinse it twice."])) as found:
        yield found


def brought(library: Library, url: str, **documents: bytes) -> dict[str, dict[str, Any]]:
    """Have these documents read, and return how each ended."""
    ann = library.house.user()
    tea = library.collection(ann)
    ids = {name: library.bring(ann, tea, name.replace("_", "."), content) for name, content in documents.items()}
    library.start(OLAMCHAT_READER_URL=url, OLAMCHAT_READER_TIMEOUT_S="2")
    library.until_ended(*ids.values())
    return {name: library.document(ann, id_) | {"found": library.find(ann, tea, "kettle shelf")} for name, id_ in ids.items()}


def test_scans_images_and_old_documents_are_read_by_the_other_reader(library: Library, reader: Reader) -> None:
    read = brought(library, reader.url, scan_pdf=samples.scanned(2), photo_png=pictures.png(), letter_doc=OLD_WORD, note_txt=b"Plain.")

    assert {name: (row["state"], row["pages"]) for name, row in read.items()} == {
        "scan_pdf": ("ready", 2), "photo_png": ("ready", 2), "letter_doc": ("ready", 2), "note_txt": ("ready", 1),
    }  # fmt: skip
    assert any("kettle stands on the shelf" in text for text in read["scan_pdf"]["found"])
    assert reader.asked == 3, "what can be read here is not sent"


def test_of_a_document_with_some_scans_only_these_pages_are_anothers(library: Library, reader: Reader) -> None:
    [row] = brought(library, reader.url, mixed_pdf=samples.scanned(1, before="Page one says tea.")).values()

    sql = "SELECT page, text FROM chunks ORDER BY number"
    assert (row["state"], row["error"]) == ("ready", None)
    assert library.house.run(sql) == [(1, "Page one says tea."), (2, "Rinse it twice.")]


def test_without_a_reader_a_document_says_which_pages_are_missing(library: Library) -> None:
    read = brought(library, "", mixed_pdf=samples.scanned(1, before="Page one says tea."), scan_pdf=samples.scanned(2))

    assert (read["mixed_pdf"]["state"], read["mixed_pdf"]["error"]["code"]) == ("ready", "scans")
    assert (read["scan_pdf"]["state"], read["scan_pdf"]["error"]["code"]) == ("failed", "empty")


def test_what_the_reader_reads_nothing_in_is_refused_as_before(library: Library, reader: Reader) -> None:
    ann = library.house.user()
    tea = library.collection(ann)
    library.start(OLAMCHAT_READER_URL=reader.url)
    codes = []
    for status, pages in ((422, ["x"]), (204, ["x"]), (200, [])):
        reader.status, reader.pages = status, pages
        document = library.bring(ann, tea, f"{status}.png", pictures.png() + bytes([status % 256]))
        library.until_ended(document)
        codes.append((library.document(ann, document)["error"] or {}).get("code"))

    assert (codes, reader.asked) == (["image"] * 3, 3)


def test_a_reader_that_is_down_is_waited_for(library: Library, reader: Reader) -> None:
    reader.status = 503
    ann = library.house.user()
    tea = library.collection(ann)
    document = library.bring(ann, tea, "scan.pdf", samples.scanned(2))
    library.start(OLAMCHAT_READER_URL=reader.url)
    until(lambda: library.house.run("SELECT failures FROM documents") == [(1,)], "the first failure")

    reader.status = 200
    library.house.run("UPDATE documents SET not_before = now()")

    library.until_ended(document)
    assert library.document(ann, document)["state"] == "ready"


def test_one_that_takes_too_long_fails_the_document_in_the_end_with_its_reason(library: Library, reader: Reader) -> None:
    reader.delay_s = 5.0
    ann = library.house.user()
    tea = library.collection(ann)
    scan = library.bring(ann, tea, "scan.pdf", samples.scanned(2))
    mixed = library.bring(ann, tea, "mixed.pdf", samples.scanned(1, before="Page one says tea."))
    library.house.run("UPDATE documents SET failures = 5")  # after so many tries, one more
    library.start(OLAMCHAT_READER_URL=reader.url, OLAMCHAT_READER_TIMEOUT_S="0.5")
    until(lambda: library.house.run("SELECT count(*) FROM documents WHERE failures = 6") == [(2,)], "the last try")
    library.house.run("UPDATE documents SET not_before = now(), failures = 6")

    library.until_ended(scan, mixed)
    read = {name: library.document(ann, id_) for name, id_ in {"scan": scan, "mixed": mixed}.items()}
    assert (read["scan"]["state"], read["scan"]["error"]["code"]) == ("failed", "reader_away")
    assert (read["mixed"]["state"], read["mixed"]["error"]["code"]) == ("ready", "scans")


def test_a_scan_in_a_chat_is_read_by_the_other_reader_and_given_in_whole(
    library: Library, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLAMCHAT_READER_URL", reader.url)
    environment.cache_clear()
    library.house.script(length=2)
    asked, kept = ask(library, "Where is the kettle?", samples.scanned(2), "scan.pdf")
    library.start(OLAMCHAT_READER_URL=reader.url, **WORDS_ALONE)
    library.until_ended(UUID(kept["document_id"]))
    library.house.start()

    ended = asked.until("done")

    assert ended["timings"]["whole"] == ["scan.pdf"]
    assert "The kettle stands on the shelf." in question(library)
