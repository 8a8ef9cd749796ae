"""What a document is, judged by its bytes; and the media type to serve it with, judged by its name."""

import io
import zipfile
from typing import Literal

from olamchat.files.sniffing import ending

Kind = Literal["pdf", "docx", "xlsx", "pptx", "odt", "epub", "html", "text", "old", "zip", "image"]
# What each of the archives has in it that no other has.
_ARCHIVES: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("META-INF/container.xml", "epub"),
    ("content.xml", "odt"),
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_HEAD = 2_048
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "epub": "application/epub+zip",
}

_UNNAMED = "application/octet-stream"
OFFICE_AND_PDF = tuple(_MEDIA.values())
MEDIA = (*OFFICE_AND_PDF, _UNNAMED)


def media_type(name: str) -> str:
    """Return what a document is handed out as: never as something that a browser would run."""
    return _MEDIA.get(ending(name), _UNNAMED)


def kind(data: bytes, name: str) -> Kind:
    """Tell what the bytes are. Raises zipfile.BadZipFile for a broken archive."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1_024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _archive(data)
    if head.startswith(_OLD):
        return "old"
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    return "html" if _is_html(head, name) else "text"


def is_locked_office(data: bytes) -> bool:
    """Tell whether what looks like an old document is a new one behind a password."""
    return _LOCKED in data


def _archive(data: bytes) -> Kind:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    return next((kind for name, kind in _ARCHIVES if name in names), "zip")


def _is_html(head: bytes, name: str) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (ending(name) in {"html", "htm", "xhtml"} and b"<" in head)
