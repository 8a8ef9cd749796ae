"""Words in the terminal: chat through the public API, doctor's look at the engines, an engine recognised by its address."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest

from local.client import Client
from local.engines import finding
from tests.conftest import free_port
from tests.local.conftest import ROOT, Running, until
from tests.mailbox import Mailbox
from tests.mailbox import serving as serving_mail
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def house(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house as on a desktop of a company: behind a proxy that doesn't reach this machine, and without a home folder."""
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    house = Running(tmp_path_factory.mktemp("desktop") / "data", OLLAMA_URL=server.url, HOME="", **proxies)  # type: ignore[arg-type]
    yield house.ready()
    house.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Book({"counter": make({"length": 5})})) as server:
        yield server


@pytest.fixture
def ollama(server: Server) -> Server:
    """A scripted engine that speaks Ollama's protocol, with one model that says five words."""
    server.book.forget()
    server.book.set("counter", make({"length": 5}), None)
    return server


@pytest.fixture
def terminal(house: Running, ollama: Server) -> Iterator[subprocess.Popen[str]]:
    """A new person's chat; its input and output are pipes."""
    data = str(house.folder.path)
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "chat", "--data", data, "--email", f"{uuid4().hex}@example.org"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    say(process, "correct horse battery", "y")
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe
        pipe.close()


def say(process: subprocess.Popen[str], *lines: str) -> None:
    assert process.stdin
    process.stdin.write("".join(f"{line}\n" for line in lines))
    process.stdin.flush()


def test_a_person_signs_up_asks_and_lists_in_the_terminal(terminal: subprocess.Popen[str]) -> None:
    said, _ = terminal.communicate("Count.\n/models\n/list\n/open 1\n/quit\n", timeout=120)
    assert terminal.returncode == 0
    assert " w0 w1 w2 w3 w4" in said
    assert "counter  (ollama, loaded)" in said
    assert "> Count." in said


def test_a_second_factor_is_asked_for_in_the_terminal(house: Running, ollama: Server) -> None:
    client, email = Client(house.address), f"{uuid4().hex}@example.org"
    client.sign_in(email, "correct horse battery", new=True)
    secret = client.call("POST", "/api/auth/second-factor", {"password": "correct horse battery"})["secret"]
    code = pyotp.TOTP(secret).now()
    [recovery, *_] = client.call("POST", "/api/auth/second-factor/confirm", {"code": code})["codes"]

    command = [sys.executable, "-m", "local", "chat", "--data", str(house.folder.path), "--email", email]
    lines = "".join(f"{line}\n" for line in ("correct horse battery", code, recovery, "/models", "/quit"))
    told = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=120, check=False)

    assert told.returncode == 0, told.stderr
    assert told.stdout.count("Code from your authenticator app, or a recovery code: ") == 2, "the code was used to turn it on"
    assert "The code is wrong, or it was already used." in told.stdout
    assert "counter  (ollama, loaded)" in told.stdout


def test_ctrl_c_stops_the_answer_and_keeps_the_chat(terminal: subprocess.Popen[str], ollama: Server) -> None:
    ollama.book.set("counter", make({"length": 100_000, "rate": 20}), None)
    say(terminal, "Count.")
    until(lambda: any(asked["sent"] > 5 for asked in ollama.book.asked()), 90)

    terminal.send_signal(signal.SIGINT)
    until(lambda: all(asked["how"] == "cancelled" for asked in ollama.book.asked()), 90)
    said, _ = terminal.communicate("/list\n/quit\n", timeout=120)

    assert terminal.returncode == 0
    assert "w0 w1 w2" in said
    assert "[stopped]" in said


def test_doctor_asks_each_engine_for_a_word_and_to_go_on(house: Running, ollama: Server) -> None:
    told = doctor(house.folder.path, ollama.url)
    assert told.returncode == 0, told.stdout
    assert f"✓ ollama at {ollama.url}: 1 model; counter said 'w0' after" in told.stdout
    assert "broken answers continue." in told.stdout

    ollama.book.set("counter", make({"status": 500}), None)
    told = doctor(house.folder.path, ollama.url)
    assert told.returncode == 1
    assert f"✗ ollama at {ollama.url}: counter does not answer (engine_unavailable" in told.stdout

    told = doctor(house.folder.path, "http://127.0.0.1:9")
    assert "✗ ollama at http://127.0.0.1:9: it does not answer. Is it running, and is its address right?" in told.stdout


def test_doctor_asks_the_engine_that_the_house_was_started_with(house: Running, ollama: Server) -> None:
    assert "✗" not in doctor(house.folder.path, "").stdout
    told = house.folder.house()
    assert told is not None
    house.folder.write(replace(told, engine_variables={"OLLAMA_URL": ollama.url}))
    try:
        assert f"✓ ollama at {ollama.url}: 1 model" in doctor(house.folder.path, "").stdout
    finally:
        house.folder.write(told)


def test_an_engine_without_a_model_is_told_what_to_do() -> None:
    empty = finding.Found("Ollama", "OLLAMA_URL", "http://127.0.0.1:1", answers=True)
    assert "no model yet: `ollama pull" in str(empty)
    assert "1 model" in str(replace(empty, models=("m",)))


def test_doctor_signs_in_at_the_mail_server(house: Running, ollama: Server) -> None:
    port = free_port()
    told = {
        "OLAMCHAT_SMTP_HOST": "127.0.0.1", "OLAMCHAT_SMTP_PORT": str(port), "OLAMCHAT_SMTP_TLS": "none",
        "OLAMCHAT_MAIL_FROM": "chat@example.org", "OLAMCHAT_PUBLIC_URL": "https://chat.example.org",
    }  # fmt: skip
    with serving_mail(Mailbox(), port):
        assert f"✓ Mail: 127.0.0.1:{port} takes mail." in doctor(house.folder.path, ollama.url, **told).stdout
    assert f"✗ Mail: 127.0.0.1:{port} can't be used: ConnectionRefusedError" in doctor(house.folder.path, ollama.url, **told).stdout


def doctor(data: Path, url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local", "doctor", "--data", str(data)]
    return subprocess.run(
        command, cwd=ROOT, env={**clean(), **variables, "OLLAMA_URL": url}, capture_output=True, text=True, timeout=120, check=False
    )


def clean() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}


def test_an_engine_is_recognised_by_how_it_answers(ollama: Server) -> None:
    assert finding.recognise(f"{ollama.url}/v1/", {}) == {"OLLAMA_URL": ollama.url}
    assert finding.recognise("http://127.0.0.1:9", {}) is None


def test_an_engine_that_is_not_there_is_said_at_the_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local", "up", "--port", "0", "--data", str(tmp_path / "d"), "--engine", "http://127.0.0.1:9"]
    told = subprocess.run(command, cwd=ROOT, env=clean(), capture_output=True, text=True, timeout=200, check=False)
    assert told.returncode == 1
    assert "No engine that olamchat knows answers at http://127.0.0.1:9" in told.stderr
