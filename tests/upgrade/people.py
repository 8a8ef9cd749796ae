"""People who chat while everything is rolled under them, as a browser would: a stream that comes back with its position, and questions.

Each checks what it is told: every piece begins where the text ends, and at the end the text is the whole answer.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.client.wire import Broken, Connection, Reply

QUESTION = "Please count to 60"
ANSWER = " ".join(str(number) for number in range(1, 61))
CLOSING = {"done", "stopped", "failed"}


@dataclass
class Told:
    """What all people saw, counted."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def trouble(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.troubles.append(f"{kind}: {what}")


class Person:
    """One person with one conversation. `port` is where the house is reached."""

    def __init__(self, port: int, told: Told) -> None:
        self._port, self._told = port, told
        self._token = self._conversation = self._last_id = ""
        self._texts: dict[str, str] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._after_s = 0.0
        self._rest = b""
        self._over = False

    async def arrive(self) -> None:
        """Sign up, make a conversation, and follow it from now on."""
        signed = {"email": f"{uuid4().hex}@upgrade.example", "password": "a long enough password", "tokens": True}
        self._token = (await self._ask("POST", "/api/auth/signup", signed))["access_token"]
        self._conversation = (await self._ask("POST", "/api/conversations", {"title": "Rolled"}))["id"]
        self._following = asyncio.ensure_future(self._follow())

    async def chat(self, until: asyncio.Event) -> None:
        """Ask, read the answer to its end, and ask again, until it is enough."""
        while not until.is_set():
            sent = await self._ask("POST", f"/api/conversations/{self._conversation}/messages", {"content": QUESTION})
            answer = sent["answer"]["id"]
            await asyncio.wait_for(self._end_of(answer).wait(), 90)
            await self._check(answer)

    async def leave(self) -> None:
        self._over = True
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)

    async def _check(self, answer: str) -> None:
        row = await self._ask("GET", f"/api/conversations/{self._conversation}/messages/{answer}")
        self._told.counts["answers"] += 1
        self._told.counts["tokens"] += len(ANSWER.split())
        self._told.counts["taken over"] += row["attempt"] > 1
        if row["status"] != "done" or row["content"] != ANSWER:
            self._told.trouble("wrong rows", f"{row['status']} {row['content'][-60:]!r}")
        if self._texts.get(answer) != ANSWER:
            self._told.trouble("wrong texts", f"{self._texts.get(answer, '')[-60:]!r}")

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Connection": "close", "Idempotency-Key": uuid4().hex, **self._authorization()}
        self._told.counts["requests"] += 1
        try:
            connection = await Connection.to(self._port)
            try:
                reply = await connection.ask(method, path, headers, body)
            finally:
                connection.close()
        except (Broken, OSError) as error:
            self._told.trouble("failed requests", f"{method} {path}: {error}")
            raise
        if reply.status >= 300:
            self._told.trouble("failed requests", f"{method} {path}: {reply.status} {reply.body[:200]!r}")
            raise Broken(f"{method} {path}: {reply.status}")
        return reply.json()

    async def _follow(self) -> None:
        while not self._over:
            self._after_s, self._rest = 0.2, b""
            try:
                connection = await Connection.to(self._port)
                try:
                    reply: Reply | None = await connection.follow(
                        "GET", f"/api/conversations/{self._conversation}/stream", self._hear, self._position()
                    )
                finally:
                    connection.close()
            except (Broken, OSError):
                reply = None  # cut in the middle, as by a web pod's end: a browser comes again by itself
                self._told.counts["streams cut"] += 1
            if reply and reply.status != 200:
                self._told.trouble("failed requests", f"stream: {reply.status} {reply.body[:100]!r}")
            self._told.counts["reconnects"] += 1
            await asyncio.sleep(self._after_s)

    def _position(self) -> dict[str, str]:
        return {"Accept": "text/event-stream", **self._authorization(), **({"Last-Event-ID": self._last_id} if self._last_id else {})}

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _hear(self, data: bytes) -> None:
        *frames, self._rest = (self._rest + data).split(b"\n\n")
        for text in frames:
            fields = dict(line.partition(": ")[::2] for line in text.decode().split("\n"))
            if "event" in fields:
                self._take(fields["event"], json.loads(fields["data"]))
            self._last_id = fields.get("id", self._last_id)

    def _take(self, event: str, data: dict[str, Any]) -> None:
        about = data.get("message_id") or ""
        if event == "delta":
            self._piece(about, data["at"], data.get("text") or "")
        elif event == "snapshot" and about:
            self._texts[about] = data.get("text", "")
        elif event in {"started", "reset"}:
            self._texts[about] = self._texts.get(about, "")[: data.get("at", 0)]
        elif event == "reconnect":
            self._after_s = data["after_ms"] / 1000
        elif event in CLOSING:
            self._close(event, data)

    def _piece(self, about: str, at: int, text: str) -> None:
        so_far = self._texts.get(about, "")
        if at != len(so_far):
            self._told.trouble("lost" if at > len(so_far) else "doubled", f"a piece begins at {at}, {len(so_far)} was due")
        self._texts[about] = so_far[:at] + text

    def _close(self, event: str, data: dict[str, Any]) -> None:
        answer = data["message"]["id"]
        if event != "done":
            self._told.trouble("not done", f"{event}: {data['message'].get('error')}")
        if data["length"] != len(self._texts.get(answer, "")):
            self._told.trouble("lost", f"the text is {len(self._texts.get(answer, ''))} long, the house says {data['length']}")
        if self._end_of(answer).is_set():
            self._told.trouble("doubled", "a second closing event")
        self._end_of(answer).set()

    def _end_of(self, answer: str) -> asyncio.Event:
        return self._ended.setdefault(answer, asyncio.Event())
