"""Images as all who see them show them alike: a photo that lies on its side is turned, AVIF becomes JPEG or PNG. By a process of its own
(olamchat.files.photo_reader) within bounds of time and memory: nothing of an image is decoded here.
"""

import subprocess
import sys

from olamchat.files.pdf import READERS
from olamchat.files.sniffing import LONGEST_SIDE, MOST_PIXELS, Unreadable, brand

PATIENCE_S = 20.0
# Where cameras say which way up a photo is: in JPEG and WebP, and in PNG. Few other images have it.
_MAY_LIE = (b"Exif\x00\x00", b"EXIF", b"eXIf")
_HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


def upright(data: bytes) -> bytes:
    """Return the image as it is to be kept, the same bytes where nothing is to be done. Raises Unreadable."""
    if brand(data) != "avif" and not (data.startswith(_HEADS) and any(mark in data for mark in _MAY_LIE)):
        return data
    command = [sys.executable, "-m", "olamchat.files.photo_reader", str(MOST_PIXELS), str(LONGEST_SIDE)]
    with READERS:
        try:
            told = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            raise Unreadable("This image takes too long to read.") from None
    how, _, made = told.stdout.partition(b"\n")
    if told.returncode != 0 or how not in {b"same", b"made"}:
        raise Unreadable("This image is broken." if how == b"broken" else "This image takes too much to read.")
    return made if how == b"made" else data
