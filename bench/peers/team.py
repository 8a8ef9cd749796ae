"""A team's Open WebUI, filled by its own API: accounts, chats, folders, files, knowledge, prompts, a group, a tool, memories, notes."""

import asyncio
import base64
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.peers.engine import QUICK
from bench.peers.open_webui import question
from tests.faults.clients.api import Api

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WORDS = [
    "der",
    "Winter",
    "über",
    "Straße",
    "naïve",
    "安",
    "سلام",
    "plan",
    "week",
    "budget",
    "review",
    "draft",
    "table",
    "answer",
    "because",
    "should",
    "total",
]
TURNS, AT = 6, 1_790_000_000
# What can't come along, by the words of the import's report.
LEFT = {"folders", "tools", "memories", "notes", "groups", "prompts", "knowledge", "conversations"}


@dataclass
class Person:
    """Somebody, how they sign in, and what of theirs is to arrive: each chat's texts by its title, and files' bytes by their names."""

    email: str
    password: str
    api: Api
    id: str
    chats: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)


async def fill(port: int, people: int, chats: int) -> list[Person]:
    """Make the accounts and all that is theirs; the first one is the administrator."""
    chance = random.Random(1)
    team = [await _administrator(port)]
    team += [await _person(port, team[0], number) for number in range(1, people)]
    for person in team:
        await _own(person, chats, chance)
    await _shared(team)
    return team


async def _administrator(port: int) -> Person:
    account = {"name": "Ann", "email": "ann@example.org", "password": "quite a good one"}
    made = await _post(Api(port), "/api/v1/auths/signup", account)
    api = Api(port, made["token"])
    await api.until("GET", "/api/models")
    return Person(account["email"], account["password"], api, made["id"])


async def _person(port: int, administrator: Person, number: int) -> Person:
    account = {"name": f"Person {number}", "email": f"p{number}@example.org", "password": f"pässword {number}"}
    await _post(administrator.api, "/api/v1/auths/add", {**account, "role": "user"})
    made = await _post(Api(port), "/api/v1/auths/signin", {key: account[key] for key in ("email", "password")})
    return Person(account["email"], account["password"], Api(port, made["token"]), made["id"])


async def _own(person: Person, chats: int, chance: random.Random) -> None:
    folder = await _post(person.api, "/api/v1/folders/", {"name": "Work"})
    for number in range(chats):
        title, texts = f"Chat {number} of {person.email}", list(_texts(chance))
        files = await _files(person, number) if number % 10 == 0 else []
        content = _branched(title, texts, files) if number % 3 == 0 else _chat(title, texts, files)
        given = {"chat": content, "folder_id": folder["id"] if number % 4 == 0 else None}
        await _post(person.api, "/api/v1/chats/new", given)
        person.chats[title] = sorted(texts)
    await _asked(person)
    await _prompt(person)


def _texts(chance: random.Random) -> Iterator[str]:
    for number in range(TURNS * 2):
        yield f"{number}: " + " ".join(chance.choices(WORDS, k=chance.randint(5, 300)))


def _chat(title: str, texts: list[str], files: list[dict[str, Any]]) -> dict[str, Any]:
    return _content(title, [_message(f"m{at}", f"m{at - 1}" if at else None, at, text, files) for at, text in enumerate(texts)])


def _branched(title: str, texts: list[str], files: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a chat whose last question was asked twice, each time with its answer."""
    trunk, (again, answer) = texts[:-2], texts[-2:]
    messages = [_message(f"m{at}", f"m{at - 1}" if at else None, at, text, files) for at, text in enumerate(trunk)]
    other = [_message("b0", messages[-3]["id"], len(trunk), again, []), _message("b1", "b0", len(trunk) + 1, answer, [])]
    return _content(title, [*messages, *other])


def _message(id_: str, parent: str | None, at: int, text: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    said: dict[str, Any] = {"id": id_, "parentId": parent, "childrenIds": [], "content": text, "timestamp": AT + at}
    if at % 2:
        return {**said, "role": "assistant", "model": QUICK, "done": True}
    return {**said, "role": "user", **({"files": files} if at == 0 and files else {})}


def _content(title: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    for one in messages:
        one["childrenIds"] = [other["id"] for other in messages if other["parentId"] == one["id"]]
    history = {"messages": {one["id"]: one for one in messages}, "currentId": messages[-1]["id"]}
    return {"title": title, "models": [QUICK], "history": history, "messages": [], "params": {}, "files": [], "timestamp": AT * 1000}


async def _files(person: Person, number: int) -> list[dict[str, Any]]:
    """Upload a picture and a text, and return how a question names them."""
    text, picture = f"notes-{number}.txt", f"dot-{number}.png"
    person.files[text], person.files[picture] = f"Notes {number} of {person.email}, grün\n".encode(), PIXEL
    ids = {name: await upload(person.api, name, person.files[name]) for name in (text, picture)}
    return [{"type": "image" if name == picture else "file", "id": id_, "url": id_, "name": name} for name, id_ in ids.items()]


async def upload(api: Api, name: str, content: bytes) -> str:
    """Upload a file, have it read where it is a text, and return its id."""
    edge = uuid4().hex
    kind = "image/png" if name.endswith(".png") else "text/plain"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    path = f"/api/v1/files/?process={'false' if name.endswith('.png') else 'true'}&process_in_background=false"
    made = await _post(api, path, body, Content_Type=f"multipart/form-data; boundary={edge}")
    return str(made["id"])


async def _post(api: Api, path: str, body: object, **headers: str) -> Any:
    """Send it once: what is sent again would be there twice."""
    status, answer = await api.once("POST", path, body, **headers)
    assert status == 200, f"POST {path}: {status} {answer}"
    return answer


async def _asked(person: Person) -> None:
    """Ask the engine, as the page does, and wait for the answer."""
    status, answer = await person.api.once("POST", "/api/chat/completions", question(uuid4().hex, uuid4().hex, QUICK))
    assert status == 200, answer
    deadline = time.monotonic() + 60
    while True:
        chat = await person.api.until("GET", f"/api/v1/chats/{answer['chat_id']}")
        messages = chat["chat"]["history"]["messages"].values()
        if all(one.get("done", one["role"] == "user") for one in messages):
            person.chats[chat["title"]] = sorted(one["content"].strip() for one in messages)
            return
        assert time.monotonic() < deadline, "Open WebUI's answer never ended"
        await asyncio.sleep(0.1)


async def _prompt(person: Person) -> None:
    name = f"Greeting of {person.email}"
    given = {"command": f"greet-{person.email.partition('@')[0]}", "name": name, "content": "Say hello to {{name}}"}
    status, _ = await person.api.once("POST", "/api/v1/prompts/create", given)
    if status == 200:  # people may only where the administrator lets them
        person.prompts.append(name)


async def _shared(team: list[Person]) -> None:
    """Make what an administrator makes: a group, a tool, knowledge, a note, a memory."""
    administrator = team[0]
    api = administrator.api
    group = await _post(api, "/api/v1/groups/create", {"name": "Research", "description": "All of us"})
    await _post(api, f"/api/v1/groups/id/{group['id']}/users/add", {"user_ids": [person.id for person in team]})
    code = 'class Tools:\n    def clock(self) -> str:\n        """Tell the time."""\n        return "now"\n'
    await _post(api, "/api/v1/tools/create", {"id": "clock", "name": "Clock", "content": code, "meta": {"description": "A clock"}})
    await _post(api, "/api/v1/notes/create", {"title": "A note", "data": {"content": {"md": "Buy milk"}}})
    await _post(api, "/api/v1/memories/add", {"content": "Ann likes trains"})
    knowledge = await _post(api, "/api/v1/knowledge/create", {"name": "Handbook", "description": "Rules"})
    for number in range(5):
        name = f"rules-{number}.md"
        id_ = await upload(api, name, f"# Rules {number}\n\nThe kettle of floor {number} is descaled on Mondays.\n".encode())
        await _post(api, f"/api/v1/knowledge/{knowledge['id']}/file/add", {"file_id": id_})
        administrator.documents.append(name)
