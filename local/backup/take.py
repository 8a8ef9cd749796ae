"""Make a backup. The house may run meanwhile: the dump and the counts are of one moment."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from local import say, version
from local.backup import archive, database, seal, settings
from local.backup.archive import Manifest
from local.folder import Folder
from local.process import CannotStart


def backup(folder: Folder, target: Path, key: str = "") -> int:
    """Write a backup of what is in the data folder, encrypted where `key` names a key of age. Returns the exit code. Raises CannotStart."""
    _check(folder, target)
    given = settings.variables(folder)
    work = folder.path / "backup.draft"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        with database.running_or_opened(folder) as url, database.connect(url) as connection:
            manifest, objects = _dump(connection, url, work / "database.dump")
        members = {"database.dump": work / "database.dump", **settings.members(folder, given), "objects.jsonl": objects}
        _write(target, manifest, members, work / "plain.tar" if key else None, key)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _tell(target, manifest, objects, encrypted=bool(key))
    return 0


def _check(folder: Folder, target: Path) -> None:
    if target.exists():
        raise CannotStart(f"{target} exists already. Name another file.")
    if not target.absolute().parent.is_dir():
        raise CannotStart(f"There is no folder {target.absolute().parent}.")
    if not folder.runs() and not (folder.path / "postgres" / ".complete").exists() and not database.is_given():
        raise CannotStart(f"There is no house in {folder.path}. Name its data folder with --data.")


def _dump(connection: psycopg.Connection, url: str, target: Path) -> tuple[Manifest, bytes]:
    """Dump the database, and count what is in it, as it was at one moment."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with say.step("Database") as step, connection.transaction():
        [snapshot] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        manifest = _manifest(connection)
        words = ["--format=custom", "--no-password", "--exclude-extension=*", f"--snapshot={snapshot}", f"--file={target}"]
        target.touch(mode=0o600)
        database.run("pg_dump", url, *words, watch=lambda: say.going(f"Database  {_size(target.stat().st_size)}"))
        step.note = f"{manifest.counts['users']} accounts, {manifest.counts['messages']} messages, {_size(target.stat().st_size)}"
        return manifest, _objects(connection)


def _manifest(connection: psycopg.Connection) -> Manifest:
    try:
        applied = [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name")]
    except psycopg.errors.UndefinedTable:
        raise CannotStart("There is nothing in this database to make a backup of.") from None
    return Manifest(
        version=version.number(), made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        postgres=connection.info.server_version // 10_000, migrations=applied, counts=database.counts(connection),
    )  # fmt: skip


def _objects(connection: psycopg.Connection) -> bytes:
    """List the files that lie in an object store: their bytes are not in the database."""
    rows = connection.execute("SELECT id, bytes, digest FROM files WHERE store = 's3' AND state = 'kept' ORDER BY id")
    return "".join(f"{json.dumps({'id': str(id_), 'bytes': size, 'sha256': digest})}\n" for id_, size, digest in rows).encode()


def _write(target: Path, manifest: Manifest, members: dict[str, Path | bytes], plain: Path | None, key: str) -> None:
    with say.step(f"{target.name}{', encrypted' if plain else ''}") as step:
        archive.write(plain or target, manifest, members)
        if plain:
            seal.encrypt(plain, target, key)
        step.note = _size(target.stat().st_size)


def _tell(target: Path, manifest: Manifest, objects: bytes, *, encrypted: bool) -> None:
    say.line(f"Made a backup of {manifest.counts['conversations']} conversations. Restore it with: {version.PROGRAM} restore {target}")
    if not encrypted:
        say.line("It contains accounts, keys and every message, and anyone who has the file can read them; --key encrypts it.")
    if count := objects.count(b"\n"):
        say.line(f"{count} attached files lie in your object store and are not in it: keep that bucket too.")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
