"""The restore drill: a house is filled, backed up while it runs, and made again from the file alone, in a folder where nothing was."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from tests.local.conftest import ROOT, Running, until
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server

pytestmark = pytest.mark.timeout(300)
Start = Callable[..., Running]
LOGIN = {"email": "ann@example.org", "password": "correct horse battery", "tokens": True}
NOTES = "Grüße, 安\r\n".encode() * 1_000


def word(*given: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "local", *given], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)


class Person:
    """Somebody who is signed in at a house."""

    def __init__(self, house: Running, how: str) -> None:
        answer = requests.post(f"{house.address}/api/auth/{how}", json=LOGIN, timeout=30)
        assert answer.status_code < 300, answer.text
        self.tokens = answer.json()
        self._base = f"{house.address}/api"
        self._headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def get(self, path: str) -> requests.Response:
        answer = requests.get(self._base + path, headers=self._headers, timeout=60)
        answer.raise_for_status()
        return answer

    def post(self, path: str, **given: object) -> dict[str, dict[str, str]]:
        answer = requests.post(self._base + path, headers={**self._headers, "Idempotency-Key": str(uuid4())}, timeout=60, **given)  # type: ignore[arg-type]
        assert answer.status_code < 300, answer.text
        told: dict[str, dict[str, str]] = answer.json()
        return told

    def ask_twice(self, question: str, files: list[str]) -> None:
        """Ask, wait for the answer, and have a second one written beside it."""
        begun = self.post("/conversations", json={"question": {"content": question, "attachments": files}})
        here = f"/conversations/{begun['conversation']['id']}/messages"
        until(lambda: self.get(f"{here}/{begun['answer']['id']}").json()["status"] == "done", 60)
        again = self.post(f"{here}/{begun['answer']['id']}/regenerate", json={})
        until(lambda: self.get(f"{here}/{again['answer']['id']}").json()["status"] == "done", 60)

    def everything(self) -> dict[str, bytes]:
        """Return the export of all conversations with all branches and files, by the names in it."""
        with zipfile.ZipFile(io.BytesIO(self.get("/conversations/export").content)) as export:
            return {name: export.read(name) for name in export.namelist()}


@pytest.fixture
def house(start: Start, ollama: Server) -> Running:
    for name in list(ollama.book.models()):
        ollama.book.remove(name)
    ollama.book.set("counter", make({"length": 5}), None)
    return start(OLLAMA_URL=ollama.url, OLAMCHAT_SIGN_UP="domains").ready()


@pytest.fixture
def full(house: Running) -> Running:
    """A house with conversations in four scripts, branches and a file."""
    ann = Person(house, "signup")
    notes = ann.post("/files", params={"name": "notes.txt"}, data=NOTES)["id"]
    for question in ("Zähle bis fünf.\r\n", "数到五 😀", "عُدَّ إلى خمسة", "Count.\n```py\nprint(5)\n```"):
        ann.ask_twice(question, [str(notes)] if question == "数到五 😀" else [])
    return house


def test_a_house_comes_back_from_its_backup_byte_for_byte(full: Running, start: Start, tmp_path: Path) -> None:
    ann = Person(full, "login")
    before = ann.everything()
    key, file, other = tmp_path / "key.txt", tmp_path / "house.backup", tmp_path / "other"
    made = word("backup", "--make-key", key)
    taken = word("backup", file, "--key", key, "--data", full.folder.path)
    assert (made.returncode, taken.returncode) == (0, 0), made.stderr + taken.stderr

    over_a_running_one = word("restore", file, "--key", key, "--data", full.folder.path)
    full.end()
    over_a_used_one = word("restore", file, "--key", key, "--data", full.folder.path)
    without_the_key = word("restore", file, "--data", other)
    restored = word("restore", file, "--key", key, "--data", other)

    assert "Nothing was restored. olamchat runs in" in over_a_running_one.stderr
    assert "There are 1 accounts in this house already. Restore into an empty folder" in over_a_used_one.stderr
    assert "is encrypted. Name the file with its private key" in without_the_key.stderr
    assert restored.returncode == 0, restored.stderr
    assert "1 accounts, 4 conversations, 12 messages" in restored.stdout
    assert "OLAMCHAT_SIGN_UP" in restored.stdout
    assert "OLAMCHAT_SIGN_UP=domains" in (other / "settings/variables.env").read_text()
    again = start(other).ready()
    assert len(before) == 10  # account.json, each conversation in two forms, the file
    assert Person(again, "login").everything() == before
    renewed = requests.post(
        f"{again.address}/api/auth/refresh", headers={"Authorization": f"Bearer {ann.tokens['refresh_token']}"}, timeout=30
    )
    assert renewed.status_code == 200, renewed.text  # whoever was signed in still is: the keys came along
    assert [*other.glob("*.draft"), *full.folder.path.glob("*.draft"), *tmp_path.glob("*.partial")] == []
