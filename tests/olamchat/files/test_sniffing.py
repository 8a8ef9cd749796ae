"""What a file is, by its bytes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olamchat.files import pdf
from olamchat.files.sniffing import MOST_PIXELS, NotTaken, Unreadable, sniff
from tests import samples


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (samples.png(40, 30), "image/png"),
        (samples.jpeg(40, 30), "image/jpeg"),
        (samples.gif(40, 30), "image/gif"),
        (samples.webp(b"VP8 ", 40, 30), "image/webp"),
        (samples.webp(b"VP8L", 40, 30), "image/webp"),
        (samples.webp(b"VP8X", 40, 30), "image/webp"),
    ],
)
def test_an_image_is_known_with_its_size(data: bytes, media_type: str) -> None:
    seen = sniff(data, "notes.txt")

    assert (seen.kind, seen.media_type, seen.width, seen.height) == ("image", media_type, 40, 30)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.md", "text/markdown"), ("a.csv", "text/csv"), ("a.json", "application/json"), ("a.py", "text/plain"), ("", "text/plain")],
)
def test_text_is_text_whatever_it_is_called(name: str, media_type: str) -> None:
    seen = sniff("\ufeffGrüße, 世界\n".encode(), name)

    assert (seen.kind, seen.media_type, seen.text) == ("text", media_type, "Grüße, 世界\n")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x00\x00",
        b"\x7fELF\x02",
        b"a\x00b",
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff",
        b"\x00\x01" * 40,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)
def test_nothing_else_is_taken(data: bytes) -> None:
    with pytest.raises(NotTaken):
        sniff(data, "letter.txt")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-16", "Grüße, 世界"), ("utf-16-le", "hello wide world, Grüße"), ("utf-16-be", "hello wide world, Grüße"), ("utf-32", "Grüße"),
        ("cp1252", "Grüße"), ("cp1252", "naïve façade – “quoted” text’s"), ("cp1252", "El niño comió piñas en España, señor. ¿Qué más?"),
        ("cp1250", "Zażółć gęślą jaźń, proszę państwa. Dzień dobry."), ("cp1251", "Это текстовый файл для проверки, в нём русский текст."),
        ("gbk", "name,城市\nA,北京\nB,上海\n"), ("gbk", "这是一个用于测试的文本文件，里面有一些中文内容。"),
        ("shift_jis", "これはテスト用のテキストファイルです。日本語が含まれています。"), ("shift_jis", "東京,大阪\n"),
        ("euc-kr", "이것은 테스트용 텍스트 파일입니다. 한국어가 들어 있습니다."), ("euc-jp", "これはテスト用のテキストファイルです。"),
        ("big5", "這是一個用於測試的文字檔案，裡面有一些中文內容。"), ("koi8-r", "Это текстовый файл для проверки, в нём русский текст."),
        ("utf-16-le", "今日は天気がいいので、公園を散歩しました。"), ("utf-16-be", "这是一个用于测试的文本文件。"), ("iso2022_jp", "今日は天気がいいので、公園を散歩しました。"),
        ("cp1254", "Bugün hava çok güzel, parka yürüyüşe gittik. Işık ve ğ."), ("cp1252", "Þetta er íslenskur texti með ð og þ."), ("tis-620", "วันนี้อากาศดีมาก เราไปเดินเล่นที่สวนสาธารณะ"),
    ],
)  # fmt: skip
def test_text_is_read_in_the_encoding_it_was_written_in(encoding: str, text: str) -> None:
    assert sniff(text.encode(encoding), "a.csv").text == text


def test_the_encoding_of_a_long_text_is_told_by_its_beginning() -> None:
    text = "Wir gehen später über die Brücke nach Köln.\n" * 20_000

    assert sniff(text.encode("cp1252")).text == text


@pytest.mark.parametrize("text", ["GIF89a is how a GIF begins.\n", "RIFF....WEBPVP8X is how a WebP image begins, with sizes for dots.\n"])
def test_a_text_that_begins_with_the_mark_of_an_image_is_a_text(text: str) -> None:
    assert sniff(text.encode(), "formats.md").text == text


@pytest.mark.parametrize("text", ["# How a PDF begins\n\nIt starts with the bytes `%PDF-1.7` and ends with `%%EOF`.\n", "a %PDF-"])
def test_a_text_that_mentions_a_pdf_is_a_text(text: str) -> None:
    seen = sniff(text.encode(), "how-a-pdf-begins.md")

    assert (seen.media_type, seen.text) == ("text/markdown", text)


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\x80\x81junk\x00 of a mail\r\n"])
def test_a_pdf_may_have_something_before_it(before: bytes) -> None:
    assert sniff(before + samples.pdf("x")).kind == "pdf"


def test_heic_is_refused_by_its_name() -> None:
    with pytest.raises(NotTaken, match="HEIC"):
        sniff(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), "IMG_0001.HEIC")


def test_a_jpeg_with_a_hundred_thousand_segments_is_given_up_early() -> None:
    frame = samples.jpeg()[2:]

    assert sniff(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 500 + frame).width == 4
    with pytest.raises(Unreadable):
        sniff(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 100_000 + frame)


@pytest.mark.parametrize(
    "data",
    [
        samples.png_claiming(60_000, 60_000), samples.png_claiming(16_384, MOST_PIXELS // 16_384 + 1), samples.png_claiming(0, 5),
        samples.gif(65_535, 65_535), samples.jpeg(65_500, 65_500), samples.webp(b"VP8X", 1 << 24, 1 << 24),
        b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x00", b"\xff\xd8\xff" + b"\xff" * 50, b"GIF89a", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b" \n",
    ],
)  # fmt: skip
def test_bombs_and_stumps_are_refused_by_their_heads(data: bytes) -> None:
    with pytest.raises(Unreadable):
        sniff(data)


@given(
    st.sampled_from([samples.png(), samples.jpeg(), samples.gif(), samples.webp(b"VP8X"), samples.pdf("x")]),
    st.binary(max_size=60),
    st.integers(0, 80),
)
def test_whatever_the_bytes_are_the_answer_is_one_of_ours(data: bytes, noise: bytes, at: int) -> None:
    with contextlib.suppress(NotTaken, Unreadable):
        sniff(data[:at] + noise + data[at + len(noise) :], "x.png")


def test_the_text_of_a_pdf_is_read_page_by_page() -> None:
    told = pdf.read(samples.pdf("First page", "Second page"), most_characters=1_000)

    assert (told.text, told.cut) == ("First page\n\nSecond page", False)


def test_a_long_pdf_is_cut() -> None:
    told = pdf.read(samples.pdf("First page", "Second page", "Third"), most_characters=15)

    assert told.cut
    assert told.text.startswith("First page\n\nSec")
    assert len(told.text) <= 15


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (samples.pdf(), "broken"),
        (samples.pdf(""), "no text"),
        (b"%PDF-1.4\ngarbage", "broken"),
        (samples.pdf("x")[:200], "broken"),
    ],
)
def test_a_pdf_without_text_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        pdf.read(data, most_characters=1_000)


def test_a_pdf_that_unfolds_without_end_ends_within_its_bounds() -> None:
    bomb = samples.pdf_bomb(1 << 30)
    assert len(bomb) < 2_000_000

    with pytest.raises(Unreadable):
        pdf.read(bomb, most_characters=1_000)


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE_S", 0.01)

    with pytest.raises(Unreadable, match="too long"):
        pdf.read(samples.pdf("x"), most_characters=1_000)
