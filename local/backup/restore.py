"""Make a house out of a backup: into an empty data folder, all of it or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from local import postgres, say, version
from local.backup import archive, database, seal, settings
from local.backup.archive import Manifest
from local.folder import Folder, RunsAlready
from local.parts import ROOT
from local.process import CannotStart


def restore(folder: Folder, source: Path, key: Path | None = None) -> int:
    """Restore a backup into the data folder, or the database that DATABASE_URL names. Returns the exit code. Raises CannotStart."""
    if not source.is_file():
        raise CannotStart(f"There is no file {source}.")
    with _locked(folder), _workroom(folder) as work:
        with say.step("Checking") as step:
            manifest = archive.unpack(_plain(source, key, work), work)
            _check(manifest)
            step.note = f"{len(manifest.members)} files, made {manifest.made_at} by {manifest.version}"
        with database.opened(folder) as url:
            _database(url, manifest, work)
        names = settings.put_back(folder, work)
    _tell(folder, manifest, names)
    return 0


@contextmanager
def _locked(folder: Folder) -> Iterator[None]:
    folder.make()
    try:
        folder.lock()
    except RunsAlready:
        raise CannotStart(f"olamchat runs in {folder.path}. Restore into another folder (--data), or stop it first.") from None
    try:
        yield
    finally:
        folder.unlock()


@contextmanager
def _workroom(folder: Folder) -> Iterator[Path]:
    work = folder.path / "restore.draft"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _plain(source: Path, key: Path | None, work: Path) -> Path:
    if not seal.is_encrypted(source):
        return source
    if key is None:
        raise CannotStart(f"{source} is encrypted. Name the file with its private key: --key FILE")
    seal.decrypt(source, work / "plain.tar", key)
    return work / "plain.tar"


def _check(manifest: Manifest) -> None:
    """Refuse what this version can't make a house of."""
    known = {file.stem for file in (ROOT / "migrations").glob("[0-9]*.py")}
    if unknown := [name for name in manifest.migrations if name not in known]:
        raise CannotStart(
            f"The backup was made by a newer olamchat ({manifest.version}, with {unknown[-1]}). Restore it with that version or a newer one."
        )
    if not database.is_given() and manifest.postgres > (mine := int(postgres.version().split(".")[0])):
        raise CannotStart(f"The backup is of PostgreSQL {manifest.postgres}, and the bundled one is {mine}. Update olamchat first.")


def _database(url: str, manifest: Manifest, work: Path) -> None:
    dump = work / "database.dump"
    with say.step("Database") as step, database.connect(url) as connection:
        connection.autocommit = True
        _empty(connection)
        words = ["--no-owner", "--no-privileges", "--no-comments", "--no-password", "--single-transaction", "--exit-on-error"]
        database.run("pg_restore", url, *words, dump, watch=lambda: say.going(f"Database  {dump.stat().st_size / 1e6:.1f} MB"))
        counts = database.counts(connection)
        if counts != manifest.counts:
            raise CannotStart(f"The database has {counts} now, and the backup had {manifest.counts}. Don't use it; restore again.")
        connection.execute("ANALYZE")
        step.note = f"{counts['users']} accounts, {counts['conversations']} conversations, {counts['messages']} messages"


def _empty(connection: psycopg.Connection) -> None:
    """Take away the tables of a house that nobody has used yet; refuse one that somebody has."""
    [there] = connection.execute("SELECT to_regclass('public.users') IS NOT NULL").fetchone() or [False]
    if not there:
        return
    if people := database.count(connection, "users"):
        raise CannotStart(f"There are {people} accounts in this house already. Restore into an empty folder: --data FOLDER")
    connection.execute("DROP OWNED BY CURRENT_USER")


def _tell(folder: Folder, manifest: Manifest, names: list[str]) -> None:
    data = {} if folder.path == Path(".data").absolute() else {"data": folder.path}
    say.line(f"Restored {manifest.counts['conversations']} conversations. Everyone signs in as before. Start it: {version.start(**data)}")
    if names:
        say.line(f"These were set and are not applied by themselves; {folder.path / 'settings'} has their values: {', '.join(names)}")
