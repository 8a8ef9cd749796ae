"""olamchat's public API for a program in the terminal: sign in, ask, follow an answer word by word. It needs nothing but Python."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from local import http

SILENCE_S = 40  # a heartbeat comes every 15 s


class Refused(Exception):
    """The API refuses; the message is its sentence, `code` its code, `problem` all that it said."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or f"The server answers {status}.")
        self.status, self.code, self.problem = status, str(problem.get("code", "")), problem


@dataclass
class Client:
    """One person at one address."""

    url: str
    tokens: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, email: str, password: str, *, new: bool = False) -> None:
        """Sign in, or with `new` make an account. Raises Refused."""
        said = {"email": email, "password": password, "tokens": True}
        self.tokens = self.call("POST", f"/api/auth/{'signup' if new else 'login'}", said)

    def sign_in_with_code(self, challenge: str, code: str) -> None:
        """Take the second step of signing in, with the challenge out of the refusal of the first. Raises Refused."""
        self.tokens = self.call("POST", "/api/auth/login/code", {"challenge": challenge, "code": code, "tokens": True})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the API once, and once more with a fresh token where the old one has run out. Raises Refused, OSError."""
        try:
            return self._call(method, path, body, headers, "access_token")
        except Refused as refused:
            if refused.status != 401 or "refresh_token" not in self.tokens:
                raise
            self.tokens = self._call("POST", "/api/auth/refresh", None, {}, "refresh_token")
            return self._call(method, path, body, headers, "access_token")

    def ask(self, conversation_id: str, content: str, model: str) -> dict[str, Any]:
        """Send a question; return {user_message, answer, stream}. Raises Refused, OSError."""
        body = {"content": content, **({"model": model} if model else {})}
        sent: dict[str, Any] = self.call(
            "POST", f"/api/conversations/{conversation_id}/messages", body, **{"Idempotency-Key": str(uuid4())}
        )
        return sent

    def follow(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (name, data) of each event of a stream until it ends. Raises Refused, OSError."""
        with self._open("GET", path, None, {"Accept": "text/event-stream"}, "access_token") as stream:
            name, data = "", ""
            for raw in stream:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    data += line[6:]
                elif not line and name:
                    yield name, json.loads(data or "{}")
                    name, data = "", ""

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str], token: str) -> Any:
        with self._open(method, path, body, headers, token) as answer:
            return json.loads(answer.read() or b"null")

    def _open(self, method: str, path: str, body: Any, headers: dict[str, str], token: str) -> Any:
        if token in self.tokens:
            headers = {**headers, "Authorization": f"Bearer {self.tokens[token]}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **headers}, method=method)
        try:
            return http.open(request, SILENCE_S)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _problem(error.read())) from None


def _problem(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
        return told if isinstance(told, dict) else {}
    except ValueError:
        return {}
