"""Fill a real Open WebUI by its own API, move it into a new house by the documented commands, and look whether all of it arrived.

    python -m bench.peers.move --open-webui owui/bin/open-webui

Prints what each step took. Ends with an error where something is missing, came twice, or a password no longer works.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from bench.peers import olamchat, open_webui_place, team
from bench.peers.rounds import ready
from bench.peers.team import LEFT, Person
from local.version import number
from tests.faults.clients.api import Api
from tests.faults.house import ROOT

READ_WITHIN_S = 120
T = TypeVar("T")


def main() -> None:
    """Fill, move twice, check."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers.move", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--open-webui", type=Path, metavar="COMMAND", required=True, help="its command, open-webui")
    parser.add_argument("--people", type=int, default=20, help="accounts (20)")
    parser.add_argument("--chats", type=int, default=25, help="chats of each (25)")
    parser.add_argument("--postgres", action="store_true", help="have its tables in PostgreSQL, not in SQLite")
    parser.add_argument("--folder", type=Path, help="where data and logs are kept; a temporary folder, removed at the end, where not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="olamchat-move-") as made:
        asyncio.run(_run(given, given.folder or Path(made)))


async def _run(given: argparse.Namespace, folder: Path) -> None:
    there = open_webui_place.Place(given.open_webui.absolute(), folder / "open-webui", several=given.postgres)
    here = olamchat.Place(folder / "olamchat")
    for place in ("open-webui", "olamchat"):
        (folder / place).mkdir(parents=True)
    try:
        there.start()
        await ready(there.processes[0])
        people = await _timed("Open WebUI filled by its API", team.fill(there.process_ports[0], given.people, given.chats))
        await _timed("a new house started", _started(here))
        await _move(there, here, folder, people)
        await _timed("everything looked at", _check(Api(here.port), people))
        _print(people)
    finally:
        there.stop()
        here.stop()


async def _started(here: olamchat.Place) -> None:
    here.start()


async def _move(there: open_webui_place.Place, here: olamchat.Place, folder: Path, people: list[Person]) -> None:
    """Look first, move, and move once again, which changes nothing."""
    chats, nobody = sum(len(person.chats) for person in people), (0, 0)
    wanted = [("--dry-run", (len(people), chats)), ("", (len(people), chats)), ("", nobody)]
    for flag, made in wanted:
        report = folder / "report.jsonl"
        what = {"--dry-run": "dry run"}.get(flag, "moved" if made != nobody else "moved a second time")
        said = await _timed(what, asyncio.to_thread(_import, there, here, report, flag))
        print("    " + "\n    ".join(said.splitlines()))
        found = _count(said, "accounts made"), _count(said, "conversations made")
        assert found == made, f"{what}: {found} accounts and conversations made, not {made}"
        kinds = {json.loads(line)["kind"] for line in report.read_text().splitlines()}
        assert kinds <= LEFT, f"{what}: something unexpected stayed behind: {kinds - LEFT}"


def _import(there: open_webui_place.Place, here: olamchat.Place, report: Path, flag: str) -> str:
    place = [there.database_url, "--uploads", there.data / "uploads"] if there.several else [there.data]
    words = [sys.executable, "-m", "local", "import", "open-webui", *place, "--data", here.data, "--report", report]
    done = subprocess.run([*words, *([flag] if flag else [])], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _count(said: str, what: str) -> int:
    found = [int(line.split()[0].replace(",", "")) for line in said.splitlines() if line.endswith(f" {what}")]
    return found[0] if found else 0


async def _check(visitor: Api, people: list[Person]) -> None:
    for person in people:
        login = {"email": person.email, "password": person.password, "tokens": True}
        status, come = await visitor.once("POST", "/api/auth/login", login)
        assert status == 200, f"{person.email} can't sign in: {status} {come}"
        await _look(Api(visitor.port, come["access_token"]), person)


async def _look(api: Api, person: Person) -> None:
    """Hold somebody's chats, files, prompts and documents against what they had."""
    found: dict[str, list[str]] = {}
    kept: dict[str, bytes] = {}
    async for conversation in _all(api, "/api/conversations"):
        messages = [one async for one in _all(api, f"/api/conversations/{conversation['id']}/messages")]
        assert conversation["title"] not in found, f"{conversation['title']} came twice"
        found[conversation["title"]] = sorted(one["content"].strip() for one in messages)
        kept |= {one["name"]: await _bytes(api, one["id"]) for message in messages for one in message["attachments"]}
    assert found == person.chats, f"{person.email}: {_difference(found, person.chats)}"
    assert kept == person.files, f"{person.email}'s files: {sorted(kept)}"
    prompts = await api.until("GET", "/api/prompts")
    assert sorted(one["name"] for one in prompts["items"] if one["mine"]) == sorted(person.prompts)
    if person.documents:
        assert sorted(await _documents(api)) == sorted(person.documents)


async def _documents(api: Api) -> list[str]:
    """Return the documents of somebody's collections, once all of them are read."""
    deadline = time.monotonic() + READ_WITHIN_S
    while True:
        collections = await api.until("GET", "/api/knowledge/collections")
        paths = [f"/api/knowledge/collections/{one['id']}/documents" for one in collections["items"]]
        documents = [one for path in paths async for one in _all(api, path)]
        if all(one["searchable"] for one in documents):
            return [one["path"] for one in documents]
        assert time.monotonic() < deadline, f"not read: {[one['path'] for one in documents if not one['searchable']]}"
        await asyncio.sleep(0.5)


async def _all(api: Api, path: str) -> AsyncIterator[dict[str, Any]]:
    """Yield the items of every page of a list."""
    cursor: str | None = ""
    while cursor is not None:
        page = await api.until("GET", f"{path}?limit=100{f'&cursor={quote(cursor)}' if cursor else ''}")
        for item in page["items"]:
            yield item
        cursor = page.get("next_cursor")


async def _bytes(api: Api, file_id: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{api.port}/api/files/{file_id}", headers={"Authorization": f"Bearer {api.token}"})
    with await asyncio.to_thread(urllib.request.urlopen, request) as answer:
        return bytes(answer.read())


def _difference(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> str:
    wrong = [title for title in wanted if title in found and found[title] != wanted[title]]
    return f"missing {sorted(wanted.keys() - found.keys())}, new {sorted(found.keys() - wanted.keys())}, other texts in {wrong}"


async def _timed(what: str, awaited: Awaitable[T]) -> T:
    began = time.monotonic()
    result = await awaited
    print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)
    return result


def _print(people: list[Person]) -> None:
    chats = sum(len(person.chats) for person in people)
    messages = sum(len(texts) for person in people for texts in person.chats.values())
    files = sum(len(person.files) for person in people)
    print(
        f"olamchat {number()}: {len(people)} people, {chats} chats, {messages} messages, {files} files, all there and the passwords work."
    )


if __name__ == "__main__":
    main()
