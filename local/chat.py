"""`python -m local chat`: talk in the terminal, through the public API as every other client. Ctrl-C stops an answer."""

import getpass
import signal
import sys
from typing import Any

from local.client import Client, Refused

HELP = "/new begins a conversation, /list shows yours, /open N goes on with one, /models lists models, /model NAME takes one, /quit ends."
_IN_FLIGHT = {"queued", "running", "waiting"}
_ENDS = {"done", "stopped", "failed"}


def talk(url: str, email: str, model: str) -> int:
    """Sign in, then ask and answer until the input ends. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was started in a shell's background
    talking = Chat(Client(url.rstrip("/")), model)
    try:
        _sign_in(talking.client, email)
        print(HELP)
        while (line := _line("> ")) is not None and line != "/quit":
            talking.hear(line)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{url} can't be reached: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


class Chat:
    """A person's place: the conversation that is open, those listed last, the model they chose."""

    def __init__(self, client: Client, model: str) -> None:
        self.client, self.model = client, model
        self._open = ""
        self._listed: list[dict[str, Any]] = []

    def hear(self, line: str) -> None:
        """Do what a line says: a command, else a question."""
        word, _, rest = line.partition(" ")
        commands = {"/new": self._new, "/list": self._list, "/open": self._go_to, "/models": self._models, "/model": self._take_model}
        try:
            if word in commands:
                commands[word](rest.strip())
            elif line.startswith("/"):
                print(HELP)
            elif line:
                self._ask(line)
        except Refused as refused:
            print(refused)

    def _new(self, _: str) -> None:
        self._open = ""

    def _list(self, _: str) -> None:
        self._listed = self.client.call("GET", "/api/conversations?limit=20")["items"]
        for number, conversation in enumerate(self._listed, start=1):
            print(f"{number:>3}  {conversation['title'] or 'Untitled'}")

    def _go_to(self, number: str) -> None:
        if not number.isdigit() or not 1 <= int(number) <= len(self._listed):
            print("Which one? /list numbers them.")
            return
        self._open = self._listed[int(number) - 1]["id"]
        for message in self.client.call("GET", f"/api/conversations/{self._open}/messages?limit=20")["items"]:
            print(f"{'> ' if message['role'] == 'user' else ''}{message['content']}\n")

    def _models(self, _: str) -> None:
        models = self.client.call("GET", "/api/models")["items"]
        if not models:
            print("None: no engine answers, or it has no model yet. `python -m local doctor` says which.")
        for model in models:
            print(f"  {model['name']}  ({model['engine']}, {model['state']})")

    def _take_model(self, name: str) -> None:
        self.model = name

    def _ask(self, content: str) -> None:
        self._open = self._open or self.client.call("POST", "/api/conversations", {})["id"]
        sent = self.client.ask(self._open, content, self.model)
        answer = f"/api/conversations/{self._open}/messages/{sent['answer']['id']}"
        shown = Shown(sent["answer"]["id"])
        while not shown.ended:
            try:
                self._follow(sent["stream"], answer, shown)
            except KeyboardInterrupt:
                self.client.call("POST", f"{answer}/stop")

    def _follow(self, stream: str, answer: str, shown: "Shown") -> None:
        for name, data in self.client.follow(stream):
            if shown.take(name, data):
                break
        message = self.client.call("GET", answer)
        if message["status"] not in _IN_FLIGHT:
            shown.end(message)


class Shown:
    """What of an answer stands in the terminal; what came anew after a break is said in full on a new line."""

    def __init__(self, message_id: str) -> None:
        self.ended = False
        self._id, self._text = message_id, ""

    def take(self, name: str, data: dict[str, Any]) -> bool:
        """Show an event; True when the stream says no more about this answer."""
        if name == "snapshot":
            self._be(data.get("text", "")) if data.get("message_id") == self._id else None
            return data.get("message_id") != self._id
        if name == "delta" and data["message_id"] == self._id and data.get("text") is not None:
            self._be(self._text[: data["at"]] + data["text"])
        elif name == "reset" and data["message_id"] == self._id:
            self._text = self._text[: data.get("at", 0)]
            self._write("\n[it begins anew]\n" + self._text)
        elif name == "started" and data["message_id"] == self._id and data.get("left_out"):
            how = "were sent in short" if data.get("summarised") else "did not fit the model"
            self._write(f"[{data['left_out']} older messages {how}]\n")
        return name in {"reconnect", "signed_out"} or (name in _ENDS and data["message"]["id"] == self._id)

    def end(self, message: dict[str, Any]) -> None:
        """Show the rest, and how the answer ended where it was not by itself."""
        self.ended = True
        self._be(message["content"])
        failed = message["error"] or {}
        self._write(
            {"stopped": "\n[stopped]", "failed": f"\n[{failed.get('title')} {failed.get('detail')}]"}.get(message["status"], "") + "\n"
        )

    def _be(self, text: str) -> None:
        self._write(text[len(self._text) :] if text.startswith(self._text) else f"\n{text}")
        self._text = text

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _sign_in(client: Client, email: str) -> None:
    email = email or _line("E-mail: ") or ""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else _line("") or ""
    try:
        client.sign_in(email, password)
    except Refused as refused:
        if refused.code == "second_factor_needed":
            _sign_in_with_code(client, str(refused.problem["challenge"]))
            return
        if (
            refused.code != "wrong_login"
            or (_line("No such e-mail and password. Make a new account with them? [y/N] ") or "").lower() != "y"
        ):
            raise
        client.sign_in(email, password, new=True)


def _sign_in_with_code(client: Client, challenge: str) -> None:
    """Ask for the second factor until it is right, or another reason ends it."""
    while True:
        try:
            return client.sign_in_with_code(challenge, _line("Code from your authenticator app, or a recovery code: ") or "")
        except Refused as refused:
            if refused.code != "wrong_code":
                raise
            print(refused)


def _line(prompt: str) -> str | None:
    try:
        return input(prompt).strip()
    except EOFError:
        return None
