"""Open WebUI out of its Python package, with a folder of its own, asked the way its page asks.

The page's request is `sendMessageSocket` in its Chat.svelte: with a `session_id` the server writes the answer in a task of
its own, so no client has to stay.
"""

import secrets
import signal
import time
from typing import Any
from uuid import uuid4

from bench.peers.engine import MODEL
from bench.peers.kept import Seen
from bench.peers.open_webui_place import Place
from bench.peers.rounds import Fault, dies, nothing, ready
from tests.faults.clients.api import Api

# How long Open WebUI keeps in Redis what a process that is gone had streamed: REDIS_TASK_TTL where nobody sets it.
KEPT_IN_REDIS_S = 300


class OpenWebui:
    """Its first account's chats: asked at the first process, read at the last."""

    def __init__(self, asked: Api, read: Api, name: str) -> None:
        self._asked, self._read, self.name = asked, read, name

    async def ask(self) -> str:
        status, answer = await self._asked.once("POST", "/api/chat/completions", question(uuid4().hex, uuid4().hex))
        if status != 200 or not answer.get("task_ids"):
            raise RuntimeError(f"Open WebUI refused a question: {status} {answer}")
        return str(answer["chat_id"])

    async def read(self, chat_id: str) -> Seen:
        chat = await self._read.until("GET", f"/api/v1/chats/{chat_id}")
        answers = [one for one in chat["chat"]["history"]["messages"].values() if one["role"] == "assistant"]
        return Seen(tuple(text_of(one) for one in answers), any(one.get("done") is not True for one in answers))


async def signed_up(place: Place) -> OpenWebui:
    """Wait until all of it is ready, and make its first account."""
    for part in place.processes:
        if part.process is None:  # the first one has made the tables by now
            part.start()
        await ready(part)
    ports = place.process_ports
    visitor = Api(ports[0])
    _, version = await visitor.once("GET", "/api/version")
    account = {"name": "Ann", "email": "ann@example.org", "password": secrets.token_hex(12)}
    made = await visitor.until("POST", "/api/v1/auths/signup", account)
    asked, read = Api(ports[0], made["token"]), Api(ports[-1], made["token"])
    for api in (asked, read):
        await api.until("GET", "/api/models")
    how = ", two processes, PostgreSQL, Redis" if place.several else ", as installed"
    return OpenWebui(asked, read, f"Open WebUI {version['version']}{how}")


def faults(place: Place) -> list[Fault]:
    """Return what dies: the process that was asked, and what there is beside it."""
    first = place.processes[0]
    alone = [
        Fault("nothing; nobody has the page open", nothing),
        Fault("the process that writes, SIGKILL", dies([first], signal.SIGKILL)),
        Fault("the process that writes, SIGTERM", dies([first], signal.SIGTERM)),
        Fault("the engine, SIGKILL", dies([place.engine.part], signal.SIGKILL)),
    ]
    if not place.several:
        return alone
    stores = [
        Fault(f"its {name}, SIGKILL", dies([part], signal.SIGKILL))
        for name, part in (("Redis", place.redis), ("PostgreSQL", place.postgres))
    ]
    return [*alone, *stores, Fault("all of these at once, SIGKILL", dies(place.parts, signal.SIGKILL))]


def question(question_id: str, answer_id: str, model: str = MODEL) -> dict[str, object]:
    """Return the body of the page's request that begins a chat."""
    said = {
        "id": question_id, "parentId": None, "childrenIds": [answer_id], "role": "user", "content": "Count.",
        "timestamp": int(time.time()), "models": [model],
    }  # fmt: skip
    return {
        "stream": True,
        "model": model,
        "messages": [{"role": "user", "content": "Count."}],
        "session_id": uuid4().hex,
        "id": answer_id,
        "message_ids": [{"model_id": model, "message_id": answer_id}],
        "parent_id": None,
        "user_message": said,
        "background_tasks": {"title_generation": False, "tags_generation": False, "follow_up_generation": False},
    }


def text_of(message: dict[str, Any]) -> str:
    """Return an answer's text; what is kept may stand in `output` alone."""
    return str(message.get("content") or "") or "".join(
        part.get("text", "") for item in message.get("output") or [] if item.get("type") == "message" for part in item.get("content", [])
    )
