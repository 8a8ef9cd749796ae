"""One engine swapped for another in the middle of a conversation: same API, same rows, nobody notices.

The first half is answered by Ollama, the second by each of the servers that speak OpenAI's protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from functions.app import create_app
from functions.http import token_keys
from local import keys
from olamchat import roster
from olamchat.environment import environment
from tests.functions.conftest import People, Person
from tests.worker.conftest import House, house, until
from tests.worker.engines.real import STARTERS, RealEngine

__all__ = ["house"]
pytestmark = pytest.mark.timeout(1200)
WORDS = 12


@dataclass(frozen=True)
class Pair:
    """Two engines with the model `counter`, and what it says at first."""

    first: RealEngine
    second: RealEngine
    answer: str


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    others = [starter.name for starter in STARTERS if starter.name != "Ollama"] if metafunc.config.getoption("--real-engines") else []
    metafunc.parametrize("pair", ["scripted", *(pytest.param(name, marks=pytest.mark.engines) for name in others)], indirect=True)


@pytest.fixture
def pair(request: pytest.FixtureRequest, house: House) -> Pair:
    if request.param == "scripted":
        house.script(length=1000)
        first, second = (RealEngine(kind=kind, url=house.engine.url, program="scripted") for kind in ("ollama", "vllm"))
        return Pair(first, second, "".join(f" w{number}" for number in range(WORDS)))
    from tests.worker.engines import counter_model

    started: Callable[[str], RealEngine] = request.getfixturevalue("real_engines")
    return Pair(started("Ollama"), started(request.param), counter_model.answer(WORDS))


@pytest.fixture
def ann(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    for name, value in keys.make_once(tmp_path / "keys").items():
        monkeypatch.setenv(name, value)
    for kept in (environment, token_keys.signing_key, token_keys.verify_keys):
        kept.cache_clear()
    yield People(create_app())("ann")
    for kept in (token_keys.signing_key, token_keys.verify_keys):
        kept.cache_clear()


def test_the_second_half_is_answered_by_another_engine(house: House, pair: Pair, ann: Person) -> None:
    file = house.folder / "pools.yaml"
    tell(file, pair.first)
    house.start(OLAMCHAT_POOLS_FILE=str(file), OLLAMA_URL="")
    until(lambda: engine() == "ollama")
    conversation = ann.conversation()
    first = answered(ann, conversation)
    schema = columns(house)

    tell(file, pair.second)
    until(lambda: engine() == "openai")
    second = answered(ann, conversation)

    assert first["content"] == second["content"] == pair.answer
    assert {name: type(value) for name, value in first.items()} == {name: type(value) for name, value in second.items()}
    assert (first["model"], second["model"]) == ("counter", "counter")
    thread = ann.get(f"{conversation}/messages").get_json()["items"]
    assert [message["role"] for message in thread] == ["user", "assistant", "user", "assistant"]
    assert columns(house) == schema


def answered(ann: Person, conversation: str) -> dict[str, object]:
    """Ask, and return the answer when it is done."""
    sent = ann.ask(conversation, "Count.", options={"max_tokens": WORDS})
    answer = f"{conversation}/messages/{sent['answer']['id']}"
    until(lambda: ann.get(answer).get_json()["status"] not in {"queued", "running"}, "an answer", 180)
    found: dict[str, object] = ann.get(answer).get_json()
    assert found["status"] == "done", found
    return found


def engine() -> str | None:
    """Return the kind of the engine that offers the counter now."""
    return next((offer.engine for offer in roster.offers() if offer.model == "counter" and offer.state != "down"), None)


def columns(house: House) -> list[tuple[object, ...]]:
    sql = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    return house.run(sql)


def tell(file: Path, real: RealEngine) -> None:
    """Write the file of pools: the same pool and model, whatever is behind."""
    draft = file.with_suffix(".draft")
    draft.write_text(f"pools: [{{name: chat, kind: {real.kind}, urls: ['{real.url}'], models: [{{name: counter}}]}}]")
    draft.replace(file)
