"""The file: a tar with a manifest in front, which says what is in it and how to tell that it is whole; encrypted as a whole where wished.

manifest.json   format, version, what the database is and holds, and size and SHA-256 of every other member
database.dump   pg_dump's custom format
keys/*          the keys that sign and verify tokens
settings/*      the variables that were set, and the files that they named
objects.jsonl   files that lie in an S3-compatible store, which is not in here: id, bytes, SHA-256
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.process import CannotStart

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Member:
    """What one member must be."""

    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup is of. `counts` are rows at the moment of the dump."""

    format: int = FORMAT
    version: str
    made_at: str
    postgres: int
    migrations: list[str]
    counts: dict[str, int]
    members: dict[str, Member] = field(default_factory=dict)


def write(target: Path, manifest: Manifest, members: Mapping[str, Path | bytes]) -> None:
    """Write a backup, for its owner's eyes only; under another name until it is whole."""
    told = {**asdict(manifest), "members": {name: asdict(_measured(what)) for name, what in members.items()}}
    draft = target.with_name(f"{target.name}.partial")
    draft.touch(mode=0o600)
    with tarfile.open(draft, "w") as tar:
        _add(tar, MANIFEST, json.dumps(told, indent=2).encode())
        for name, what in members.items():
            _add(tar, name, what)
    draft.replace(target)


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder and check every byte of it. Raises CannotStart for what is none, or isn't whole."""
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _manifest(tar, source)
            for entry in tar:
                if entry.name in manifest.members and entry.isfile():
                    _extract(tar, entry, folder, manifest.members[entry.name])
    except (tarfile.TarError, EOFError, OSError) as error:
        raise CannotStart(f"{source} is not a backup, or only the beginning of one ({error}).") from None
    if missing := sorted(name for name in manifest.members if not (folder / name).exists()):
        raise CannotStart(f"{source} is cut short: {', '.join(missing)} is missing.")
    return manifest


def _manifest(tar: tarfile.TarFile, source: Path) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise CannotStart(f"{source} is not a backup of olamchat: it has no manifest.")
    told = json.load(content)
    if told.get("format") != FORMAT:
        raise CannotStart(f"{source} was made by a newer olamchat ({told.get('version')}). Restore it with that version.")
    return Manifest(**{**told, "members": {name: Member(**one) for name, one in told["members"].items()}})


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, expected: Member) -> None:
    target = (folder / entry.name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise CannotStart(f"The backup has a file that would lie outside of it: {entry.name}.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    content = tar.extractfile(entry)
    assert content is not None, "it is a file"
    with target.open("wb") as out:
        while chunk := content.read(_CHUNK):
            out.write(chunk)
    if _measured(target) != expected:
        raise CannotStart(f"The backup is damaged: {entry.name} is not what its checksum says. Take another copy of the file.")


def _measured(what: Path | bytes) -> Member:
    if isinstance(what, bytes):
        return Member(bytes=len(what), sha256=hashlib.sha256(what).hexdigest())
    with what.open("rb") as content:
        return Member(bytes=what.stat().st_size, sha256=hashlib.file_digest(content, "sha256").hexdigest())


def _add(tar: tarfile.TarFile, name: str, what: Path | bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.size = 0o600, len(what) if isinstance(what, bytes) else what.stat().st_size
    with io.BytesIO(what) if isinstance(what, bytes) else what.open("rb") as content:
        tar.addfile(entry, content)
