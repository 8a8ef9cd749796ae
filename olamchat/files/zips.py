"""ZIP archives that are made while they are sent: no file and no more than one entry in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ZipMember(NamedTuple):
    """What has been packed already, as images are, isn't packed again."""

    name: str
    content: bytes
    packed: bool = False


class _Sink(io.RawIOBase):
    """Takes what zipfile writes until it is fetched; it can't go back, and zipfile adapts to that."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object, /) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(data)
        return len(data)

    def fetch(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def zipped(entries: Iterable[ZipMember]) -> Iterator[bytes]:
    """Yield the archive of these entries piece by piece."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, packed in entries:
            archive.writestr(name, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
            yield sink.fetch()
    yield sink.fetch()
