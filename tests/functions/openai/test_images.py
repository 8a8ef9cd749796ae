"""Images that come inside a request of a program."""

import io
from base64 import b64decode, b64encode

import pytest
from PIL import Image

from functions.openai.images import picture
from tests import samples


def url(data: bytes, kind: str = "jpeg") -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def test_a_photo_reaches_the_engine_upright() -> None:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 8
    Image.new("RGB", (60, 20), (200, 30, 30)).save(written, "JPEG", exif=exif)

    told = picture(url(written.getvalue()))

    assert told["media_type"] == "image/jpeg"
    assert Image.open(io.BytesIO(b64decode(told["data"]))).size == (20, 60)


def test_avif_reaches_the_engine_as_jpeg() -> None:
    written = io.BytesIO()
    Image.new("RGB", (6, 4), (200, 30, 30)).save(written, "AVIF")

    assert picture(url(written.getvalue(), "avif"))["media_type"] == "image/jpeg"


def test_what_needs_no_turning_is_handed_on_as_it_came() -> None:
    given = url(samples.png(), "png")

    assert picture(given) == {"media_type": "image/png", "data": given.partition(",")[2]}


def test_heic_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="HEIC"):
        picture(url(b"\x00\x00\x00\x18ftypheic" + bytes(40), "heic"))
