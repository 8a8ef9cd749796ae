"""Photos as all who see them show them alike."""

import io
from typing import Any

import pytest
from PIL import Image

from olamchat.files import photos
from olamchat.files.photos import upright
from olamchat.files.sniffing import Unreadable, sniff
from tests import samples

RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(form: str, *, orientation: int = 0, **more: Any) -> bytes:
    """A wide image, red on its left and blue on its right, with a camera's word on how to turn it."""
    image = Image.new("RGB", (60, 20), RED)
    image.paste(BLUE, (30, 0, 60, 20))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        exif[0x8825] = {1: "N", 2: (48.0, 8.0, 14.0)}
    written = io.BytesIO()
    image.save(written, form, exif=exif, **more)
    return written.getvalue()


def seen(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_lies_on_its_side_is_turned_and_keeps_no_place(form: str) -> None:
    turned = upright(photo(form, orientation=6))

    image = seen(turned)
    assert (image.size, dict(image.getexif())) == ((20, 60), {})
    red, _, blue = image.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
    assert red > blue
    assert (sniff(turned).width, sniff(turned).height) == (20, 60)


@pytest.mark.parametrize(
    "data", [photo("JPEG"), photo("JPEG", orientation=1), photo("WEBP"), samples.png(), samples.gif(), samples.pdf("Exif\x00\x00"), b"eXIf"]
)
def test_what_needs_no_turning_stays_as_it_is(data: bytes) -> None:
    assert upright(data) is data


def test_avif_becomes_what_every_engine_reads() -> None:
    assert sniff(upright(photo("AVIF"))).media_type == "image/jpeg"

    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "AVIF")
    kept = upright(clear.getvalue())
    assert (sniff(kept).media_type, seen(kept).mode) == ("image/png", "RGBA")


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_an_animation_stays_one(form: str) -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (8, 6), colour) for colour in (RED, BLUE)]
    frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=100)
    data = written.getvalue()

    assert upright(data) is data
    assert (sniff(data).kind, sniff(data).width, sniff(data).height) == ("image", 8, 6)


@pytest.mark.parametrize(
    "data", [photo("AVIF")[:200], b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + bytes(50), photo("JPEG", orientation=6)[:150]]
)
def test_a_broken_one_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="broken"):
        upright(data)


def test_one_that_is_too_large_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_PIXELS", 1_000)

    with pytest.raises(Unreadable):
        upright(photo("JPEG", orientation=3))


def test_one_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PATIENCE_S", 0.001)

    with pytest.raises(Unreadable, match="too long"):
        upright(photo("AVIF"))
