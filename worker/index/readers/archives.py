"""Archives are looked at before they are unpacked: a bomb is told by what it says of itself, and by what comes out of it."""

import io
import zipfile

from worker.index.readers.blocks import Unreadable

# Bytes and entries that a document may unfold to.
MOST_BYTES, MOST_ENTRIES = 300 << 20, 20_000


def opened(data: bytes) -> zipfile.ZipFile:
    """Open an archive that may be unpacked. Raises Unreadable, BadZipFile."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unreadable("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("locked")
    return archive


def check(data: bytes) -> None:
    """Refuse an archive that may not be unpacked. Raises Unreadable, BadZipFile."""
    opened(data).close()
