"""Files that people attach to their messages: taken in, checked, kept, read again, and swept when nothing needs them any more.

What a file is its bytes say. A file of somebody else is not there (NotFound).
"""

import hashlib
import logging
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat.db import files as rows
from olamchat.db.pool import DatabaseLost, connected, database
from olamchat.environment import environment
from olamchat.errors import FileInUse, FileRefused, FileTooLarge, FileUnreadable, Invalid, NotFound, StorageFull, TooManyFiles
from olamchat.files import kinds, pdf, photos, sniffing
from olamchat.files.sniffing import NotTaken, Sniffed, Unreadable
from olamchat.services import storage

# So much of a text is read as it comes. Index workers read what is longer, and what takes a reader of its own.
MOST_CHARACTERS = 200_000
# A text with fewer always goes in whole.
SHORT = 2_000
NAME_LENGTH = 120
UNUSED_S = 86_400
# As long as a deleted conversation keeps its files; it can be restored after that, too.
DELETED_DAYS = 7
_SPECIFIC = {"png", "jpg", "jpeg", "webp", "gif", "pdf"}
_OFFICE = {"docx", "xlsx", "pptx", "odt", "epub"}
# What can't be seen, or turns the letters after it around, has no place in a name.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_TOLD = ("name", "media_type", "bytes", "kind")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Content:
    """A file as it is handed out."""

    name: str
    media_type: str
    kind: str
    digest: str
    store: str
    id: UUID

    def read(self) -> bytes:
        """Return the bytes. Raises NotFound, DatabaseLost."""
        content = storage.store(self.store).get(self.id)
        if content is None:
            raise NotFound
        return content


def limits(*, user_id: UUID) -> dict[str, Any]:
    """Return what a person may attach, and how much they have."""
    with connected():
        used = rows.used(user_id)
    settings = environment()
    return {
        "file_bytes": settings.file_bytes, "files_per_message": settings.files_per_message,
        "total_bytes": settings.files_total_bytes, "used_bytes": used, "characters": MOST_CHARACTERS,
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file to attach, as far as it was read when it came."""

    name: str
    content: bytes
    seen: Sniffed
    text: str | None
    cut: bool
    store: storage.StoreName

    @property
    def is_document(self) -> bool:
        """Whether index workers read it too: its text may be more than a model has room for, or isn't known yet."""
        return self.seen.kind != "image" and (self.text is None or self.cut or len(self.text) > SHORT)

    def shown(self, file_id: UUID, document_id: UUID | None) -> dict[str, Any]:
        """Return it as the API shows it."""
        told = _told({"id": file_id, "document_id": document_id, **self._values})
        return {**told, "width": self.seen.width, "height": self.seen.height, "characters": self.text and len(self.text), "cut": self.cut}

    def add(self, user_id: UUID) -> UUID:
        """Count the file in; return its id. Within a transaction that has locked the person. Raises StorageFull."""
        digest = hashlib.sha256(self.content).hexdigest()
        sizes = {"width": self.seen.width, "height": self.seen.height}
        return _add(
            {**self._values, **sizes, "user_id": user_id, "digest": digest, "text": self.text, "cut": self.cut, "store": self.store}
        )

    @property
    def _values(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.seen.kind, "media_type": self.seen.media_type, "bytes": len(self.content)}


def read(*, name: str, content: bytes) -> Read:
    """Tell what a file is, and read it as far as that is quickly done. Raises FileTooLarge, FileRefused, FileUnreadable."""
    if len(content) > environment().file_bytes:
        raise too_large()
    name = safe_name(name)
    content, seen, text, cut = _read(content, name)
    return Read(name=_with_ending(name, seen), content=content, seen=seen, text=text, cut=cut, store=storage.chosen())


def get(*, user_id: UUID, file_id: UUID) -> Content:
    """Return a file. Raises NotFound."""
    with connected():
        row = rows.find(file_id, user_id)
    if row is None:
        raise NotFound
    return Content(**{name: row[name] for name in ("id", "name", "media_type", "kind", "digest", "store")})


def delete(*, user_id: UUID, file_id: UUID) -> None:
    """Delete a file that no message has. Raises NotFound, FileInUse."""
    with connected():
        if rows.find(file_id, user_id) is None:
            raise NotFound
        if rows.delete_unused(file_id, user_id):
            return
    raise FileInUse


def chosen(*, user_id: UUID, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return these files as messages tell them; within a transaction they stay. Raises TooManyFiles, Invalid where one isn't there."""
    if len(ids) > environment().files_per_message:
        raise TooManyFiles(f"A message has at most {environment().files_per_message} files; these are {len(ids)}.")
    found = rows.chosen(ids, user_id) if ids else []
    if len(found) != len(ids):
        message = "One of these files is not there any more, or is named twice. Attach it again."
        raise Invalid(message, errors=[{"field": "attachments", "message": message}])
    return [_told(row) for row in found]


def sweep() -> int:
    """Delete what nobody needs: uploads never sent, the bytes of conversations deleted a while ago, objects without a row; return how many.

    Raises DatabaseLost.
    """
    with connected(), database.atomic():
        swept = rows.sweep_unused(UNUSED_S) + rows.sweep_forgotten(DELETED_DAYS)
    with connected():
        left = rows.left()
    for file_id in left:
        storage.store("s3").delete(file_id)
        with connected():
            rows.cleared(file_id)
    return swept + len(left)


def safe_name(name: str) -> str:
    """Return a name without a path and without what can't be seen; "file" where nothing is left."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = " ".join(_UNSEEN.sub("", " ".join(name.split())).split()).strip(". ")
    if len(name) > NAME_LENGTH:
        tail = sniffing.ending(name)[:12]
        name = name[: NAME_LENGTH - len(tail) - 2].rstrip(". ") + (f"….{tail}" if tail else "…")
    return name or "file"


def too_large() -> FileTooLarge:
    """Return the refusal of a file with more bytes than may come."""
    most = environment().file_bytes
    return FileTooLarge(f"A file may have at most {most / 2**20:.3g} MiB.", most_bytes=most)


def reserve(user_id: UUID, *, name: str, media_type: str, content: bytes, digest: str) -> UUID:
    """Count a document's file in, whose bytes `put` brings into the store; return its id. Within a transaction that has locked the person.

    Raises StorageFull.
    """
    values = {
        "user_id": user_id, "name": name, "kind": "document", "media_type": media_type, "bytes": len(content), "digest": digest,
        "store": storage.chosen(),
    }  # fmt: skip
    return _add(values)


def put(place: storage.StoreName, file_id: UUID, user_id: UUID, content: bytes) -> None:
    """Put the bytes into their store; where that can't be the row goes, and with it what may have come of them. Raises DatabaseLost.

    Where the row is gone by now, as when another upload has replaced it, nothing stays of them.
    """
    try:
        storage.store(place).put(file_id, content)
    except DatabaseLost:
        with suppress(DatabaseLost), connected():
            rows.delete_unused(file_id, user_id)
        raise
    with connected():
        is_there = rows.kept(file_id)
    if not is_there:
        storage.store(place).delete(file_id)


def _add(values: dict[str, Any]) -> UUID:
    _refuse_excess(rows.used(values["user_id"]) + values["bytes"])
    return rows.add(values)


def _read(content: bytes, name: str) -> tuple[bytes, Sniffed, str | None, bool]:
    """Return the bytes to keep (photos upright, text in UTF-8), what the file is, its text, and whether the text was cut."""
    if not content:
        raise FileUnreadable("There is nothing in this file.")
    try:
        content = photos.upright(content)
        if office := _office(content, name):
            return content, office, None, False
        seen = sniffing.sniff(content, name)
        if seen.kind == "text" and sniffing.ending(name) in _SPECIFIC:
            raise NotTaken(f"By its name this is {sniffing.ending(name).upper()}, by its content it is text.")
        if seen.kind == "pdf":
            return content, seen, *_pdf(content)
    except NotTaken as refused:
        raise FileRefused(str(refused)) from None
    except Unreadable as refused:
        raise FileUnreadable(str(refused)) from None
    if seen.text is None:
        return content, seen, None, False
    return _as_utf8(content, seen.text), seen, seen.text[:MOST_CHARACTERS], len(seen.text) > MOST_CHARACTERS


def _pdf(content: bytes) -> tuple[str | None, bool]:
    """Return the text and whether there is more, in scans too where somebody reads them. Raises Unreadable where it never can be read."""
    another = bool(environment().reader_url)
    try:
        told = pdf.read(content, most_characters=MOST_CHARACTERS)
    except pdf.TakesTooMuch:
        return None, True
    except pdf.NoText:
        if another:
            return None, True
        raise
    return told.text, told.cut or (told.scans and another)


def _office(content: bytes, name: str) -> Sniffed | None:
    """Tell an office document or a book from other files. Raises NotTaken, Unreadable."""
    try:
        kind = kinds.kind(content, name)
    except (zipfile.BadZipFile, NotImplementedError):
        if sniffing.ending(name) in _OFFICE:
            raise Unreadable("This document is broken.") from None
        return None
    if kind == "old":
        if kinds.is_locked_office(content):
            raise Unreadable("This document is locked by a password.")
        if environment().reader_url:
            return Sniffed(kind="office", media_type=kinds.media_type(f".{kind}"))
        raise NotTaken("This is a document of Office 97–2003. Save it as DOCX, XLSX or PPTX.")
    return Sniffed(kind="office", media_type=kinds.media_type(f".{kind}"), endings=(kind,)) if kind in _OFFICE else None


def _as_utf8(content: bytes, text: str) -> bytes:
    """Downloads are told to be UTF-8, so the bytes are."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return text.encode()
    return content


def _with_ending(name: str, seen: Sniffed) -> str:
    """An image or PDF is never named as something that a machine would run or show when it is opened."""
    if seen.endings and sniffing.ending(name) not in seen.endings:
        return f"{name}.{seen.endings[0]}"
    return name


def _refuse_excess(total: int) -> None:
    most = environment().files_total_bytes
    if total > most:
        raise StorageFull(
            f"Your files may have {most / 2**20:,.0f} MiB in all. Delete conversations with files, or documents, that you no longer need."
        )


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    document = row["document_id"]
    return {"id": str(row["id"]), **{name: row[name] for name in _TOLD}, "document_id": document and str(document)}
