"""What can't be restored is refused before anything is touched, with a sentence that says why."""

from pathlib import Path

import pytest

from local.__main__ import main
from local.backup import archive, seal
from local.backup.archive import Manifest
from local.process import CannotStart

DUMP = b"PGDMP" + b"x" * 3_000_000


def manifest(**other: object) -> Manifest:
    usual = {"version": "0.1.0", "made_at": "2026-11-30T12:00:00+00:00", "postgres": 18, "migrations": ["0001_first_tables"], "counts": {}}
    return Manifest(**{**usual, **other})  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    archive.write(tmp_path / "house.backup", manifest(), {"database.dump": DUMP, "keys/signing.pem": b"a key"})
    return tmp_path / "house.backup"


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Refused":
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Refused(tmp_path / "data", capsys)


class Refused:
    """Restores a file that can't be, and returns the sentence about it; nothing may have been made of it."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._data, self._capsys = data, capsys

    def __call__(self, file: Path, *words: str | Path) -> str:
        assert main(["restore", str(file), "--data", str(self._data), *map(str, words)]) == 1
        assert not (self._data / "postgres").exists()
        assert not (self._data / "keys").exists()
        assert list(self._data.glob("*.draft")) == []
        return self._capsys.readouterr().err


def test_what_is_written_is_what_is_unpacked(file: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()

    told = archive.unpack(file, unpacked)

    assert told.migrations == ["0001_first_tables"]
    assert (unpacked / "database.dump").read_bytes() == DUMP
    assert (unpacked / "keys/signing.pem").read_bytes() == b"a key"
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_file_is_no_backup(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann, " * 1_000)

    assert "letter.txt is not a backup" in refused(tmp_path / "letter.txt")
    assert "There is no file" in refused(tmp_path / "nothing")


@pytest.mark.parametrize("at", [5_000, 1_500_000])
def test_a_changed_byte_is_noticed(refused: Refused, file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)

    assert "The backup is damaged: database.dump is not what its checksum says" in refused(file)


def test_a_file_that_was_cut_short_is_noticed(refused: Refused, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1_000_000])

    assert "only the beginning of one" in refused(file)


def test_a_backup_of_a_newer_olamchat_is_refused(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "newer.backup"
    archive.write(file, manifest(version="9.0.0", migrations=["0001_first_tables", "9999_wonders"]), {"database.dump": DUMP})

    assert "The backup was made by a newer olamchat (9.0.0, with 9999_wonders)" in refused(file)


def test_a_backup_of_a_newer_format_is_refused(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "newer.backup"
    archive.write(file, manifest(version="9.0.0", format=2), {"database.dump": DUMP})

    assert "was made by a newer olamchat (9.0.0)" in refused(file)


def test_a_backup_of_a_newer_postgresql_is_refused(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "newer.backup"
    archive.write(file, manifest(postgres=99), {"database.dump": DUMP})

    assert "The backup is of PostgreSQL 99, and the bundled one is" in refused(file)


def test_a_member_that_would_lie_elsewhere_is_refused(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "evil.backup"
    archive.write(file, manifest(), {"database.dump": DUMP, "../../escaped": b"out"})

    assert "a file that would lie outside of it" in refused(file)
    assert not (tmp_path / "escaped").exists()


def test_only_its_own_key_opens_an_encrypted_backup(refused: Refused, file: Path, tmp_path: Path) -> None:
    public = seal.make_key(tmp_path / "key.txt")
    seal.make_key(tmp_path / "other.txt")
    seal.encrypt(file, tmp_path / "sealed", public)

    assert DUMP[:100] not in (tmp_path / "sealed").read_bytes()
    assert "is encrypted. Name the file with its private key: --key FILE" in refused(tmp_path / "sealed")
    assert "It was made for another key, or is damaged" in refused(tmp_path / "sealed", "--key", tmp_path / "other.txt")


def test_a_key_file_serves_both_ways(file: Path, tmp_path: Path) -> None:
    seal.make_key(tmp_path / "key.txt")
    seal.encrypt(file, tmp_path / "sealed", str(tmp_path / "key.txt"))
    seal.decrypt(tmp_path / "sealed", tmp_path / "plain", tmp_path / "key.txt")

    assert (tmp_path / "plain").read_bytes() == file.read_bytes()
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "says"), [("", "holds no private key of age"), ("AGE-SECRET-KEY-1NONSENSE", "holds no private key of age")]
)
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "key.txt").write_text(content)

    with pytest.raises(CannotStart, match=says):
        seal.encrypt(tmp_path / "key.txt", tmp_path / "sealed", str(tmp_path / "key.txt"))


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    seal.make_key(tmp_path / "key.txt")

    with pytest.raises(CannotStart, match="exists already"):
        seal.make_key(tmp_path / "key.txt")


def test_a_folder_without_a_house_has_no_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert main(["backup", str(tmp_path / "house.backup"), "--data", str(tmp_path / "nowhere")]) == 1
    assert "No backup was made. There is no house in" in capsys.readouterr().err
