"""A small Open WebUI's database: the tables and columns of 0.12.4 that the import reads, with rows as its own API wrote them.

Made after a real one that was filled through its API; tests need neither its package nor its dependencies.
"""

import base64
import json
import sqlite3
from pathlib import Path
from typing import Any

import bcrypt
import psycopg

# Columns by table; JSON ones hold JSON, which SQLite keeps as text.
TABLES = {
    "user": "id text, name text, email text, role text, created_at bigint",
    "auth": "id text, email text, password text, active boolean, mfa json",
    "chat": "id text, user_id text, title text, created_at bigint, updated_at bigint, archived boolean, pinned boolean, chat json, folder_id text",
    "file": "id text, user_id text, filename text, path text, meta json",
    "folder": "id text, user_id text, name text",
    "group": "id text, user_id text, name text, permissions json",
    "group_member": "id text, group_id text, user_id text",
    "prompt": "id text, user_id text, command text, name text, content text",
    "knowledge": "id text, user_id text, name text, data json",
    "knowledge_directory": "id text, knowledge_id text, parent_id text, name text",
    "knowledge_file": "id text, knowledge_id text, file_id text, directory_id text",
    "tool": "id text, user_id text, name text",
}
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
NOTES = "Grüße aus dem Büro\n".encode()
ANN, ROOT, CARL, SINGLE = "7b121fcc", "afd2ae5b", "d52b785e", "0a0a0a0a"
PASSWORDS = {ANN: "correct horse battery", ROOT: "admin pässword 1", CARL: "carl carl carl"}
AT = 1_760_000_000


def message(id_: str, parent: str | None, role: str, content: object, **more: object) -> dict[str, Any]:
    return {"id": id_, "parentId": parent, "childrenIds": [], "role": role, "content": content, "timestamp": AT + int(id_[1:]), **more}


def chat(id_: str, user: str, title: str, messages: list[dict[str, Any]], shown: str | None, **more: Any) -> dict[str, Any]:
    """Return a row of the table `chat`."""
    history = {"messages": {one["id"]: one for one in messages}, "currentId": shown}
    content = {
        "title": title,
        "models": ["llama3"],
        "history": history,
        "params": more.pop("params", {}),
        "files": [],
        "timestamp": AT * 1000,
    }
    row = {"id": id_, "user_id": user, "title": title, "created_at": AT, "updated_at": AT + 100, "archived": False, "pinned": False}
    return {**row, "chat": content, "folder_id": None, **more}


def rows(uploads: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what is in each table; the files lie in `uploads`."""
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / "c9caecd1_notes.txt").write_bytes(NOTES)
    (uploads / "8bd39daa_dot.png").write_bytes(PIXEL)
    elsewhere = "/app/backend/data/uploads"
    thought = '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> I think\n> twice\n</details>\neins zwei'
    called = '<details type="tool_calls" name="clock" result="&quot;now&quot;">\n<summary>Called</summary>\n</details>\nIt is late.'
    inline = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    files = [
        {"type": "file", "id": "c9caecd1", "name": "notes.txt", "url": "c9caecd1", "file": {"id": "c9caecd1"}},
        {"type": "image", "id": "8bd39daa", "url": "8bd39daa", "name": "dot.png"},
        {"type": "image", "url": inline},
        {"type": "file", "id": "gone", "name": "gone.pdf"},
        {"type": "collection", "id": "ff0d31a0", "name": "Handbook"},
    ]
    hashed = {id_: bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode() for id_, password in PASSWORDS.items()}
    return {
        "user": [
            {"id": ROOT, "name": "Root", "email": "root@example.org", "role": "admin", "created_at": AT - 1000},
            {"id": ANN, "name": "Änn 安", "email": "Ann@Example.org", "role": "user", "created_at": AT},
            {"id": CARL, "name": "Carl", "email": "carl@example.org", "role": "pending", "created_at": AT},
            {"id": SINGLE, "name": "No mail", "email": "no mail", "role": "user", "created_at": AT},
        ],
        "auth": [{"id": id_, "email": "", "password": one, "active": True, "mfa": None} for id_, one in hashed.items()],
        "chat": [
            chat("c235e9f2", ANN, "Branches 安", [
                message("m1", None, "user", "Zähle"), message("m2", "m1", "assistant", "one two", model="llama3"),
                message("m3", "m1", "assistant", thought, model="qwen3"), message("m4", "m3", "user", "again"),
                message("m5", "m4", "assistant", "drei", model="qwen3"), message("m6", "m5", "assistant", "vier", model="qwen3"),
            ], "m6", archived=True, params={"system": "Be brief."}),
            chat("493c5b5e", ANN, "With files", [
                message("m1", None, "user", "Read this", files=files), message("m2", "m1", "assistant", called, model="llama3"),
            ], "m2", folder_id="86c2c5d9"),
            chat("347dc4ea", ROOT, "Root's", [message("m1", None, "user", [{"type": "text", "text": "hello"}]), message("m2", "m1", "assistant", "hi")], "m2", pinned=True),
            chat("e0d73d3f", ROOT, "Empty", [], None),
            chat("dead0000", "nobody", "Orphan", [message("m1", None, "user", "x")], "m1"),
        ],
        "file": [
            {"id": "c9caecd1", "user_id": ANN, "filename": "notes.txt", "path": f"{elsewhere}/c9caecd1_notes.txt", "meta": {}},
            {"id": "8bd39daa", "user_id": ANN, "filename": "dot.png", "path": f"{elsewhere}/8bd39daa_dot.png", "meta": {}},
            {"id": "gone", "user_id": ANN, "filename": "gone.pdf", "path": f"{elsewhere}/gone.pdf", "meta": {}},
        ],
        "folder": [{"id": "86c2c5d9", "user_id": ANN, "name": "Work"}],
        "group": [
            {"id": "f0196439", "user_id": ROOT, "name": "Research", "permissions": {"workspace": {"models": True}}},
            {"id": "f0196440", "user_id": ANN, "name": "Choir", "permissions": None},
            {"id": "f0196441", "user_id": ROOT, "name": "research", "permissions": None},
        ],
        "group_member": [
            {"id": f"a{number}", "group_id": group, "user_id": user}
            for number, (group, user) in enumerate([("f0196439", ANN), ("f0196439", ROOT), ("f0196439", SINGLE), ("f0196440", CARL), ("f0196441", CARL)])
        ],
        "prompt": [
            {"id": "b0f539d1", "user_id": ROOT, "command": "hello", "name": "Hello", "content": "Say hello to {{name}}"},
            {"id": "b0f539d2", "user_id": ANN, "command": "/hello", "name": "Grüße", "content": "Sag hallo"},
            {"id": "b0f539d4", "user_id": ANN, "command": "Hello!", "name": "Moin", "content": "Sag Moin"},
            {"id": "b0f539d3", "user_id": ANN, "command": "empty", "name": "Empty", "content": ""},
        ],
        "knowledge": [
            {"id": "ff0d31a0", "user_id": ROOT, "name": "Handbook", "data": None},
            {"id": "ff0d31a1", "user_id": ROOT, "name": "Handbook", "data": {"file_ids": ["c9caecd1", "gone"]}},
            {"id": "ff0d31a2", "user_id": "nobody", "name": "Lost", "data": None},
        ],
        "knowledge_directory": [
            {"id": "d1", "knowledge_id": "ff0d31a0", "parent_id": None, "name": "Office"},
            {"id": "d2", "knowledge_id": "ff0d31a0", "parent_id": "d1", "name": "Rules"},
        ],
        "knowledge_file": [{"id": "k1", "knowledge_id": "ff0d31a0", "file_id": "c9caecd1", "directory_id": "d2"}],
        "tool": [{"id": "clock", "user_id": ROOT, "name": "Clock"}],
    }  # fmt: skip


def write_sqlite(file: Path, uploads: Path) -> None:
    """Write it as a webui.db."""
    with sqlite3.connect(file) as connection:
        for table, found in rows(uploads).items():
            connection.execute(f'CREATE TABLE "{table}" ({TABLES[table]})')
            for row in found:
                names, values = ", ".join(f'"{name}"' for name in row), [_plain(value) for value in row.values()]
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})', values)
    connection.close()


def write_postgres(url: str, uploads: Path) -> None:
    """Write it into an empty PostgreSQL database."""
    with psycopg.connect(url) as connection:
        for table, found in rows(uploads).items():
            connection.execute(f'CREATE TABLE "{table}" ({TABLES[table]})'.encode())
            for row in found:
                names, values = ", ".join(f'"{name}"' for name in row), [_plain(value) for value in row.values()]
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(values))})'.encode(), values)


def _plain(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict | list) else value
