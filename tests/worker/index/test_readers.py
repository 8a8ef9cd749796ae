"""Every kind of document is read by the process that reads them; every broken or hostile one has its reason, and ends that process alone."""

import pytest

from tests.worker.index import samples
from worker.index.cutting import LONGEST, cut, weight
from worker.index.readers.blocks import Block
from worker.index.reading import CannotRead, Reading

LINES = "\n\n".join(f"Paragraph {number} tells of something." for number in range(400))


def blocks(data: bytes, name: str = "document") -> list[Block]:
    return list(Reading(data, name).blocks())


READ = {
    "docx": (samples.docx(), [Block(1, "Brewing", "Brewing"), Block(1, "Water", "Brewing › Water"),
             Block(1, "The kettle boils at ninety-six degrees.", "Brewing › Water"), Block(1, "Leaf | Oolong", "Brewing › Water")]),
    "xlsx": (samples.xlsx(), [Block(1, "Tea | Grams", "Stock"), Block(1, "Oolong | 250", "Stock")]),
    "pptx": (samples.pptx(), [Block(1, "Harvest", "Harvest"), Block(1, "Picked in spring.", "Harvest"), Block(2, "Roasting", "Roasting"),
             Block(2, "Slowly, over charcoal.", "Roasting"), Block(2, "Say why charcoal.", "Roasting")]),
    "odt": (samples.odt(), [Block(1, "Storage", "Storage"), Block(1, "Keep it dry & dark.", "Storage")]),
    "epub": (samples.epub(), [Block(1, "First", "First"), Block(1, "It began in Fujian.", "First"), Block(2, "Second", "Second"),
             Block(2, "The end.", "Second")]),
    "html": (samples.HTML, [Block(1, "Tea", "Tea"), Block(1, "Green and black.", "Tea"), Block(1, "Kinds", "Tea › Kinds"),
             Block(1, "White", "Tea › Kinds"), Block(1, "Yellow\nrare", "Tea › Kinds"), Block(1, "Name", "Tea › Kinds"),
             Block(1, "Origin", "Tea › Kinds")]),
    "pdf": (samples.pdf("Page one says tea.", "Page two says water."), [Block(1, "Page one says tea."), Block(2, "Page two says water.")]),
    "md": (b"# Tea\nGreen.\n\n## Water\n```\n# no heading\n```\n", [Block(1, "Tea", "Tea"), Block(1, "Green.", "Tea"),
           Block(1, "Water", "Tea › Water"), Block(1, "```\n# no heading\n```", "Tea › Water")]),
    "csv": ("Sorte;Gramm\nOolong;250\nSencha;100\n".encode("cp1252"), [Block(1, "Sorte: Oolong; Gramm: 250"), Block(1, "Sorte: Sencha; Gramm: 100")]),
    "py": (b"def brew():\n    return 96\n\n\nclass Pot:\n    pass\n", [Block(1, "def brew():\n    return 96"), Block(1, "class Pot:\n    pass")]),
    "txt": ("Grüner Tee".encode("utf-16"), [Block(1, "Grüner Tee")]),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_every_kind_is_read(kind: str) -> None:
    data, expected = READ[kind]

    assert blocks(data, f"document.{kind}") == expected


@pytest.mark.parametrize("kind", READ)
def test_a_name_that_lies_changes_nothing_but_how_text_is_taken(kind: str) -> None:
    data, expected = READ[kind]

    if kind not in {"md", "csv"}:
        assert blocks(data, "document") == expected


def test_words_that_stand_apart_in_a_pdf_without_spaces_stay_words() -> None:
    assert blocks(samples.pdf("glyphs) Tj 50 0 Td (apart")) == [Block(1, "glyphs apart")]


BROKEN = {
    "a zip bomb": (samples.bomb(), "bomb"),
    "a billion laughs in ODT": (samples.laughing_odt(), "broken"),
    "a billion laughs in DOCX": (samples.laughing_docx(), "broken"),
    "an encrypted PDF": (samples.pdf("secret", password="word"), "locked"),
    "half a PDF": (b"%PDF-1.7\nnothing else", "broken"),
    "half a DOCX": (samples.docx()[:3000], "broken"),
    "an EPUB without a package": (samples.zipped({"META-INF/container.xml": "<container/>"}), "broken"),
    "an archive": (samples.zipped({"a.txt": "a"}), "archive"),
    "a PDF of pictures": (samples.pdf(""), "empty"),
    "white space": (b" \n \n", "empty"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
    "an encrypted document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
    "an image": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
    "a program": (b"\x7fELF" + bytes(range(256)) * 20, "unknown"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cant_be_read_says_why(what: str) -> None:
    data, code = BROKEN[what]

    with pytest.raises(CannotRead) as refused:
        blocks(data)

    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_no_file_of_the_machine_is_read_into_a_document() -> None:
    try:
        text = " ".join(block.text for block in blocks(samples.peeking_odt()))
    except CannotRead as refused:
        text = str(refused)

    assert "root:" not in text


def test_a_document_that_takes_too_much_memory_or_time_ends_its_process_alone() -> None:
    for bounds in ({"memory_bytes": 96 << 20}, {"cpu_s": 1}, {"patience_s": 0.3}):
        table = b"name,value\n" + b"some words,and others\n" * 1_000_000
        with pytest.raises(CannotRead) as refused:
            list(Reading(table, "large.csv", **bounds).blocks())
        assert refused.value.code == "too_much"


def test_the_same_document_is_always_cut_in_the_same_way_and_nothing_is_lost() -> None:
    given = [Block(1, text, "Tea") for text in LINES.split("\n\n")] + [Block(2, "x" * 5_000)]

    chunks, again = list(cut(given)), list(cut(given))

    assert chunks == again
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    assert all(weight(chunk.text) <= LONGEST + 50 for chunk in chunks)
    page = "\n".join(block.text for block in given if block.page == 1)
    assert all(page[chunk.start : chunk.start + 20] == chunk.text[:20] for chunk in chunks if chunk.page == 1)
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join("".join(block.text.split()) for block in given)
