"""Which pools a worker serves, by its environment."""

import pytest

from olamchat.environment import BadSetting, Environment
from worker.pools.config import pools


def test_a_pool_is_named_as_its_engine() -> None:
    assert list(pools(Environment(ollama_url="http://127.0.0.1:1", vllm_url="http://127.0.0.1:2"))) == ["ollama", "vllm"]


def test_without_an_engine_the_demo_answers() -> None:
    assert list(pools(Environment())) == ["demo"]


def test_a_pool_may_have_a_name_of_its_own() -> None:
    found = pools(Environment(vllm_url="http://127.0.0.1:2", pools="large=vllm, demo"))
    assert {name: engine.kind for name, engine in found.items()} == {"large": "openai", "demo": "demo"}


def test_a_pool_that_nothing_is_behind_is_refused() -> None:
    with pytest.raises(BadSetting, match="names vllm; there are demo"):
        pools(Environment(pools="large=vllm"))
