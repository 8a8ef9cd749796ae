"""Which pools a worker serves, by its environment."""

import pytest

from olamchat.environment import BadSetting, Environment
from worker.engines.registry import NAMED
from worker.pools.config import pools


@pytest.fixture(autouse=True)
def _no_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)


def test_a_pool_is_named_as_its_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in NAMED.values():
        monkeypatch.setenv(kind.variable, "127.0.0.1:1")
    assert list(pools(Environment())) == [kind.name for kind in NAMED.values()]


@pytest.mark.parametrize(
    ("variable", "given", "url"),
    [
        ("OLLAMA_URL", "localhost", "http://localhost:11434"),
        ("OLLAMA_URL", "http://gpu:11434/v1/", "http://gpu:11434"),
        ("OLLAMA_URL", "::1", "http://[::1]:11434"),
        ("VLLM_URL", "gpu-1:8000", "http://gpu-1:8000/v1"),
        ("VLLM_URL", "http://gpu-1:8000/v1", "http://gpu-1:8000/v1"),
        ("VLLM_URL", "http://gpu-1:8000/v1/chat/completions", "http://gpu-1:8000/v1"),
        ("OLLAMA_URL", "gpu/api/chat", "http://gpu:11434"),
        ("LLAMA_CPP_URL", "https://gpu-1", "https://gpu-1/v1"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api"),
    ],
)
def test_an_address_is_read_as_it_is_meant(monkeypatch: pytest.MonkeyPatch, variable: str, given: str, url: str) -> None:
    monkeypatch.setenv(variable, given)
    [pool] = pools(Environment()).values()
    assert [replica.url for replica in pool.replicas] == [url]


def test_an_address_that_is_none_is_refused_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLLM_URL", "http://gpu:port")
    with pytest.raises(BadSetting, match=r"^VLLM_URL can't be read: this is no address"):
        pools(Environment())


def test_without_an_engine_the_demo_answers() -> None:
    assert list(pools(Environment())) == ["demo"]


def test_a_pool_may_have_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLLM_URL", "http://127.0.0.1:2")
    found = pools(Environment(pools="large=vllm, demo"))
    assert {name: engine.kind for name, engine in found.items()} == {"large": "openai", "demo": "demo"}


def test_a_pool_that_nothing_is_behind_is_refused() -> None:
    with pytest.raises(BadSetting, match="names vllm; there are demo"):
        pools(Environment(pools="large=vllm"))
