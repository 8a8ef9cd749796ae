"""The pieces of the house that need no house."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import counting, keys, supervisor
from local.engines import finding
from local.folder import Folder, House, RunsAlready
from local.parts import answers
from local.process import CannotStart, end, spawn
from local.supervisor import Part, Signals
from olamchat.network.addresses import BadAddress
from tests.local.conftest import until
from tests.scripted_engine.server import Server


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "data")
    folder.make()
    return folder


def test_a_folder_has_one_house(folder: Folder) -> None:
    folder.lock()

    with pytest.raises(RunsAlready):
        Folder(folder.path).lock()

    folder.unlock()
    assert not folder.runs()


def test_a_second_one_learns_where_the_first_is(folder: Folder) -> None:
    house = House(pid=1, address="http://127.0.0.1:1", database_url="", redis_url="")
    folder.lock()
    folder.write(house)

    with pytest.raises(RunsAlready) as runs:
        Folder(folder.path).lock()

    assert runs.value.house == house
    folder.unlock()


def test_passwords_are_made_once_and_for_their_owner_alone(folder: Folder) -> None:
    secret = folder.secret("postgres")

    assert Folder(folder.path).secret("postgres") == secret
    assert (folder.path / "secrets" / "postgres").stat().st_mode & 0o077 == 0
    assert len(secret) == 48


def test_a_data_folder_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(CannotStart, match="Name another with --data"):
        Folder(tmp_path / "data").make()


def test_keys_are_made_once(tmp_path: Path) -> None:
    first = keys.make_once(tmp_path / "keys")
    signing = Path(first["OLAMCHAT_SIGNING_KEY_FILE"])
    before = signing.read_bytes()

    assert keys.make_once(tmp_path / "keys") == first
    assert signing.read_bytes() == before
    assert signing.stat().st_mode & 0o077 == 0


def test_the_key_that_seals_tokens_is_made_once(tmp_path: Path) -> None:
    first = keys.seal_once(tmp_path / "keys")

    assert keys.seal_once(tmp_path / "keys") == first
    assert (tmp_path / "keys" / "connections.key").stat().st_mode & 0o077 == 0


def test_a_lost_public_key_is_made_again(tmp_path: Path) -> None:
    verify = Path(keys.make_once(tmp_path / "keys")["OLAMCHAT_VERIFY_KEYS_FILE"])
    before = verify.read_bytes()
    verify.unlink()

    keys.make_once(tmp_path / "keys")

    assert verify.read_bytes() == before


def test_a_spoilt_key_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "signing.pem").write_text("not a key")

    with pytest.raises(CannotStart, match="is not a key"):
        keys.make_once(tmp_path / "keys")


def test_a_process_ends_with_its_starter(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from local.process import spawn;"
        "child = spawn(['sleep', '60'], log=Path(sys.argv[1]), dies_by=signal.SIGTERM);"
        "print(child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run([sys.executable, "-c", program, tmp_path / "log"], capture_output=True, text=True, check=False)
    pid = int(told.stdout)

    until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_one_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    deaf = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    ]
    process = spawn(deaf, log=tmp_path / "log", dies_by=signal.SIGKILL)
    until(lambda: "deaf" in (tmp_path / "log").read_text())

    assert not end(process, signal.SIGTERM, 0.2)
    assert process.returncode == -signal.SIGKILL


def part(tmp_path: Path, name: str, floor: int, seconds: str = "60") -> Part:
    return Part(name, lambda: spawn(["sleep", seconds], log=tmp_path / "log", dies_by=signal.SIGKILL), floor=floor, log="its log")


def test_what_dies_is_started_again_with_more_and_more_patience(tmp_path: Path) -> None:
    mortal = part(tmp_path, "thing", 0)
    sentences = []
    for _ in range(3):
        mortal.start().kill()
        assert mortal.process is not None
        mortal.process.wait()
        sentences.append(mortal.look())

    assert sentences[0] == "The thing was ended by SIGKILL (its log may say why). It starts again now."
    assert [str(sentence).rsplit("again ", 1)[1] for sentence in sentences] == ["now.", "in 1 s.", "in 2 s."]


@pytest.fixture
def signals() -> Iterator[Signals]:
    """The supervisor's ears, taken off again after the test."""
    before = {number: signal.getsignal(number) for number in (*Signals.ASKING, signal.SIGCHLD)}
    yield Signals()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_upper_floors_end_first(tmp_path: Path, signals: Signals) -> None:
    ended = tmp_path / "ended"
    last_words = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(sys.argv[1], file=open(sys.argv[2], 'a'))));"
    )
    program = f"{last_words} open(sys.argv[3], 'w').close(); time.sleep(60)"

    def talking(name: str, floor: int) -> Part:
        words: list[str | Path] = [sys.executable, "-c", program, name, ended, tmp_path / name]
        return Part(name, lambda: spawn(words, log=tmp_path / "log", dies_by=signal.SIGKILL), floor=floor)

    parts = [talking("ground", 0), talking("roof", 2), talking("middle", 1)]
    for one in parts:
        one.start()
    until(lambda: all((tmp_path / one.name).exists() for one in parts))

    supervisor.end(parts, signals)

    assert ended.read_text().split() == ["roof", "middle", "ground"]


def test_an_ollama_nearby_is_found(monkeypatch: pytest.MonkeyPatch, ollama: Server) -> None:
    monkeypatch.setattr(finding, "NEARBY", (ollama.url,))

    (found,) = finding.look_around({})

    assert (found.kind, found.variable, found.url, found.answers) == ("Ollama", "OLLAMA_URL", ollama.url, True)
    assert found.models


def test_an_engine_that_is_named_but_away_is_kept_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "NEARBY", ("127.0.0.1:9",))

    (found,) = finding.look_around({"VLLM_URL": "127.0.0.1:9"})

    assert str(found) == "vLLM at http://127.0.0.1:9/v1 (does not answer yet)"


def test_an_ollama_is_found_where_its_own_variable_says_that_it_listens(ollama: Server) -> None:
    port = ollama.url.rpartition(":")[2]

    (found,) = finding.look_around({"OLLAMA_HOST": f"0.0.0.0:{port}"})

    assert (found.url, found.answers) == (ollama.url, True)


@pytest.mark.parametrize("variables", [{"OLLAMA_URL": "http://x:port"}, {"VLLM_URL": "ftp://x"}])
def test_an_address_that_is_none_is_refused_by_its_variable(variables: dict[str, str]) -> None:
    with pytest.raises(BadAddress, match=f"^{next(iter(variables))} can't be read"):
        finding.look_around(variables)


def test_a_proxy_does_not_stand_between_the_house_and_this_machine(monkeypatch: pytest.MonkeyPatch, ollama: Server) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert answers(f"{ollama.url}/health")
    assert finding.recognise(ollama.url, {}) == {"OLLAMA_URL": ollama.url}
    (found,) = finding.look_around({"OLLAMA_URL": ollama.url})
    assert found.answers


def test_a_folder_of_counts_goes_with_the_server_that_made_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    monkeypatch.setenv(counting.FOLDER, "given")
    monkeypatch.delenv(counting.FOLDER)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert counting.processes() == 2
    assert len(list(tmp_path.iterdir())) == 1
    counting.forget()
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "given").mkdir()
    monkeypatch.setenv(counting.FOLDER, str(tmp_path / "given"))
    counting.processes()
    counting.forget()
    assert (tmp_path / "given").is_dir()
